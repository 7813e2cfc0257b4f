"""The table of several runs: each in its place, with its sample, in every size of picture."""

import re
from dataclasses import replace
from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.lines import Line2D

import gdviz
from gdviz.renderers import contour, parameters
from gdviz.renderers.style.runs import run_styles
from gdviz.views.standings import standings_of

from ...conftest import X, Y, held, said_in, texts

RATES = {"slow": 0.001, "quick": 0.02, "wild": 0.05}
LONG = {f"a rather long name of the run number {i}": 0.001 * (1 + i) for i in range(8)}


@pytest.fixture(scope="module")
def runs():
    return {name: held(learning_rate=rate, epochs=200) for name, rate in RATES.items()}


def many(names=LONG):
    return {name: held(learning_rate=rate, epochs=60) for name, rate in names.items()}


def words_of(film):
    """What the table writes in each frame, with its places."""
    return [
        [(t.get_text(), *t.get_position(), t.get_ha()) for t in said_in(photo) if t.get_text()]
        for photo in film._framedata
    ]


def test_each_frame_says_the_epoch_and_what_each_run_costs_there(runs):
    film = contour(runs).film(frames=[0, 3, 200])
    write = standings_of(runs).write
    for epoch, photo in zip([0, 3, 200], film._framedata, strict=True):
        words = [text.get_text() for text in said_in(photo)]
        assert words[0] == f"epoch {epoch}"
        costs = [write(h.cost[min(epoch, len(h.cost) - 1)]) for h in runs.values()]
        assert [word for word in words if word in costs] == costs


def test_nothing_moves_but_what_changes(runs):
    frames = words_of(contour(runs).film(frames=[0, 1, 7, 100, 200]))
    places = [{(x, y, ha) for _, x, y, ha in frame} for frame in frames]
    costs = places[0]
    assert len(costs) == 4  # the epoch, and a cost for each
    assert all(costs <= more for more in places)
    ends = [place for place in places[-1] if place not in costs]
    assert len(ends) == 3
    assert all(ha == "left" for _, _, ha in ends)


def test_the_runs_are_named_once_whatever_stands_side_by_side(runs):
    written = texts((contour(runs) | parameters(runs)).still())
    for name in runs:
        assert written.count(name) == 1
    assert sum("least squares 75.64" in text for text in written) == 1


def test_a_sample_of_its_line_and_mark_stands_before_each_name(runs):
    figure = contour(runs).still()
    lines = [line for line in figure.axes[0].lines if isinstance(line, Line2D)]
    for style in run_styles(3):
        sample, mark = (line for line in lines if line.get_color() == style.color)
        assert mark.get_marker() == style.marker
        assert sample.get_linestyle() == ("-" if style.line == "solid" else "--")


@pytest.mark.parametrize("names", [RATES, LONG, {"a": 0.001, "b": 0.002}])
@pytest.mark.parametrize("size", [None, (4, 4), (9, 5), (3, 6)])
def test_words_stay_in_the_picture_and_do_not_collide(names, size):
    figure = contour(many(names)).still(size=size)
    figure.draw_without_rendering()
    header, footer = figure.subfigs[0], figure.subfigs[-1]
    boxes = []
    for text in said_in([*header.axes[0].texts, *header.artists, *footer.texts]):
        if not text.get_text():
            continue
        box = text.get_window_extent()
        assert box.x0 >= 0, text
        assert box.x1 <= figure.bbox.width + 1, text
        assert box.y0 >= 0, text
        assert box.y1 <= figure.bbox.height, text
        boxes.append(box.padded(-0.5))
    assert len(boxes) >= 3 * len(names)
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("names", [RATES, LONG])
@pytest.mark.parametrize("beside", [1, 2, 3])
def test_all_text_is_8_pixels_high_when_the_picture_is_480_wide(names, beside):
    given = many(names)
    scene = contour(given)
    for _ in range(beside - 1):
        scene = scene | parameters(given)
    figure = scene.still()
    sizes = [t.get_fontsize() for t in said_in(figure.findobj(mpl.text.Text)) if t.get_text()]
    rows = [word for row in figure.subfigs[0].artists for word in said_in([row])]
    sizes += [word.get_fontsize() for word in rows]
    assert min(sizes) / 72 / figure.get_figwidth() * 480 >= 8


def test_the_panels_are_as_high_as_without_a_table(runs):
    alone, beside, eight = (contour(given).still() for given in (runs["slow"], runs, many()))
    heights = [f.axes[1].get_figure(root=False).bbox.height for f in (alone, beside, eight)]
    assert heights == pytest.approx([heights[0]] * 3, rel=0.06)


def test_a_table_beside_a_function_is_drawn_though_nothing_is_equal():
    function = gdviz.fit("function:himmelblau", optimizer="adam", epochs=30)
    figure = (contour(held(epochs=9)) | contour(function)).still()
    assert texts(figure.subfigs[-1]) == []
    figure.draw_without_rendering()


def test_the_footer_names_the_target_and_cuts_long_labels():
    table = replace(gdviz.Dataset.of(X, Y, target_name="rent"), source="a.csv")
    runs = {
        name: gdviz.fit(table, fixed_intercept="ols", batch_size=size, epochs=5)
        for name, size in {"a" * 99: 2, "short": None}.items()
    }
    said = " ".join(texts(contour(runs).still().subfigs[-1]))
    assert "rent in a.csv, 6 rows" in said
    assert re.search(r"gradient evaluations: a{3,9}…a{3,9} 15, short 5$", said)


def test_on_other_objectives_no_one_least_cost_is_told():
    a, b = held(), held(X[:5], Y[:5])
    scene = contour({"six": a}) | contour({"five": b})
    assert scene.labels == ("six", "five")
    figure = scene.still()
    assert not any("cost ·" in text for text in texts(figure))
    assert not any("start" in text for text in texts(figure.subfigs[-1]))


def test_runs_in_panels_of_their_own_are_named_over_them():
    scene = contour(held(epochs=9)) | parameters(held(epochs=9, optimizer="adam"))
    figure = scene.still()
    figure.draw_without_rendering()
    left, right = (axes.get_figure(root=False) for axes in (figure.axes[1], figure.axes[-1]))
    for name, panel in zip(scene.labels, (left, right), strict=True):
        _, over = (t for t in figure.findobj(mpl.text.Text) if t.get_text() == name)
        box = over.get_window_extent()
        assert box.y0 >= panel.bbox.y1 - 1
        assert panel.bbox.x0 <= box.x0 < box.x1 <= panel.bbox.x1
    samples = [line for line in figure.axes[0].lines if isinstance(line, Line2D)]
    assert samples == []  # both are drawn alike


def test_labels_of_functions_are_drawn_in_a_font_that_has_them():
    # Warnings are errors: a font without these characters would be told of.
    fits = [gdviz.fit("function:himmelblau", optimizer=o, epochs=5) for o in ("gd", "adam")]
    figure = contour(dict(zip(("面积", "学习"), fits, strict=True))).still()
    figure.draw_without_rendering()
    assert {"面积", "学习"} <= set(texts(figure))


def test_labels_are_data_not_markup():
    given = {"$x^2$": held(epochs=3), "面积": held(epochs=4)}
    assert {"$x^2$", "面积"} <= set(texts(contour(given).still()))


def test_a_notebook_is_told_in_a_sentence_what_a_film_of_several_shows(runs):
    assert f'alt="{standings_of(runs).said}"' in contour(runs)._repr_html_()


def test_a_run_has_the_same_name_in_a_scene_of_many_kinds(runs):
    names = tuple(runs)
    scene = contour(runs) | parameters(runs)
    assert (scene.labels, scene.histories) == (names, tuple(runs.values()))
    assert scene.styles == tuple(run_styles(3))

"""A scene is lazy, composes, says epoch and cost, and shows itself."""

import base64
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from io import BytesIO
from itertools import combinations, permutations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

import gdviz
from gdviz.renderers import RENDERERS, Scene, boundary, contour, parameters, plane, surface
from gdviz.views.caption import caption_of
from gdviz.views.clock import clock

from ...conftest import X, Y, held, limits, said_in, settings, texts


def raising(subfigure):
    raise RuntimeError("drawn")


def test_nothing_is_drawn_until_it_is_shown(article, tmp_path):
    scene = Scene((article,), (raising,)) | plane(article)
    for show in (
        scene.film,
        scene.still,
        scene._repr_html_,
        lambda: scene.save(tmp_path / "a.gif"),
    ):
        with pytest.raises(RuntimeError, match="drawn"):
            show()
    assert not list(tmp_path.iterdir())


def test_after_an_error_in_a_panel_the_settings_are_as_they_were(article):
    before = settings()
    with pytest.raises(RuntimeError):
        Scene((article,), (raising,)).film()
    assert settings() == before


def test_a_suffix_that_cannot_be_written_is_refused_before_anything_is_drawn(article):
    with pytest.raises(ValueError, match=r"\.docx"):
        Scene((article,), (raising,)).save("film.docx")


@pytest.mark.parametrize("kinds", [*permutations(RENDERERS, 2), ("plane", "plane")])
def test_two_kinds_stand_side_by_side_in_their_order(article, kinds):
    left, right = (RENDERERS[kind](article) for kind in kinds)
    scene = left | right
    assert scene.panels == left.panels + right.panels
    figure = scene.still()
    first, last = figure.axes[1], figure.axes[-1]
    assert first.bbox.x0 + first.bbox.width / 2 < 0.5 * figure.bbox.width
    assert last.bbox.x0 + last.bbox.width / 2 > 0.5 * figure.bbox.width


@pytest.mark.parametrize("kinds", [("plane", "contour", "parameters"), tuple(RENDERERS)])
def test_three_and_more(article, kinds):
    scene = RENDERERS[kinds[0]](article)
    for kind in kinds[1:]:
        scene = scene | RENDERERS[kind](article)
    assert len(scene.panels) == len(kinds)
    assert len(list(scene.film(frames=2).frames(40))) == 2


def test_composing_does_not_change_the_parts(article):
    a, b = plane(article), contour(article)
    assert (a | b) is not a
    assert len(a.panels) == len(b.panels) == 1
    assert ((a | b) | a).panels == (a | (b | a)).panels


def test_scenes_of_different_histories_share_their_epochs(article):
    other = held(learning_rate=0.005, epochs=900)
    scene = plane(article) | contour(other) | parameters(article)
    assert scene.histories == (article, other)
    assert scene.labels == ("rate 0.001", "rate 0.005")
    film = scene.film(frames=[0, 400, 900])
    heads = []
    for photo in film._framedata:
        lines = [one for one in photo if isinstance(one, Line2D) and one.axes is film._fig.axes[2]]
        heads.append(lines[-1].get_xydata()[0])
    np.testing.assert_array_equal(heads, other.weights[[0, 400, 900]])
    # Who has ended stays where it ended: three parameters and the cost end at epoch 400.
    curves = film._fig.axes[3:]
    lines = [one for one in photo if isinstance(one, Line2D) and one.axes in curves]
    assert {line.get_xdata()[-1] for line in lines} == {400}


def test_a_scene_has_one_clock(article):
    steps = held(batch_size=2, record="step", epochs=3)
    with pytest.raises(ValueError, match="some of these histories count epochs, others the steps"):
        contour(article) | contour(steps)


def test_what_is_no_scene_does_not_compose(article):
    with pytest.raises(TypeError):
        plane(article) | 3


def test_a_scene_can_be_filmed_again_and_again(article):
    scene = contour(article)
    once, twice = (next(scene.film(frames=2).frames(40)) for _ in range(2))
    assert (once == twice).all()


def test_a_still_is_a_figure_of_one_epoch(article):
    figure = plane(article).still(7, size=(5, 4), dpi=80)
    assert isinstance(figure, Figure)
    assert tuple(figure.get_size_inches()) == (5, 4)
    assert figure.dpi == 80
    assert "epoch 7" in texts(figure)
    assert "epoch 400" in texts(plane(article).still())
    with pytest.raises(ValueError, match="epoch 401 was not recorded"):
        plane(article).still(401)


@pytest.mark.parametrize("size", [(0, 0), (-1, 3), (3,), 5, "10x8", ("a", "b"), (np.nan, 3), ()])
def test_a_size_that_is_none_is_refused(article, tmp_path, size):
    for draw in (plane(article).still, plane(article).film):
        with pytest.raises(ValueError, match=r"size must be width and height .*, not "):
            draw(size=size)
    with pytest.raises(ValueError, match=r"size must be .*, as \(10, 8\), not "):
        plane(article).save(tmp_path / "film.gif", size=size)


@pytest.mark.parametrize("name", ["fps", "dpi"])
@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf, "x"])
def test_fps_and_dpi_are_positive_numbers(article, tmp_path, name, value):
    scene = Scene((article,), (lambda subfigure: pytest.fail("drew something"),))
    with pytest.raises(ValueError, match=f"{name} must be a positive number, not {value!r}"):
        scene.save(tmp_path / "film.gif", **{name: value})


def test_each_frame_says_its_epoch_and_its_cost(article):
    film = (plane(article) | contour(article)).film(frames=[0, 1, 400])
    for epoch, artists in zip([0, 1, 400], film._framedata, strict=True):
        said = [text.get_text() for text in said_in(artists)]
        assert said[:2] == [f"epoch {epoch:,}", f"{article.cost[epoch]:,.2f}"]


def test_the_panels_stand_between_the_header_and_the_footer(article):
    figure = (plane(article) | contour(article)).still()
    header, *panels = (axes.get_figure(root=False).bbox for axes in figure.axes)
    (under,) = (t for t in figure.findobj(mpl.text.Text) if "gradient descent" in t.get_text())
    for panel in panels:
        assert header.y0 == pytest.approx(panel.y1)
        assert under.get_window_extent().y1 <= panel.y0
    assert under.get_window_extent().y0 >= 0


def test_speed_and_size_reach_the_film(article):
    film = plane(article).film(frames=3, fps=10, size=(4, 3), dpi=50)
    assert film._interval == 100
    assert next(film.frames()).shape == (150, 200, 4)


def shown(path):
    """Seconds that each frame of a film is shown."""
    with Image.open(path) as film:
        durations = []
        for i in range(film.n_frames):
            film.seek(i)
            durations.append(film.info["duration"] / 1000)
    return durations


@pytest.mark.parametrize("suffix", [".gif", ".apng"])
@pytest.mark.parametrize("filmed", [True, False])
def test_a_film_of_few_epochs_is_slow_and_begins_with_a_pause(tmp_path, suffix, filmed):
    scene, path = parameters(held(epochs=11)), tmp_path / f"film{suffix}"
    expected = clock(scene.histories, None, None, epoch_axis=True).seconds
    if filmed:
        scene.film(size=(2, 2), dpi=50).save(path, hold=1)
    else:
        scene.save(path, size=(2, 2), dpi=50, hold=1)
    seconds = shown(path)
    assert seconds == pytest.approx([*expected[:-1], expected[-1] + 1], abs=0.002)
    assert seconds[0] == 0.8
    assert sum(seconds[1:]) >= 5


def test_the_pace_that_is_asked_for_when_a_film_is_saved_holds_for_all(tmp_path):
    history = held(epochs=3)
    film = parameters(history).film(size=(2, 2), dpi=50)
    film.save(tmp_path / "film.gif", fps=10, hold=0)
    frames = len(clock([history], None, None, epoch_axis=True).epochs)
    assert shown(tmp_path / "film.gif") == [0.1] * frames


def test_save_writes_frames_hold_and_loop_and_tells_its_progress(article, tmp_path):
    told = []
    parameters(article).save(
        tmp_path / "film.gif",
        frames="0:3",
        fps=10,
        size=(4, 3),
        hold=1,
        loop=2,
        progress=lambda *numbers: told.append(numbers),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]
    with Image.open(tmp_path / "film.gif") as film:
        assert film.size == (400, 300)
    assert shown(tmp_path / "film.gif") == [0.1, 0.1, 1.1]


@pytest.mark.parametrize(
    ("count", "size", "rows"),
    [
        (1, None, [1]),
        (2, None, [2]),
        (3, None, [3]),
        (4, None, [2, 2]),
        (5, None, [3, 2]),
        (2, (10, 10), [2]),
        (2, (6, 8), [1, 1]),
        (3, (9, 12), [2, 1]),
        (2, (10, 3), [2]),
    ],
)
def test_panels_stand_side_by_side_unless_that_makes_them_slim(article, count, size, rows):
    panels = contour(article).panels * count
    figure = Scene((article,), panels).still(size=size)
    tops = [round(axes.get_figure(root=False).bbox.y1) for axes in figure.axes[1:]]
    assert [tops.count(top) for top in sorted(set(tops), reverse=True)] == rows
    right = max(axes.get_figure(root=False).bbox.x1 for axes in figure.axes[1:])
    assert figure.axes[-1].get_figure(root=False).bbox.x1 == right


def _rows_of(scene):
    """How many panels stand in each row of a still, from above."""
    figure = scene.still()
    tops = [round(axes.get_figure(root=False).bbox.y1) for axes in figure.axes[1:]]
    return [tops.count(top) for top in sorted(set(tops), reverse=True)]


def test_one_scene_stands_under_the_other(article):
    a, b = contour(article), contour(article)
    assert _rows_of(a / b) == [1, 1]
    assert (a / b).panels == a.panels + b.panels
    assert _rows_of((a | b) / a) == _rows_of((a | b) / (a / b))[:2] == [2, 1]
    assert _rows_of(a / (b | b | b)) == [1, 3]
    assert len(list((a / b).film(frames=2).frames(40))) == 2
    assert (a / parameters(article)).epoch_axis


def test_a_panel_under_two_is_as_wide_as_both(article):
    figure = ((contour(article) | contour(article)) / contour(article)).still()
    left, right, below = (axes.get_figure(root=False).bbox for axes in figure.axes[1:])
    assert (left.x0, right.x1) == (below.x0, below.x1)
    assert left.y0 == pytest.approx(right.y0)
    assert left.y0 > below.y1
    label = figure.axes[1].xaxis.label
    assert label.get_fontsize() / 72 / figure.get_figwidth() * 480 >= 8


def test_rows_are_put_together_before_they_are_stacked(article):
    a = contour(article)
    for scene in (lambda: (a / a) | a, lambda: a | (a / a)):
        with pytest.raises(ValueError, match=r"\(a \| b\) / c"):
            scene()
    with pytest.raises(TypeError):
        a / 3


# How large text is depends on how many panels there are; of each kind one and many are enough.
@pytest.mark.parametrize(
    ("kind", "count"),
    [(kind, count) for kind in RENDERERS for count in (1, 7)]
    + [("contour", count) for count in (2, 3, 4, 5)],
)
def test_all_text_is_8_pixels_high_when_the_picture_is_480_wide(article, kind, count):
    figure = Scene((article,), RENDERERS[kind](article).panels * count).still()
    assert _smallest_text(figure) >= 8


@pytest.mark.parametrize("rows", [(1, 1), (2, 1), (3, 3), (1, 1, 1)])
def test_of_rows_too(article, rows):
    panels = contour(article).panels * sum(rows)
    assert _smallest_text(Scene((article,), panels, rows=rows).still()) >= 8


def _smallest_text(figure):
    """Pixels of the smallest text when the picture is 480 pixels wide."""
    sizes = [text.get_fontsize() for text in figure.findobj(mpl.text.Text) if text.get_text()]
    return min(sizes) / 72 / figure.get_figwidth() * 480


@pytest.mark.parametrize("size", [(10, 10), (10, 8), (4.8, 3), (3, 6)])
def test_panels_fill_any_size(article, size):
    figure = (plane(article) | contour(article)).still(size=size)
    figure.draw_without_rendering()
    assert tuple(figure.get_size_inches()) == size
    assert all(text.get_window_extent().width <= figure.bbox.width for text in _captions(figure))


def _captions(figure):
    return [text for text in figure.findobj(mpl.text.Text) if text.get_text().startswith("epoch")]


def test_the_caption_never_collides(article):
    figure = surface(held(learning_rate=0.05)).still()
    figure.draw_without_rendering()
    header = figure.axes[0].get_figure(root=False).findobj(mpl.text.Text)
    boxes = [text.get_window_extent() for text in header if text.get_text()]
    assert len(boxes) == 9
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("kinds", [("contour",), ("plane", "surface", "parameters")])
def test_a_notebook_gets_a_picture_of_a_sensible_size(article, kinds):
    panels = tuple(RENDERERS[kind](article).panels[0] for kind in kinds)
    html = Scene((article,), panels)._repr_mimebundle_()["text/html"]
    alt, encoded = re.fullmatch(
        r'<img alt="([^"<>]+)" src="data:image/gif;base64,([^"]+)">', html
    ).groups()
    assert unescape(alt) == caption_of(article).said
    assert len(html) < 3_000_000
    with Image.open(BytesIO(base64.b64decode(encoded))) as film:
        assert film.n_frames == 100
        assert 600 < film.width <= 800


def test_a_notebook_gets_the_last_frame_too(article):
    scene = contour(article)
    shown = scene._repr_mimebundle_()
    assert set(shown) == {"text/html", "image/png"}
    with Image.open(BytesIO(base64.b64decode(shown["image/png"]))) as still:
        last = np.array(still.convert("RGB"))
    *_, expected = scene.film().frames()
    np.testing.assert_array_equal(last, expected[..., :3])


def test_a_scene_that_is_shown_twice_is_filmed_once(article):
    drawn = []

    def panel(subfigure):
        subfigure.subplots()
        drawn.append("backdrop")
        return lambda record: None

    scene = Scene((article,), (panel,))
    first = scene._repr_mimebundle_()
    assert scene._repr_mimebundle_() == first
    assert scene._repr_html_() == first["text/html"]
    assert drawn == ["backdrop"]
    assert (scene | scene)._repr_html_() != first["text/html"]


def test_names_of_a_table_are_text_in_a_notebook():
    scene = contour(held(names=['<script>"a"', "b&c"], epochs=2))
    assert '<img alt="y from &lt;script&gt;&quot;a&quot;, b&amp;c;' in scene._repr_html_()


def test_every_name_is_drawn_in_a_font_that_has_it():
    # Warnings are errors: a font without these characters would be told of.
    table = gdviz.Dataset.of(X, (Y > -20).astype(float))
    labels = gdviz.fit(replace(table, label_names=("否", "是")), loss="cross-entropy", epochs=5)
    second = held(names=["面积", "b"], target="租金", epochs=3)
    for scene, name in (
        (boundary(labels), "● 是"),
        (plane(held(epochs=3)) | plane(second), "租金"),
    ):
        figure = scene.still()
        figure.draw_without_rendering()
        assert any(name in text for text in texts(figure))


def test_limits_do_not_depend_on_the_frame(article):
    scene = plane(article) | surface(article) | contour(article)
    assert limits(scene.still(0)) == limits(scene.still(200)) == limits(scene.still())


DRAWN = """
import hashlib, gdviz
from gdviz.renderers import contour, surface
options = {"fixed_intercept": "ols", "learning_rate": "auto", "epochs": 25}
history = gdviz.fit("gallery/data/rent.csv", **options)
figure = (contour(history) | surface(history)).still(size=(6, 3), dpi=40)
figure.canvas.draw()
print(hashlib.sha256(figure.canvas.buffer_rgba()).hexdigest())
"""


def test_the_same_pixels_in_every_run():
    def drawn(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", DRAWN]
        return subprocess.run(command, capture_output=True, env=environment, check=True).stdout

    assert len({drawn(seed) for seed in ("1", "2", "8")}) == 1

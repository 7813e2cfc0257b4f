"""The words around the panels: each written once, in places that stand still."""

from dataclasses import replace

import matplotlib as mpl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.renderers import contour, parameters, plane
from gdviz.renderers.stage.caption import lines
from gdviz.views.caption import caption_of
from gdviz.views.words import method

from ...conftest import X, Y, descent, held, said_in, separable, texts


def test_numbers_do_not_move_from_frame_to_frame(moving):
    film = plane(moving).film(frames=[0, 1, 300, 20_000])
    edges = []
    for artists in film._framedata:
        found = said_in(artists)
        edges.append([(t.get_position(), t.get_ha(), t.get_fontsize()) for t in found[:3]])
    assert edges[0] == edges[1] == edges[2] == edges[3]
    assert [ha for _, ha, _ in edges[0]] == ["left", "right", "right"]


def test_how_it_ended_is_written_from_then_on():
    history = descent(theta0=[0.0, 0, 0], epochs=400)
    _, more = caption_of(history).verdict
    assert {"stopped", more} <= set(texts(plane(history).still()))
    assert not {"stopped", more} & set(texts(plane(history).still(399)))


def test_a_descent_that_diverges_says_so_where_it_ends():
    history = held(learning_rate=0.05)
    figure = plane(history).still()
    (word,) = (t for t in figure.findobj(mpl.text.Text) if t.get_text() == "diverged")
    assert word.get_color() == "#d55e00"
    assert any("learning rate 0.05" in text for text in texts(figure))


def test_what_was_done_is_said_once():
    table = replace(gdviz.Dataset.of(X, Y), source="some.csv")
    history = gdviz.fit(table, loss="huber:delta=2", epochs=3, optimizer="adam", learning_rate=0.1)
    assert method(history) == ["some.csv, 6 rows", "Huber, delta 2", "adam, learning rate 0.1"]
    said = " ".join(texts((parameters(history) | plane(history)).still()))
    for word in ("some.csv", "Huber, delta 2", "adam", "0.1"):
        assert said.count(word) == 1


def test_where_there_is_no_optimum_that_is_written():
    history = separable()
    assert "no optimum" in texts(parameters(history).still())


def test_a_file_whose_name_needs_another_font_is_named():
    # Warnings are errors: a font without these characters would be told of.
    table = replace(gdviz.Dataset.of(X, Y), source="房租.csv")
    figure = parameters(gdviz.fit(table, epochs=3)).still()
    figure.draw_without_rendering()
    assert any("y in 房租.csv, 6 rows" in text for text in texts(figure))


def test_a_name_that_no_font_has_is_drawn_as_a_box():
    table = gdviz.Dataset.of(X[:, :1], Y, feature_names=["\U0001f642"])
    history = gdviz.fit(table, fixed_intercept="ols", epochs=1, learning_rate=1e-6)
    with pytest.warns(UserWarning, match="no installed font has"):
        figure = parameters(history).still()
    _, more = caption_of(history).verdict
    assert "way of \U0001f642 left" in more
    assert more.replace("\U0001f642", "□") in texts(figure)


@given(st.lists(st.text("ab ", min_size=1, max_size=30), min_size=1), st.integers(1, 60))
def test_lines_keep_every_part_in_order_and_fit_where_they_can(parts, room):
    found = lines(parts, room, len)
    assert "  ·  ".join(found) == "  ·  ".join(parts)
    for line in found:
        assert len(line) <= room + 1 or line in parts


@pytest.mark.parametrize("size", [None, (4, 3), (10, 3), (3, 6)])
@pytest.mark.parametrize("source", ["a.csv", "a rather long name of a table of rents.csv" * 3])
def test_the_words_stay_in_the_picture(size, source):
    table = replace(gdviz.Dataset.of(X, 1e5 * Y), source=source)
    options = {"batch_size": 2, "optimizer": "momentum:decay=0.95", "learning_rate": 1e-4}
    figure = contour(gdviz.fit(table, fixed_intercept="ols", epochs=9, **options)).still(size=size)
    figure.draw_without_rendering()
    header, footer = figure.subfigs[0], figure.subfigs[-1]
    words = said_in([*header.axes[0].texts, *header.artists, *footer.texts])
    assert len(words) > 8
    for text in words:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y0 >= 0
        assert box.y1 <= figure.bbox.height


@pytest.mark.parametrize("kind", [parameters, contour])
def test_the_footer_names_the_target(kind):
    table = gdviz.Dataset.of(X, Y, target_name="rent")
    history = gdviz.fit(replace(table, source="a.csv"), fixed_intercept="ols", epochs=3)
    assert any(text.startswith("rent in a.csv, 6 rows") for text in texts(kind(history).still()))

"""What holds for every kind of picture: one that is added to RENDERERS is tested here for free."""

import inspect
import pickle

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.text import Text
from mpl_toolkits.mplot3d.art3d import Line3D
from PIL import Image

from gdviz.film.compositing.mpl import all_figures, layers
from gdviz.renderers import KINDS, RENDERERS, Scene
from gdviz.renderers.style.theme import INK

from ..conftest import limits, said_in, texts

pytestmark = pytest.mark.parametrize("kind", RENDERERS)


def artists(figure) -> set[Artist]:
    return {artist for layer in layers(figure) for artist in layer}


def test_it_is_a_function_of_a_history_with_keyword_options(kind):
    first, *options = inspect.signature(RENDERERS[kind]).parameters.values()
    assert RENDERERS[kind].__name__ == kind
    assert first.name == "history"
    assert all(option.kind is option.KEYWORD_ONLY for option in options)
    assert RENDERERS[kind].__doc__


def test_several_runs_are_drawn_by_kinds_that_declare_it_and_refused_by_the_others(kind, article):
    runs = {"one": article, "other": article}
    if KINDS[kind].several:
        assert RENDERERS[kind](runs).labels == ("one", "other")
    else:
        with pytest.raises(TypeError, match=f"{kind} draws one history, not 2"):
            RENDERERS[kind](runs)


def test_it_draws_whatever_the_descent_did(kind, awkward):
    scene = RENDERERS[kind](awkward)
    assert isinstance(scene, Scene)
    film = scene.film(frames=1, size=(4.8, 3.6))
    (last,) = film.frames(40)
    assert last.std() > 5
    assert np.isfinite(np.hstack(limits(film._fig))).all()
    assert not any("nan" in text.lower() for text in texts(film._fig))


def test_it_saves(kind, article, tmp_path):
    RENDERERS[kind](article).save(tmp_path / "film.gif", frames=4, size=(4.8, 3.6))
    with Image.open(tmp_path / "film.gif") as film:
        assert (film.n_frames, film.size) == (4, (480, 360))


def test_every_frame_says_epoch_and_cost(kind, article):
    film = RENDERERS[kind](article).film(frames=[0, 3, 400])
    for epoch, artists in zip([0, 3, 400], film._framedata, strict=True):
        said = {text.get_text() for text in said_in(artists)}
        assert {f"epoch {epoch}", f"{article.cost[epoch]:,.2f}"} <= said


def test_limits_are_the_same_in_every_frame_and_after_filming(kind, article):
    scene = RENDERERS[kind](article)
    expected = limits(scene.still(0))
    assert limits(scene.still(200)) == limits(scene.still()) == expected
    film = scene.film(frames=5)
    list(film.frames(30))
    assert limits(film._fig) == expected


def test_six_rows_are_six_markers_where_points_are_drawn(kind, article):
    figure = RENDERERS[kind](article).still()
    lines = [line for axes in figure.axes for line in axes.lines if isinstance(line, Line3D)]
    clouds = [
        line for line in lines if (line.get_marker(), line.get_markerfacecolor()) == ("o", INK)
    ]
    assert bool(clouds) == (kind == "plane")
    if clouds:
        markers = [cloud.get_data_3d()[0][:: cloud.get_markevery()] for cloud in clouds]
        assert len(np.concatenate(markers)) == 6


def test_a_frame_is_what_draw_added_and_everything_else_is_in_every_frame(kind, article):
    film = RENDERERS[kind](article).film(frames=[0, 3, 400])
    first, middle, last = (set(artists) for artists in film._framedata)
    assert first.isdisjoint(middle)
    assert middle.isdisjoint(last)
    assert len(first) > 1  # the caption, and at least one artist of its own
    everywhere = artists(film._fig) - first - middle - last
    assert everywhere
    assert len(artists(film._fig)) == len(everywhere) + len(first) + len(middle) + len(last)


def test_artists_of_a_frame_do_not_become_more_with_the_rows(kind, article):
    film = RENDERERS[kind](article).film(frames=[0, 400])
    assert all(len(artists) < 20 for artists in film._framedata)


def test_frames_differ(kind, article):
    first, last = RENDERERS[kind](article).film(frames=[0, 400]).frames(60)
    assert (first != last).any()


def test_text_stays_in_the_picture(kind, article):
    figure = RENDERERS[kind](article).still()
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    for text in _labels(figure):
        if text.get_text():
            box = text.get_window_extent(renderer)
            assert box.x0 >= -2, text
            assert box.y0 >= -2, text
            assert box.x1 <= figure.bbox.width + 2, text
            assert box.y1 <= figure.bbox.height + 2, text


def _labels(figure) -> list[Text]:
    """All texts but those of ticks: one beyond the limits has a label that is never drawn."""
    found = [text for axes in figure.axes for text in axes.texts]
    for axes in figure.axes:
        found += [axis.label for axis in axes._axis_map.values() if axes.axison]
        found += [axes.title, axes._left_title, axes._right_title]
    return [*found, *(text for part in all_figures(figure) for text in part.texts)]


def test_a_scene_can_be_pickled_before_it_is_drawn_and_after(kind, article):
    scene = RENDERERS[kind](article)
    for _ in range(2):
        again = pickle.loads(pickle.dumps(scene))
        assert again.labels == scene.labels
        scene.still(0)
    assert texts(again.still(3)) == texts(scene.still(3))

"""Axes in three dimensions: their texts are apart from each other, and the panel is filled."""

from itertools import combinations

import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from gdviz.renderers import plane, surface
from gdviz.renderers.style.axes3d import _corners, _line, _ticks

from ...conftest import X, Y, held

SQUARE = ((-15, 5), (-15, 5))
NAMES = ["fuel consumption (litres)", "distance travelled (metres)"]
SCENES = {
    "surface": lambda: surface(held()),
    "surface_of_the_article": lambda: surface(held(), ranges=SQUARE),
    "surface_of_large_numbers": lambda: surface(held(X, 1000 * Y)),
    "surface_with_long_names": lambda: surface(held(names=NAMES)),
    "plane": lambda: plane(held()),
    "plane_with_long_names": lambda: plane(held(names=NAMES, target="price in euros")),
    "article_surface": lambda: plane(h := held()) | surface(h, ranges=SQUARE),
    "plane_from_behind": lambda: plane(held(), azim=120),
}
SIZES = [None, (10, 8), (10, 3), (6, 8), (4, 8)]


def axes_of(figure):
    return [axes for axes in figure.axes if axes.name == "3d"]


def texts_of(axes) -> list[Text]:
    """Tick labels and axis labels that are drawn."""
    found = []
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        found += [*_ticks(axis), axis.label]
    return [text for text in found if text.get_visible() and text.get_text()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", SCENES)
def test_no_text_is_printed_over_another(scene, size):
    figure = SCENES[scene]().still(size=size)
    figure.draw_without_rendering()
    for axes in axes_of(figure):
        texts = texts_of(axes)
        assert len(texts) >= 8
        for one, other in combinations(filter(_upright, texts), 2):
            boxes = one.get_window_extent(), other.get_window_extent()
            assert not Bbox.intersection(*boxes), (one.get_text(), other.get_text())


def _upright(text):
    """Of a label that is turned, the upright box is larger than what is printed."""
    return text.get_rotation() % 90 == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [plane, surface])
def test_the_box_fills_its_panel(kind, size):
    (axes,) = axes_of(kind(held()).still(size=size))
    panel, box = axes.get_figure(root=False).bbox, _corners(axes)
    assert box.height > 0.55 * panel.height
    assert box.width > 0.45 * panel.width


@pytest.mark.parametrize("azim", [-100, -60, -20, 45, 130])
def test_the_upright_axis_is_apart_from_the_steeper_of_the_others(azim):
    (axes,) = axes_of(surface(held(), azim=azim).still())
    x, y, z = (_line(axis) for axis in (axes.xaxis, axes.yaxis, axes.zaxis))
    steeper = max(
        x, y, key=lambda line: abs(line[1, 1] - line[0, 1]) / abs(line[1, 0] - line[0, 0])
    )
    assert abs(z[:, 0].mean() - steeper[:, 0].mean()) > 0.4 * _corners(axes).width

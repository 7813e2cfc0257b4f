"""What is written into maps, surfaces and boundaries can be read: small, and on its ground."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text

import gdviz
from gdviz.renderers import boundary, contour, plane, surface
from gdviz.renderers.style.contrast import luminance
from gdviz.renderers.tints import TINTS

from ..conftest import X, held


def two_classes():
    y = (X[:, 0] + [0, 5, 0, 0, -5, 0] > 3).astype(float)
    return gdviz.fit(gdviz.Dataset.of(X, y).scaled("standard"), loss="cross-entropy", epochs=20)


SCENES = {
    "contour": lambda: contour(held()),
    "surface": lambda: surface(held()),
    "contour_that_diverges": lambda: contour(held(learning_rate=0.05, epochs=9)),
    "surface_that_diverges": lambda: surface(held(learning_rate=0.05, epochs=9)),
    "boundary": lambda: boundary(two_classes()),
    "plane_and_contour": lambda: plane(h := held()) | contour(h),
    "three": lambda: plane(h := held()) | contour(h) | surface(h),
}


def written(figure):
    return [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]


@pytest.mark.parametrize("scene", SCENES)
def test_text_is_8_pixels_high_when_the_picture_is_480_wide(scene):
    figure = SCENES[scene]().still()
    for text in written(figure):
        assert text.get_fontsize() / 72 / figure.get_figwidth() * 480 >= 8, text


@pytest.mark.parametrize("scene", SCENES)
def test_text_stands_out_from_its_ground(scene):
    figure = SCENES[scene]().still()
    labels = [
        label
        for axes in figure.axes
        for lines in axes.collections
        for label in getattr(lines, "labelTexts", [])
    ]  # of contours: on colours, tested there
    for text in written(figure):
        if text not in labels and np.ptp(to_rgba(text.get_color())[:3]) < 0.2:  # is grey
            assert contrast(text.get_color(), "white") >= 4.5, text


def test_points_and_lines_of_a_boundary_stand_out_from_its_shades():
    (axes,) = boundary(two_classes()).still().axes[1:]
    for line in axes.get_lines():
        for tint in TINTS:
            assert contrast(line.get_color(), tint) >= 3


def contrast(one, other):
    """Contrast of two colours as WCAG 2 has it, 1 to 21."""
    dark, light = np.sort(luminance(np.array([to_rgba(one), to_rgba(other)])))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_as_defined():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.01)

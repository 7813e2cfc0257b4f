import numpy as np
import pytest
from PIL import Image

from gdviz.film.encoding.palette import Palette
from gdviz.film.pixels import packed


def frame(rgb):
    """An opaque frame (height, width, 4) of colours (height, width, 3)."""
    rgb = np.asarray(rgb, dtype=np.uint8)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def approximated(palette, picture):
    return palette.colours[palette.indices(packed(picture)).astype(int) - 1]


@pytest.fixture
def gradient():
    x, y = np.meshgrid(np.arange(256), np.arange(256))
    return frame(np.dstack([x, y, (x + y) // 2]))


def test_few_colours_are_exact():
    few = frame(np.random.default_rng(0).integers(0, 6, (50, 50, 3)) * 51)
    np.testing.assert_array_equal(approximated(Palette.of([few]), few), few[..., :3])


def test_no_more_colours_than_asked(gradient):
    assert len(Palette.of([gradient]).colours) == 255
    assert len(Palette.of([gradient], size=16).colours) == 16


def test_error_is_less_than_median_cuts(gradient):
    ours = approximated(Palette.of([gradient]), gradient)
    theirs = Image.fromarray(gradient[..., :3]).quantize(255).convert("RGB")
    assert squared_error(ours, gradient) < squared_error(theirs, gradient)


def squared_error(picture, original):
    return ((np.asarray(picture, dtype=float) - original[..., :3]) ** 2).mean()


def test_indices_are_those_of_the_nearest_colours(gradient):
    palette = Palette.of([gradient], size=20)
    distances = gradient[..., None, :3].astype(int) - palette.colours.astype(int)
    nearest = np.sqrt((distances**2).sum(axis=-1)).min(axis=-1)
    chosen = approximated(palette, gradient).astype(int) - gradient[..., :3]
    np.testing.assert_allclose(np.sqrt((chosen**2).sum(axis=-1)), nearest)


def test_index_does_not_depend_on_what_was_asked_before(gradient):
    one, other = Palette.of([gradient]), Palette.of([gradient])
    other.indices(packed(gradient[::-1, :100]))
    np.testing.assert_array_equal(one.indices(packed(gradient)), other.indices(packed(gradient)))

"""Celluloid's own tests and examples, with the import replaced.

celluloid is Copyright (c) 2018 Jacques Kvam, MIT License:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

import matplotlib

matplotlib.use("Agg")

import celluloid
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.animation import ArtistAnimation
from matplotlib.colors import hsv_to_rgb

from gdviz.film import Camera


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_camera_is_celluloids():
    assert issubclass(Camera, celluloid.Camera)
    fig = plt.figure()
    assert isinstance(Camera(fig).animate(), ArtistAnimation)


# celluloid's test_celluloid.py


def test_single():
    """Test plt.figure()."""
    fig = plt.figure()
    camera = Camera(fig)

    for _ in range(10):
        plt.plot(range(5))
        plt.plot(-np.arange(5))
        artists = camera.snap()
        assert len(artists) == 2

    assert sum(len(x) for x in camera._photos) == 2 * 10

    anim = camera.animate()
    assert len(list(anim.frame_seq)) == 10


def test_two_axes():
    """Test subplots."""
    fig, axes = plt.subplots(2)
    camera = Camera(fig)
    axes[0].plot(np.zeros(100))
    axes[1].plot(np.zeros(100))
    artists = camera.snap()
    assert len(artists) == 2

    axes[0].plot(np.ones(100))
    axes[1].plot(np.ones(100))
    artists = camera.snap()

    assert sum(len(x) for x in camera._photos) == 4

    anim = camera.animate()
    assert len(list(anim.frame_seq)) == 2


def test_legends():
    """Test legends."""
    fig = plt.figure()
    camera = Camera(fig)

    plt.legend(plt.plot(range(5)), ["hello"])
    artists = camera.snap()
    assert len(artists) == 2

    plt.legend(plt.plot(range(5)), ["world"])
    artists = camera.snap()
    assert len(artists) == 2

    assert sum(len(x) for x in camera._photos) == 4

    anim = camera.animate()
    assert len(list(anim.frame_seq)) == 2


def test_images():
    """Test images."""
    fig, axes = plt.subplots(2)
    camera = Camera(fig)
    axes[0].imshow(np.zeros((5, 5)))
    axes[1].imshow(np.zeros((5, 5)))
    artists = camera.snap()
    assert len(artists) == 2

    axes[0].imshow(np.ones((5, 5)))
    axes[1].imshow(np.ones((5, 5)))
    artists = camera.snap()
    assert len(artists) == 2

    assert sum(len(x) for x in camera._photos) == 4

    anim = camera.animate()
    assert len(list(anim.frame_seq)) == 2


# celluloid's examples, with fewer frames; savefig has no "frameon" any more


def simple(camera_type):
    fig = plt.figure()
    camera = camera_type(fig)
    for i in range(4):
        plt.plot([i] * 10)
        camera.snap()
    return camera.animate(interval=100, blit=True)


def sines(camera_type):
    t = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    fig, axes = plt.subplots(2)
    camera = camera_type(fig)
    for i in np.linspace(0, 2 * np.pi, 4, endpoint=False):
        axes[0].plot(t, np.sin(t + i), color="blue")
        axes[1].plot(t, np.sin(t - i), color="blue")
        camera.snap()
    return camera.animate(interval=50, blit=True)


def legends(camera_type):
    fig = plt.figure()
    camera = camera_type(fig)
    for i in range(4):
        t = plt.plot(range(i, i + 5))
        plt.legend(t, [f"line {i}"], loc="upper left")
        camera.snap()
    return camera.animate(interval=300, blit=True)


def complex_(camera_type):
    fig = plt.figure()
    fig.set_size_inches(4, 4, forward=False)
    ax = plt.Axes(fig, [0, 0, 1, 1])
    ax.set_axis_off()
    fig.add_axes(ax)
    camera = camera_type(fig)
    x = np.linspace(-3, 3, 80)
    z = x + 1j * x[:, None]
    for a in np.linspace(0, 2 * np.pi, 4, endpoint=False):
        y = (z**2 - 2.5) * (z - 2.5j) / (z - np.exp(1j * a)) ** 2
        hue, value = np.angle(y) / (2 * np.pi) + 0.5, np.log2(1.0 + np.abs(y)) % 1
        ax.imshow(hsv_to_rgb(np.dstack((hue, (1 + value) / 2, value))))
        camera.snap()
    return camera.animate(interval=50, blit=True)


EXAMPLES = [simple, sines, legends, complex_]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_has_celluloids_artists(example):
    ours, theirs = example(Camera), example(celluloid.Camera)
    theirs._draw_was_started = True
    kinds = [[type(artist) for artist in frame] for frame in theirs._framedata]
    assert [[type(artist) for artist in frame] for frame in ours._framedata] == kinds


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("make", [Camera, celluloid.Camera])
def test_example_saves_with_matplotlibs_writer(example, make, tmp_path):
    example(make).save(tmp_path / "film.gif", writer="pillow", dpi=50)
    assert (tmp_path / "film.gif").stat().st_size > 1000


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_looks_as_celluloids(example, drawn_by_matplotlib):
    ours = list(example(Camera).frames(dpi=50))
    theirs = drawn_by_matplotlib(example(celluloid.Camera), dpi=50)
    assert len(ours) == len(theirs)
    # celluloid draws the legend of the last frame twice, one over the other.
    for frame, expected in zip(ours[:-1], theirs, strict=False):
        np.testing.assert_array_equal(frame, expected)

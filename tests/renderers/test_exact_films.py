"""Each frame of a film, composed of what moves and what does not, equals a drawing of it alone."""

import numpy as np
import pytest

import gdviz
from gdviz.renderers import RENDERERS, boundary, contour, parameters, plane, progress, surface

from ..conftest import X, held, separable


def two_classes():
    y = (X[:, 0] + [0, 5, 0, 0, -5, 0] > 3).astype(float)
    table = gdviz.Dataset.of(X, y).scaled("standard")
    return gdviz.fit(table, loss="cross-entropy", theta0=[-9, 1, 1], learning_rate=3, epochs=40)


def two():
    """Two runs that creep, of which one ends before the other."""
    return {"slow": held(), "few steps": held(learning_rate=0.03, epochs=40)}


def with_one_that_diverges():
    wild = held(learning_rate=0.05, epochs=9, theta0=[0, 0, 0])
    return [held(theta0=[0, 0, 0]), wild, held(learning_rate=0.0375)]


def eight():
    rates = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.04)
    return {f"{rate}": held(learning_rate=rate, epochs=60) for rate in rates}


FILMS = {
    "contour": lambda: (contour(held()), [0, 1, 30, 400]),
    "contour_of_few_steps": lambda: (contour(held(learning_rate=0.03, epochs=40)), [0, 3, 40]),
    "contour_that_diverges": lambda: (contour(held(learning_rate=0.05, epochs=9)), [0, 3, 8, 9]),
    "contour_that_swings": lambda: (contour(held(learning_rate=0.0375)), [0, 30, 400]),
    "contour_that_falls_for_ever": lambda: (contour(separable()), [0, 20, 50]),
    "surface": lambda: (surface(held()), [0, 1, 30, 400]),
    "surface_from_behind": lambda: (surface(held(), azim=80, elev=14), [0, 30, 400]),
    "surface_that_diverges": lambda: (surface(held(learning_rate=0.05, epochs=9)), [0, 3, 8, 9]),
    "surface_that_swings": lambda: (surface(held(learning_rate=0.0375)), [0, 30, 400]),
    "surface_that_falls_for_ever": lambda: (surface(separable()), [0, 20, 50]),
    "contour_of_two": lambda: (contour(two()), [0, 1, 30, 400]),
    "contour_of_three": lambda: (contour(with_one_that_diverges()), [0, 3, 8, 9, 400]),
    "contour_of_eight": lambda: (contour(eight()), [0, 5, 60]),
    "surface_of_two": lambda: (surface(two()), [0, 1, 30, 400]),
    "surface_of_three": lambda: (surface(with_one_that_diverges()), [0, 3, 8, 9, 400]),
    "parameters_of_three": lambda: (parameters(with_one_that_diverges()), [0, 3, 8, 9, 400]),
    "contours_of_different_runs": lambda: (
        contour(held()) | contour(held(learning_rate=0.03, epochs=40)),
        [0, 3, 40, 400],
    ),
    "boundary": lambda: (boundary(two_classes()), [0, 1, 5, 40]),
}


@pytest.mark.parametrize("film", FILMS)
def test_every_frame_equals_a_still(film):
    scene, epochs = FILMS[film]()
    frames = scene.film(frames=epochs, dpi=60).frames(60)
    for epoch, frame in zip(epochs, frames, strict=True):
        figure = scene.still(epoch, dpi=60)
        figure.canvas.draw()
        np.testing.assert_array_equal(frame, np.asarray(figure.canvas.buffer_rgba()))


def wild():
    return held(learning_rate=0.05, epochs=9, theta0=[0, 0, 0])


def few(**options):
    return held(**({"learning_rate": 0.03, "epochs": 8, "theta0": [0, 0, 0]} | options))


GLIDING = {
    "contour": lambda: contour(few()),
    "contour_that_diverges": lambda: contour(wild()),
    "contour_of_two": lambda: contour([few(), few(learning_rate=0.01, epochs=5), wild()]),
    "surface": lambda: surface(few()),
    "surface_that_diverges": lambda: surface(wild()),
    "surface_of_two": lambda: surface([few(), few(learning_rate=0.01, epochs=5), wild()]),
    "parameters": lambda: parameters(few()),
    "parameters_of_two": lambda: parameters([few(), few(learning_rate=0.01, epochs=5), wild()]),
    "progress": lambda: progress([few(), few(learning_rate=0.01, epochs=5), wild()]),
    "plane": lambda: plane(few()),
    "boundary": lambda: boundary(
        gdviz.fit(two_classes().dataset, loss="cross-entropy", learning_rate=3, epochs=4)
    ),
}


def test_every_kind_is_among_those_that_glide():
    assert set(RENDERERS) <= set(GLIDING)


@pytest.mark.parametrize("film", GLIDING)
def test_every_frame_of_a_film_that_glides_equals_a_drawing_of_it_alone(film):
    scene = GLIDING[film]()
    epochs = scene._clock(None, None).epochs.tolist()
    assert len(epochs) > 6 * max(len(history.epoch) - 1 for history in scene.histories)
    picked = {len(epochs) // 7, len(epochs) // 2, len(epochs) - 3, len(epochs) - 1}
    for i, frame in enumerate(scene.film(dpi=60).frames(60)):
        if i in picked:
            with scene._stage(None, 60) as (figure, draw):
                draw(epochs[i])
            figure.canvas.draw()
            np.testing.assert_array_equal(frame, np.asarray(figure.canvas.buffer_rgba()))

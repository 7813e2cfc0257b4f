"""Runs that are compared, by kinds of picture: on one ground in one panel, else side by side."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from gdviz import compare
from gdviz.renderers.kinds import picture_of_runs
from gdviz.renderers.style.runs import run_styles

RENT = "gallery/data/rent.csv"
HELD = {"fixed_intercept": "ols"}


@pytest.fixture(scope="module")
def scales():
    return compare(RENT, scales=["none", "standard"], **HELD)


def maps(figure):
    """Axes of contours: those that have a filled one."""
    return [axes for axes in figure.axes if axes.get_xlabel().startswith("weight of")]


def bands(axes):
    """Colour of each level: that of the band that begins there."""
    filled = axes.collections[0]
    return {
        float(low): to_hex(color)
        for low, color in zip(filled.levels[1:-1], filled.get_facecolor()[1:], strict=False)
    }


def test_runs_on_one_objective_share_a_contour_beside_their_progress():
    runs = compare(RENT, optimizers=["gd", "adam"], **HELD)
    scene = picture_of_runs(runs)
    assert len(scene.panels) == 2
    assert scene.labels == tuple(runs)
    assert scene.histories == tuple(runs.values())
    assert len(maps(scene.still())) == 1


def test_where_no_contour_can_be_drawn_the_parameters_stand_there():
    runs = compare(RENT, optimizers=["gd", "momentum"], epochs=20)
    names = [axes.get_title(loc="left") for axes in picture_of_runs(runs).still().axes]
    assert any(name.startswith("weight of area") for name in names)
    assert any(name.startswith("distance to go") for name in names)


def test_sets_of_parameters_on_several_objectives_are_left_out():
    runs = compare(RENT, scales=["none", "standard"], epochs=20)
    assert len(picture_of_runs(runs).panels) == 1


def test_runs_on_different_objectives_stand_side_by_side_in_their_own_styles(scales):
    scene = picture_of_runs(scales)
    assert len(scene.panels) == 3
    assert scene.styles == tuple(run_styles(2))
    for axes, style in zip(maps(scene.still()), run_styles(2), strict=True):
        assert style.color in {line.get_color() for line in axes.lines}


def test_the_same_cost_has_the_same_colour_in_panels_side_by_side(scales):
    first, second = map(bands, maps(picture_of_runs(scales).still()))
    shared = first.keys() & second.keys()
    assert len(shared) >= 4
    assert first != second  # one of them sees farther
    assert all(first[level] == second[level] for level in shared)


def test_losses_are_seen_over_the_same_weights():
    runs = compare(RENT, losses=["mse", "huber:delta=2000"], **HELD)
    first, second = maps(picture_of_runs(runs).still())
    assert (first.get_xlim(), first.get_ylim()) == (second.get_xlim(), second.get_ylim())
    for history in runs.values():
        low, high = np.transpose([first.get_xlim(), first.get_ylim()])
        assert ((history.theta[:, 1:] > low) & (history.theta[:, 1:] < high)).all()


def test_a_kind_that_draws_one_descent_is_refused():
    runs = compare(RENT, optimizers=["gd", "adam"], epochs=3, **HELD)
    with pytest.raises(ValueError, match="plane draws one descent; several are drawn by param"):
        picture_of_runs(runs, (("plane", "progress"),))

"""What of a slice is seen: paths, the optimum, and where the cost goes on falling."""

import numpy as np
import pytest

from gdviz import Function, History, fit
from gdviz.views.cutting_plane import CuttingPlane, plane_through
from gdviz.views.extent import extent_of

from ..conftest import X, descent, held, separable

BOWL = Function(lambda u, v, w: u**2 + v**2 + w**2, start=(1.0, 1.0, 1.0))


def of(*histories, through=None):
    first = histories[0]
    if through is None:
        plane = CuttingPlane.of_entries(first.theta[0], tuple(first.moving))
    else:
        plane = plane_through(first, through)
    return extent_of(histories, plane)


def holds(ranges, points):
    low, high = np.transpose(ranges)
    return ((points > low) & (points < high)).all()


def test_of_a_path_that_stopped_early_the_optimum_is_seen_beside_it():
    history = descent(epochs=3)
    plane = plane_through(history, "pca")
    ranges, _ = extent_of([history], plane)
    assert holds(ranges, plane.project(history.theta))
    assert holds(ranges, plane.project(history.optimum))


@pytest.mark.parametrize(
    ("aside", "least", "most"), [(1.0, 0.5, 2), (0.01, 50, 300), (0, 3000, 9000)]
)
def test_a_plane_beside_the_path_is_as_long_as_the_path_but_no_sliver(aside, least, most):
    path = np.column_stack([np.linspace(1, 0, 9), aside * np.linspace(1, 0, 9) ** 2, np.zeros(9)])
    path[0, 2] = 1e-3
    ranges, equal = of(History.from_arrays(path, objective=BOWL), through=np.eye(3)[:2])
    across, up = np.ptp(ranges, axis=1)
    assert least < across / up < most
    assert equal == (aside == 1)


def test_where_the_cost_falls_for_ever_it_is_seen_to_go_on():
    history = separable()
    path, falls = history.theta[:, history.moving], history.best.falls[history.moving]
    ranges, _ = of(history)
    assert holds(ranges, path)
    span, end = np.ptp(path, axis=0), path[-1]
    along = int(np.argmax(np.abs(falls) / span))
    edge = ranges[along][int(falls[along] > 0)]
    assert 0.6 < abs(edge - end[along]) / span[along] < 0.8


def test_a_parameter_that_stays_while_the_cost_falls_for_ever_has_an_axis_yet():
    x = np.array([[-1, 1], [-1, -1], [1, 1], [1, -1]], dtype=float)
    options = {"loss": "cross-entropy", "fixed_intercept": 0.0, "learning_rate": 1.0}
    history = descent(x, np.array([0.0, 0, 1, 1]), epochs=30, theta0=[0, 0, 0], **options)
    assert np.ptp(history.theta[:, 2]) < 1e-12
    ranges, equal = of(history)
    across, up = np.ptp(ranges, axis=1)
    assert equal  # so that it grows to fill its panel
    assert 0.05 < up / across < 1


def test_several_runs_on_axes_of_one_unit_have_one_scale():
    long = Function(lambda u, v: u**2 + v**2, start=(5, 0.5), view=((-10, 10), (-1, 1)))
    runs = [fit(long, theta0=start, epochs=5) for start in ((5, 0.5), (-5, 0.5))]
    assert of(*runs) == (((-10, 10), (-1, 1)), True)
    raw = [held(X * [1e6, 1], learning_rate="auto", epochs=n) for n in (5, 9)]
    assert not of(*raw)[1]


def test_of_runs_that_all_diverge_more_than_the_start_is_seen():
    wild = [held(learning_rate=0.05, epochs=200, theta0=[0, 0, 0]) for _ in range(2)]
    calm = held(theta0=[0, 0, 0])
    assert wild[0].diverged
    all_wild, one_wild = (np.ptp(of(*runs)[0], axis=1) for runs in (wild, [wild[0], calm]))
    assert (all_wild > 1.5 * one_wild).any()

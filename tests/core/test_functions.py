"""Functions without a table: their numbers, their minima, and descents on them."""

import copy
import math
import pickle
from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import gdviz
import gdviz.renderers
from gdviz.core.functions import FUNCTIONS, Function, function_of
from gdviz.core.history.record import History
from gdviz.core.optimum import goal_name

EGG_BOXES = [f"rastrigin:height={height}" for height in (0.02, 0.06, 0.5, 3, 1e4)]
NAMES = [*FUNCTIONS, "valley:condition=50", "rosenbrock:b=5"]


def somewhere(function, n):
    low, high = function.view.T
    return low + (high - low) * np.random.default_rng(0).random((n, len(low)))


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_is_that_of_the_cost(name):
    function = function_of(name)
    theta = somewhere(function, 50)
    gradient = function.gradient(theta)
    size = np.abs(gradient).max()
    assert_allclose(function.differences(theta) / size, gradient / size, atol=1e-7)
    assert_array_equal(function.gradient(theta[3]), gradient[3])
    assert_array_equal(function.cost(theta)[3], function.cost(theta[3]))


@pytest.mark.parametrize("name", NAMES)
def test_the_hessian_is_that_of_the_gradient(name):
    function = function_of(name)
    by_cost = Function(function.formula, names=function.names, view=function.view)
    for theta in somewhere(function, 5):
        hessian = function.hessian(theta)
        assert_allclose(by_cost.hessian(theta), hessian, atol=2e-3 * np.abs(hessian).max())


@pytest.mark.parametrize("name", NAMES + EGG_BOXES)
def test_what_is_known_of_a_function_is_true(name):
    function = function_of(name)
    steep = np.abs(function.gradient(somewhere(function, 50))).max()
    kinds = {"minima": (1, 1), "saddles": (-1, 1), "maxima": (-1, -1)}
    assert function.minima
    for kind, (least, most) in kinds.items():
        for point in map(np.array, getattr(function, kind)):
            assert_allclose(function.gradient(point) / steep, 0, atol=1e-9)
            curved = np.linalg.eigvalsh(function.hessian(point))
            assert np.sign(curved[0]) == least
            assert np.sign(curved[-1]) == most


@pytest.mark.parametrize("name", ["rastrigin", *EGG_BOXES])
def test_of_an_egg_box_all_is_known_that_a_view_can_hold(name):
    function = function_of(name)
    line = np.linspace(-8.01, 8.01, 200_000)  # no extremum is a point of it
    slope = function.gradient(np.column_stack([line, np.zeros_like(line)]))[:, 0]
    rises = np.flatnonzero((slope[:-1] < 0) & (slope[1:] > 0))
    falls = np.flatnonzero((slope[:-1] > 0) & (slope[1:] < 0))
    lows, highs, step = line[rises], line[falls], line[1] - line[0]
    expected = {
        "minima": product(lows, lows),
        "maxima": product(highs, highs),
        "saddles": (*product(lows, highs), *product(highs, lows)),
    }
    for kind, points in expected.items():
        found = sorted(getattr(function, kind))
        assert len(found) == len({*found})
        if found:
            assert_allclose(found, sorted(points), atol=step)
        else:
            assert not [*points]
    assert len(repr(function)) < 1000  # as it stands in a traceback


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam"])
def test_a_descent_arrives_at_a_minimum(name, optimizer):
    history = gdviz.fit(f"function:{name}", optimizer=optimizer)
    assert history.converged, str(history)
    function = history.objective
    near = min(np.abs(np.array(point) - history.theta[-1]).max() for point in function.minima)
    assert near < 0.02 * np.ptp(function.view)
    assert not np.isfinite(history.r2).any()
    assert len(history.cost) - 1 == history.arrival


def flow(function, theta, step=1e-3):
    """Where steps much shorter than any feature of the function lead."""
    for _ in range(200_000):
        gradient = function.gradient(theta)
        theta = theta - step * gradient / max(float(np.linalg.norm(gradient)), 1.0)
        if np.linalg.norm(gradient) < 1e-6:
            return theta
    return theta


@pytest.mark.parametrize("name", ["himmelblau", "saddle", "two-wells", "rastrigin:height=2"])
def test_the_lowest_point_is_that_of_the_basin(name):
    function = function_of(name)
    for theta in somewhere(function, 6):
        found = function.lowest({}, theta)
        assert_allclose(found.theta, flow(function, theta), atol=1e-4)
        assert_allclose(function.gradient(found.theta), 0, atol=1e-5)


def test_a_minimum_that_is_not_the_lowest_known_is_local():
    history = gdviz.fit("function:two-wells")
    assert history.best.name == "local minimum"
    gap = history.best.cost - float(history.objective.cost(np.array(history.objective.minima[0])))
    assert f"{gap:.4g} above the lowest known" in str(history)
    assert gdviz.fit("function:two-wells", theta0=[-1.8]).best.name == "minimum"


def test_the_minimum_of_ones_own_function_is_written_without_rounding():
    bowl = gdviz.Function(lambda u, v: u**2 + 3 * v**2)
    history = gdviz.fit(bowl, theta0=(-1.5, 2), optimizer="adam")
    assert_array_equal(history.optimum, [0, 0])


def test_the_goal_of_a_cost_below_zero_is_drawn_where_it_is():
    history = gdviz.fit("function:saddle", epochs=5)
    *_, cost = gdviz.renderers.parameters(history).still().axes
    goals = [line for line in cost.lines if line.get_linestyle() == "--"]
    assert [line.get_ydata()[0] for line in goals] == [history.best.cost] == [-0.25]


@pytest.mark.parametrize("name", ["saddle", "beale", "himmelblau"])
def test_who_stands_on_a_saddle_or_a_maximum_has_not_arrived(name):
    function = function_of(name)
    for point in (*function.saddles, *function.maxima):
        history = gdviz.fit(function, theta0=point, epochs=3)
        assert history.verdict == "stopped"
        assert (np.linalg.eigvalsh(function.hessian(history.optimum)) > 0).all()
        assert (
            history.learning_rate
            < 2.1 / np.linalg.eigvalsh(function.hessian(history.optimum)).max()
        )


@pytest.mark.parametrize("below", [0.0, -100.0])
def test_what_is_added_to_a_function_does_not_matter(below):
    bowl = gdviz.Function(lambda u, v: u**2 + 3 * v**2 + below)
    history = gdviz.fit(bowl, theta0=(-1.5, 2), optimizer="adam", learning_rate="auto")
    assert history.learning_rate == pytest.approx(0.2)


def test_a_straight_line_is_gone_down_in_steps_that_can_be_seen():
    line = gdviz.Function(lambda u, v: u + v)
    history = gdviz.fit(line, epochs=100)
    length = float(np.hypot(*(history.theta[-1] - history.theta[0])))
    assert 1 < length < 10 * float(np.ptp(line.view))
    assert not history.best.exists


def test_a_far_minimum_of_a_registered_function_is_known():
    assert_array_equal(gdviz.fit("function:rosenbrock:a=60", epochs=5).optimum, [60, 3600])


def test_a_function_that_falls_for_ever_has_no_minimum():
    ridge = gdviz.Function(lambda u, v: u**2 - v**2, start=(1.0, 0.01))
    with pytest.warns(UserWarning, match="falls for ever"):
        history = gdviz.fit(ridge, learning_rate=0.1)
    assert not history.best.exists
    assert_allclose(np.abs(history.best.falls), [0, 1], atol=1e-3)
    assert "falls for ever" in str(history)
    assert history.diverged
    assert np.abs(history.theta).max() <= 2010


def test_a_descent_that_diverges_is_recorded_as_far_as_it_can_be_drawn():
    with pytest.warns(UserWarning, match="diverges|diverge"):
        history = gdviz.fit("function:rosenbrock", learning_rate=0.1)
    assert history.diverged
    assert np.isfinite(history.cost).all()


def test_what_is_held_stays():
    history = gdviz.fit("function:himmelblau", vary=["u"], theta0=(0, 2))
    assert history.fixed == (1,)
    assert np.ptp(history.theta[:, 1]) == 0
    assert history.converged
    assert_allclose(history.objective.gradient(history.optimum)[0], 0, atol=1e-5)


def test_a_formula_that_takes_numbers_only_is_called_for_each():
    one = gdviz.Function(lambda x: math.sin(x) + x * x, start=(2.0,))
    many = gdviz.Function(lambda x: np.sin(x) + x * x, start=(2.0,))
    theta = somewhere(many, 7)
    assert_allclose(one.cost(theta), many.cost(theta), rtol=1e-15)
    assert_allclose(gdviz.fit(one).theta[-1], gdviz.fit(many).theta[-1])


def test_more_than_two_numbers_are_gone_down_too():
    bowl = gdviz.Function(lambda a, b, c: a**2 + 2 * b**2 + 3 * c**2)
    history = gdviz.fit(bowl, learning_rate="auto")
    assert history.converged
    assert history.objective.names == ("a", "b", "c")
    assert history.learning_rate == pytest.approx(1 / 6, rel=1e-3)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_a_function_can_be_copied(again):
    function = function_of("valley:condition=7")
    theta = np.array([1.0, 2.0])
    assert again(function).cost(theta) == function.cost(theta)


def test_a_history_of_a_function_can_be_saved(tmp_path):
    history = gdviz.fit("function:valley:condition=7", optimizer="momentum")
    history.save(tmp_path / "h.npz")
    back = History.load(tmp_path / "h.npz")
    assert str(back) == str(history)
    assert_array_equal(back.theta, history.theta)
    mine = gdviz.fit(gdviz.Function(lambda u, v: u**2 + v**2), epochs=3)
    with pytest.raises(ValueError, match="has no name in the registry"):
        mine.save(tmp_path / "mine.npz")


def test_a_path_of_anything_can_be_replayed():
    path = [[3.0, 1.0], [1.0, 0.5], [0.0, 0.0]]
    history = History.from_arrays(path, objective=lambda u, v: u**2 + v**2)
    assert_allclose(history.cost, [10, 1.25, 0])
    assert history.converged
    assert history.verdict == "arrived"
    with pytest.raises(ValueError, match="give a dataset, or in its place an objective"):
        History.from_arrays(path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda: gdviz.fit("function:rosenbrok"), r"no function 'rosenbrok'.*mean rosenbrock"),
        (lambda: gdviz.fit("function:beale", y=[1]), "a function has no table"),
        (lambda: gdviz.fit("function:beale", batch_size=3), "no rows"),
        (lambda: gdviz.fit("function:beale", theta0=[1]), "needs 2 finite numbers: u, v"),
        (lambda: gdviz.fit("function:beale", vary=["w"]), "no parameter 'w'"),
        (lambda: gdviz.Function(lambda *x: 0), "have no names"),
        (lambda: gdviz.Function(lambda u, v: u * np.inf), r"\(u, v\) is inf at its start"),
        (lambda: gdviz.Function(lambda w: np.nan, start=[1] * 9, whole=True), "f of 9 param.* nan"),
        (
            lambda: gdviz.Function(lambda w: w[:3], start=[1] * 9, whole=True),
            r"an array \(3,\) of 9 numbers",
        ),
        (lambda: gdviz.Function(lambda u: u, view=[(1, 0)]), "increase"),
        (lambda: gdviz.Function(lambda u: u, start=(1, 2)), "1 finite number: u; got"),
        (lambda: gdviz.Function(lambda u: u, start="here"), "1 finite number: u; got here"),
        (lambda: gdviz.Function(lambda u: u, view=[1, 2]), "view needs 1 pair of numbers that"),
        (lambda: gdviz.Function(lambda u, v: u, view=[1, 2]), "view needs 2 pairs of numbers that"),
        (lambda: gdviz.fit("function:valley:condition=-1"), "condition must be a number above 0"),
        (lambda: gdviz.fit("function:booth", fixed_intercept="ols"), "has no intercept"),
        (lambda: gdviz.fit("function:booth", theta0=(1e9, 0)), "far outside"),
        (lambda: gdviz.fit("function:plateau", theta0=(90, 0)), "is flat where it starts"),
        (lambda: gdviz.Function(lambda u, v: u, names=("u", "u")), "given twice"),
        (lambda: gdviz.Function(lambda u, v: u, names=("u",)), "does not take 1 number:"),
        (lambda: gdviz.Function(lambda u, v: [u, v]), "has to give one"),
        (lambda: gdviz.Function(lambda u, v: u, minima=((1, 2, 3),)), "points of 2 numbers"),
        (lambda: gdviz.Function(lambda u, v: u, partials=lambda u, v: (1,)), "have to be 2"),
    ],
)
def test_misuse_is_told(given, said):
    with pytest.raises(ValueError, match=said):
        given()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            "himmelblau",
            "not of 'himmelblau'; " + 'descend on it by gdviz.fit("function:himmelblau")',
        ),
        ("function:Booth", 'gdviz.fit("function:booth")'),
        ("valley:condition=5", 'gdviz.fit("function:valley:condition=5")'),
        ("himelblau", "not of 'himelblau' (did you mean himmelblau?)"),
        ("exp", "not of 'exp'"),
        (3, "not of 3"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_registered_function_that_is_meant(given, said):
    with pytest.raises(TypeError, match=r"^a Function is made of a callable, not of ") as refused:
        Function(given)
    assert str(refused.value).endswith(said)


def test_what_needs_a_table_says_so():
    history = gdviz.fit("function:booth")
    with pytest.raises(AttributeError, match=r"descent on booth\(u, v\), which has no table"):
        history.dataset  # noqa: B018
    for kind in ("plane", "boundary"):
        with pytest.raises(ValueError, match="draws a table, and booth"):
            getattr(gdviz.renderers, kind)(history)


def test_among_many_parameters_no_minimum_is_looked_for():
    bowl = Function(
        lambda *theta: sum(t**2 for t in theta), names=[f"w{j}" for j in range(12)], name="bowl"
    )
    history = History.from_arrays(np.outer(0.5 ** np.arange(8), np.ones(12)), objective=bowl)
    assert str(bowl) == "bowl of 12 parameters"
    assert not history.best.exists
    assert history.best.cost == history.cost[-1]
    assert not history.converged  # it is at no minimum that is known
    assert "at 0.000732422 of 12, its minimum not known" in str(history)
    assert "minimum not known" in goal_name(history.best)
    assert "no optimum" not in str(history)
    # Held but for ten, it is.
    ten = bowl.lowest({0: 1.0, 1: 0.0}, history.theta[-1])
    assert ten.exists
    np.testing.assert_allclose(ten.theta, [1] + [0] * 11, atol=1e-9)


def _square_of_each(theta):
    """A formula that takes one θ at a time: of several its indices would mean something else."""
    return theta[0] ** 2 + 3 * theta[1] ** 2 + theta[2] ** 4


@pytest.mark.parametrize(
    "formula",
    [
        pytest.param(lambda t: t[..., 0] ** 2 + 3 * t[..., 1] ** 2 + t[..., 2] ** 4, id="at once"),
        pytest.param(_square_of_each, id="one by one"),
        pytest.param(lambda t: float(_square_of_each(t)), id="a float"),
    ],
)
def test_a_formula_may_take_theta_as_a_whole(formula):
    whole = Function(formula, start=(1, 2, 3), whole=True, name="f")
    parts = Function(lambda u, v, w: u**2 + 3 * v**2 + w**4, start=(1, 2, 3))
    theta = np.random.default_rng(0).normal(size=(3, 3, 3))  # as many points as parameters
    assert_allclose(whole.cost(theta), parts.cost(theta))
    assert_allclose(whole.cost(theta[0, 0]), parts.cost(theta[0, 0]))
    assert_allclose(whole.gradient(theta[0, 0]), parts.gradient(theta[0, 0]))
    assert whole.names == ("w0", "w1", "w2")


def test_partials_of_theta_as_a_whole():
    bowl = Function(
        np.linalg.norm, partials=lambda t: t / np.linalg.norm(t), start=[3, 4], whole=True
    )
    assert_allclose(bowl.gradient(np.array([[3, 4], [0, 2.0]])), [[0.6, 0.8], [0, 1]])


def test_theta_as_a_whole_needs_a_start():
    with pytest.raises(ValueError, match="needs a start, which says how long θ is"):
        Function(np.sum, whole=True)

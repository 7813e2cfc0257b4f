"""The closed form beside the same descent in sixty digits and more, by powers of its matrix."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import gdviz
from gdviz.core.closed_form import BLOCK, Modes

EPOCHS = (1, 2, 9, 100, 2000, 100_000)
ARTICLE = [-1.0, 3.0, 3.0]


def sixty_digits(dataset, start, rate, epochs, held=()):
    """θ of some epochs: one step is a matrix, (θ, 1) ↦ (θ − α ∇J(θ), 1), and k steps its power."""
    with mpmath.workdps(60 + 100):  # columns 1e24 apart, squared, twice
        A = mpmath.matrix(np.column_stack([np.ones(dataset.n_samples), dataset.X]).tolist())
        y = mpmath.matrix(dataset.y.tolist())
        d = dataset.n_features + 1
        step = mpmath.eye(d + 1)
        share = 2 * mpmath.mpf(rate) / dataset.n_samples
        H, g = A.T * A, A.T * y
        for i in set(range(d)) - set(held):
            for j in range(d):
                step[i, j] -= share * H[i, j]
            step[i, d] = share * g[i]
        theta = mpmath.matrix([*map(float, start), 1])
        return [[*(step**k * theta)][:d] for k in epochs]


def assert_exact(theta, exact, start, goal):
    """Every entry to 1e-9 of itself; where one crosses 0, to 1e-13 of the smaller of its ends."""
    for point, truth in zip(theta, exact, strict=True):
        for j, (value, wanted) in enumerate(zip(point.tolist(), truth, strict=True)):
            allowed = max(1e-9 * abs(wanted), 1e-13 * min(abs(start[j]), abs(goal[j])))
            assert abs(value - wanted) <= allowed, (j, value, float(wanted))


def modes(dataset, start, fixed=None):
    start = np.array(start)
    best = gdviz.least_squares(dataset, fixed)
    return Modes.of(dataset.moments.rows, start, fixed or {}, best)


def assert_all_epochs_exact(dataset, start, share):
    """Of a rate that is so much of 1/λmax."""
    rate = share * modes(dataset, start).auto_rate
    history = gdviz.fit(dataset, theta0=start, learning_rate=rate, epochs=EPOCHS[-1])
    exact = sixty_digits(dataset, start, rate, EPOCHS)
    assert_exact(history.theta[[*EPOCHS]], exact, start, history.optimum)
    assert_array_equal(history.theta[0], start)


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 1.7])
@pytest.mark.parametrize("start", [[0.0, 0, 0], ARTICLE])
@pytest.mark.parametrize(
    "units", [(1, 1), (1e12, 1), (1e-12, 1), (1e12, 1e-12), (1e6, 1e-6), (1e3, 1e-3), (1e-7, 1e-9)]
)
def test_any_units(units, start, share, random_table):
    assert_all_epochs_exact(random_table(20, 12, 2, scale=units, offset=0.5), start, share)


@pytest.mark.parametrize("share", [0.3, 0.9, 1.7])
@pytest.mark.parametrize("start", [[0.0, 0, 0], ARTICLE])
@pytest.mark.parametrize("level", [0.0, 1.0])
@pytest.mark.parametrize("ratio", [1e1, 1e2, 1e4, 1e6, 1e8])
def test_means_far_from_zero(ratio, level, start, share, random_table):
    table = random_table(21, 12, 2, offset=np.array([ratio, -ratio / 2]))
    dataset = gdviz.Dataset.of(table.X, table.y + level * ratio)
    assert_all_epochs_exact(dataset, start, share)


@pytest.mark.parametrize("share", [0.3, 0.9, 1.7])
@pytest.mark.parametrize("start", [[0.0, 0, 0], ARTICLE])
@pytest.mark.parametrize("apart", [1e-1, 1e-2, 1e-3, 1e-6, 1e-9, 1e-12])
def test_columns_that_are_nearly_collinear(apart, start, share):
    rng = np.random.default_rng(22)
    x = rng.normal(size=12)
    dataset = gdviz.Dataset.of(
        np.column_stack([x, x + apart * rng.normal(size=12)]), 2 * x + rng.normal(size=12)
    )
    assert_all_epochs_exact(dataset, start, share)


@pytest.mark.parametrize("power", [0, 4, 8, 12, 16])
@pytest.mark.parametrize("share", [0.01, 0.9])
def test_a_start_far_away_leaves_the_end_its_digits(power, share):
    rng = np.random.default_rng(23)
    x = rng.normal(size=20)
    dataset = gdviz.Dataset.of(x * 10.0**power, 2 * x + 0.3 * rng.normal(size=20))
    assert_all_epochs_exact(dataset, [-1.0, 3.0], share)


@given(
    seed=st.integers(0, 10**6),
    exponents=st.lists(st.integers(-12, 12), min_size=1, max_size=3),
    offset=st.sampled_from([0.0, 1.0, 1e3, 1e8]),
    y_scale=st.sampled_from([1e-12, 1.0, 1e12]),
    away=st.sampled_from([0.0, 1.0, 1e12]),
    share=st.floats(0.001, 1.9).filter(lambda share: abs(share - 1) > 0.01),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_table(random_table, seed, exponents, offset, y_scale, away, share):
    scale = 10.0 ** np.array(exponents)
    dataset = random_table(seed, 8, len(exponents), scale=scale, offset=offset, y_scale=y_scale)
    start = away * np.random.default_rng(seed).normal(size=len(exponents) + 1)
    assert_all_epochs_exact(dataset, start, share)


@pytest.mark.parametrize(("power", "digits"), [(12, 12), (16, 12)])
def test_the_fit_over_a_column_of_large_numbers_is_that_of_a_loop(power, digits, plain_loop):
    # The fault that was reported: R² was −11.3 instead of the loop's 0.972.
    rng = np.random.default_rng(0)
    x = np.arange(1.0, 21)
    dataset = gdviz.Dataset.of(x * 10.0**power, 2 * x + 2 * rng.normal(size=20))
    history = gdviz.fit(dataset, fixed_intercept=0, epochs=2000, theta0=[-1.0, 3.0])
    oracle = plain_loop(dataset, [0, 3], history.learning_rate, 2000, hold_intercept=True)
    assert_allclose(history.theta[-1, 1], float(oracle[-1, 1]), rtol=10.0**-digits)
    residual = dataset.y - dataset.X[:, 0] * float(oracle[-1, 1])
    loop = 1 - (residual**2).sum() / ((dataset.y - dataset.y.mean()) ** 2).sum()
    assert history.r2[-1] == pytest.approx(loop, abs=1e-12)
    assert loop > 0.9


def test_what_is_held_is_exact_too(random_table):
    dataset = random_table(24, 12, 3, scale=[1e9, 1.0, 1e-9])
    start, fixed = np.array([2.0, 3.0, -1.0, 5.0]), {0: 2.0, 2: -1.0}
    rate = 0.7 * modes(dataset, start, fixed).auto_rate
    history = gdviz.fit(
        dataset, theta0=start, learning_rate=rate, epochs=2000, fixed={"intercept": 2, "x1": -1}
    )
    exact = sixty_digits(dataset, start, rate, EPOCHS[:5], held=fixed)
    assert_exact(history.theta[[*EPOCHS[:5]]], exact, start, history.optimum)


@pytest.mark.parametrize("start", [[0.0] * 4, [-1.0, 3, 5, -2]])
@pytest.mark.parametrize("share", [0.02, 0.9])
def test_what_no_direction_moves_stays(start, share):
    # A column twice, in two units, beside one that is slow: each mode passes its half on its own.
    rng = np.random.default_rng(29)
    x, slow = rng.normal(size=(2, 12))
    X = np.column_stack([x, 4 * x, 0.01 * slow])  # exact: 4 is a power of two
    assert_all_epochs_exact(gdviz.Dataset.of(X, x - slow + 0.1), start, share)


# What is left -------------------------------------------------------------------------------------


def test_what_is_left_has_all_its_digits(random_table):
    dataset = random_table(25, 12, 2, scale=[1e5, 1e-3])
    ways = modes(dataset, ARTICLE)
    k = np.array([0, 1, 2, 1000, 10**6, 10**12, 10**15])
    for share in (1e-9, 0.3, 0.999, 1.999):
        rate = share * ways.auto_rate
        left = ways.left(rate, k)
        assert left.shape == (7, 3)
        for m, value in enumerate(ways.eigenvalues.tolist()):
            with mpmath.workdps(60):
                exact = [(1 - mpmath.mpf(rate * value)) ** int(n) for n in k]
            wanted = np.array(exact, dtype=float)
            drawable = np.abs(wanted) > 1e-200
            assert_allclose(left[drawable, m], wanted[drawable], rtol=1e-12)
            assert (np.abs(left[~drawable, m]) < 1e-199).all()


def test_what_is_left_of_the_ways_leads_back_to_the_record(random_table):
    dataset = random_table(26, 12, 2, scale=[3.0, 0.5])
    ways = modes(dataset, ARTICLE)
    rate = 0.8 * ways.auto_rate
    left = ways.left(rate, np.arange(501))
    path = ways.record(rate, 500)
    assert_allclose(ways.goal + left @ ways.ways, path, rtol=1e-12)
    assert_allclose(ways.goal + ways.ways.sum(axis=0), ways.start, rtol=1e-12)
    assert_allclose(path[-1], ways.goal, rtol=1e-3)
    removed = float(ways.residual @ ways.residual)
    loss, best = gdviz.core.losses.mean_squared_error(), gdviz.least_squares(dataset)
    assert removed == pytest.approx(float(best.gap(ways.start)), rel=1e-12)
    for k in (0, 1, 7, 500):
        gap = float(loss.cost(path[k], dataset)) - best.cost
        assert ways.gap(rate, k) == pytest.approx(gap, rel=1e-9, abs=1e-13)


def test_the_directions_are_the_eigenvectors_of_the_hessian(random_table):
    dataset = random_table(27, 30, 4, scale=[1.0, 3.0, 0.2, 1.0])
    ways = modes(dataset, np.zeros(5))
    H = gdviz.core.losses.mean_squared_error().hessian(np.zeros(5), dataset)
    assert_allclose(ways.eigenvalues, np.linalg.eigvalsh(H)[::-1], rtol=1e-12)
    assert_allclose(H @ ways.directions.T, ways.directions.T * ways.eigenvalues, atol=1e-12)
    assert_allclose(ways.directions @ ways.directions.T, np.eye(5), atol=1e-14)
    assert ways.limit == 2 * ways.auto_rate == pytest.approx(2 / ways.eigenvalues[0], rel=1e-15)


@pytest.mark.parametrize("last", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
@pytest.mark.parametrize("share", [0.01, 1.0, 2.0, 2.001])
def test_a_record_is_one_whatever_its_length(last, share, random_table):
    ways = modes(random_table(28, 12, 2), ARTICLE)
    rate = share * ways.auto_rate
    whole = ways.record(rate, 3 * BLOCK)
    part = ways.record(rate, last)
    assert part.shape == (last + 1, 3)
    assert_allclose(part, whole[: last + 1], rtol=1e-13)


def test_a_column_of_zeros_changes_nothing(random_table):
    table = random_table(12, 9, 2)
    wider = gdviz.Dataset.of(np.insert(table.X, 1, 0.0, axis=1), table.y)
    one = gdviz.fit(table, learning_rate=0.1, epochs=40, theta0=[1, 2, 3])
    two = gdviz.fit(wider, learning_rate=0.1, epochs=40, theta0=[1, 2, 7, 3])
    assert_allclose(two.theta[:, [0, 1, 3]], one.theta, rtol=1e-12)
    assert (two.theta[:, 2] == 7).all()

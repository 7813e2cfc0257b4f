"""Every loss: its gradient is the slope of its cost, and its cost broadcasts."""

import dataclasses
import inspect

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.special import huber as half_huber
from sklearn.linear_model import HuberRegressor, LogisticRegression, Ridge
from sklearn.metrics import log_loss

import gdviz
from gdviz.core.fit import DivergenceWarning
from gdviz.core.iterate import batch_gradients, full_gradients
from gdviz.core.losses import LOSSES, cross_entropy, huber, loss_of, mean_squared_error, ridge
from gdviz.core.objective import Regression
from gdviz.core.optimum import optimum


@pytest.fixture(params=LOSSES)
def loss(request):
    return LOSSES[request.param]()


@pytest.fixture
def suited_table(loss, random_table):
    """Return tables as everywhere, but of two labels for a loss that wants them."""
    return lambda *args, **options: _suited(random_table(*args, **options), loss)


def _suited(dataset, loss):
    if not loss.labels:
        return dataset
    return dataclasses.replace(dataset, y=np.where(dataset.y > np.median(dataset.y), 7.0, 2.0))


@pytest.mark.parametrize("seed", range(5))
def test_gradient_equals_finite_differences(loss, seed, suited_table):
    dataset = suited_table(seed, 20, 3, scale=[1.0, 30.0, 0.1], offset=1.0)
    theta = np.random.default_rng(seed).normal(size=4)
    h = 1e-5
    slope = [
        (loss.cost(theta + h * e, dataset) - loss.cost(theta - h * e, dataset)) / (2 * h)
        for e in np.eye(4)
    ]
    gradient = loss.gradient(theta, dataset)
    assert gradient.shape == (4,)
    assert_allclose(gradient, slope, rtol=1e-6, atol=1e-6 * np.abs(slope).max())


@pytest.mark.parametrize("shape", [(), (1,), (7,), (4, 5), (2, 3, 4)])
def test_cost_broadcasts(loss, shape, suited_table):
    dataset = suited_table(0, 10, 2)
    theta = np.random.default_rng(1).normal(size=(*shape, 3))
    cost = loss.cost(theta, dataset)
    assert cost.shape == shape
    one_by_one = [loss.cost(t, dataset) for t in theta.reshape(-1, 3)]
    assert_allclose(cost.ravel(), one_by_one, rtol=1e-13)


def test_arguments_are_left_as_they_were(loss, suited_table):
    dataset = suited_table(0, 10, 2)
    theta = np.array([1.0, 2.0, 3.0])
    loss.cost(theta, dataset)
    loss.gradient(theta, dataset)
    assert theta.tolist() == [1, 2, 3]


def test_the_gradient_vanishes_at_the_optimum(table):
    A = np.column_stack([np.ones(table.n_samples), table.X])
    optimum = np.linalg.lstsq(A, table.y, rcond=None)[0]
    gradient = mean_squared_error().gradient(optimum, table)
    # against the sizes of what cancels in it
    size = np.abs(A).T @ (np.abs(A) @ np.abs(optimum) + np.abs(table.y))
    assert (np.abs(gradient) <= 1e-13 * size).all()


@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 40),
    p=st.integers(1, 6),
    noise=st.sampled_from([0.0, 1e-9, 1e-3, 1.0]),
    offset=st.sampled_from([0.0, 10.0, 1e4]),
    scale=st.sampled_from([1e-140, 1e-6, 1.0, 1e6, 1e140]),
    away=st.sampled_from([0.0, 1e-9, 1e-3, 1.0, 1e6]),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_cost_is_that_of_the_residuals_row_by_row(
    random_table, seed, n, p, noise, offset, scale, away
):
    dataset = random_table(seed, n, p, noise=noise, offset=offset, scale=scale, y_scale=scale)
    theta = np.linalg.lstsq(np.column_stack([np.full(n, scale), dataset.X]), dataset.y, rcond=None)[
        0
    ]
    theta[0] *= scale
    theta = theta + away * np.random.default_rng(seed).normal(size=p + 1) * [scale, *[1] * p]
    cost = float(mean_squared_error().cost(theta, dataset))

    residuals = dataset.X.astype(np.longdouble) @ theta[1:] + theta[0] - dataset.y
    exact = np.sqrt(np.mean((residuals / scale) ** 2)) * scale
    # What rounding a row's prediction, or y itself, to a double already does.
    rounding = np.finfo(float).eps * np.max(
        np.abs(dataset.X) @ np.abs(theta[1:]) + abs(theta[0]) + np.abs(dataset.y)
    )
    assert cost >= 0
    assert abs(np.sqrt(cost) - exact) <= 0.5e-9 * exact + 4 * (p + 1) * rounding


# Derivatives --------------------------------------------------------------------------------------

PENALISED = [name for name, make in LOSSES.items() if "alpha" in inspect.signature(make).parameters]
GIVEN = ["huber:delta=0.7", "huber:delta=0.7,alpha=2", *(f"{name}:alpha=1.5" for name in PENALISED)]
VARIED = {text: loss_of(text) for text in [*LOSSES, *GIVEN]}


def _kinks_are_away(loss, theta, dataset, distance):
    """Whether no residual is so near to ±δ that a difference could step across."""
    if loss.linear_beyond is None:
        return True
    residuals = theta[0] + dataset.X @ theta[1:] - dataset.y
    return np.abs(np.abs(residuals) - loss.linear_beyond).min() > distance


@pytest.mark.parametrize("name", VARIED)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 30),
    exponents=st.lists(st.integers(-3, 3), min_size=1, max_size=5),
    offset=st.sampled_from([0.0, 1.0, 10.0]),
    size=st.sampled_from([0.1, 1.0, 3.0]),
)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_derivatives_equal_finite_differences(name, random_table, seed, n, exponents, offset, size):
    loss, p = VARIED[name], len(exponents)
    scale = 10.0 ** np.array(exponents)
    dataset = _suited(random_table(seed, n, p, scale=scale, offset=offset), loss)
    assume(not loss.labels or len(np.unique(dataset.y)) == 2)
    units = np.append(1, 1 / scale)  # what changes a prediction by about 1
    theta = size * units * np.random.default_rng(seed).normal(size=p + 1)
    h = 1e-5
    assume(_kinks_are_away(loss, theta, dataset, 10 * h * (1 + offset)))

    gradient, hessian = loss.gradient(theta, dataset), loss.hessian(theta, dataset)
    sides = [(theta + h * step, theta - h * step) for step in np.diag(units)]
    slopes = [(loss.cost(a, dataset) - loss.cost(b, dataset)) / (2 * h) for a, b in sides]
    bends = [(loss.gradient(a, dataset) - loss.gradient(b, dataset)) / (2 * h) for a, b in sides]
    rounding = 1e-10 * (float(loss.cost(theta, dataset)) + 1)
    assert_allclose(
        gradient * units, slopes, rtol=1e-5, atol=rounding + 1e-6 * np.abs(slopes).max()
    )
    H = hessian * np.outer(units, units)
    assert_allclose(H, np.array(bends) * units, rtol=1e-5, atol=1e-6 * np.abs(H).max() + rounding)
    assert_allclose(hessian, hessian.T, rtol=1e-12)


@pytest.mark.parametrize("name", VARIED)
def test_no_bend_is_larger_than_the_curvature(name):
    loss = VARIED[name]
    z = np.linspace(-20, 20, 4001)
    bends = np.concatenate([loss.bend(z, np.full(z.shape, t)) for t in (0.0, 1.0)])
    assert_allclose(bends.max(), loss.curvature, rtol=1e-12)
    assert bends.min() >= 0


@pytest.mark.parametrize("name", VARIED)
def test_no_direction_is_steeper_than_is_said(name, random_table):
    loss = VARIED[name]
    dataset = _suited(random_table(3, 25, 3, scale=[1.0, 5.0, 0.2], offset=1.0), loss)
    for free in ([0, 1, 2, 3], [1, 2, 3], [0, 3]):
        steepest = loss.steepest(dataset, free)
        H = loss.hessian(np.array([0.3, 0.1, -0.2, 0.1]), dataset)[np.ix_(free, free)]
        largest = np.linalg.eigvalsh(H)[-1]
        assert steepest >= largest * (1 - 1e-12)
        if loss.squared:
            assert_allclose(steepest, largest, rtol=1e-12)


# Each loss against someone else's -----------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.0, 1e-3, 1.0, 50.0])
def test_ridge_is_that_of_scikit_learn(alpha, random_table):
    dataset = random_table(1, 30, 4, scale=[1.0, 10.0, 0.1, 1.0], offset=2.0)
    model = Ridge(alpha=alpha).fit(dataset.X, dataset.y)
    history = gdviz.fit(dataset, loss=f"ridge:alpha={alpha}", epochs=1)
    assert_allclose(history.optimum, [model.intercept_, *model.coef_], rtol=1e-9)
    residuals = dataset.y - model.predict(dataset.X)
    penalised = (residuals @ residuals + alpha * model.coef_ @ model.coef_) / 30
    assert_allclose(history.best.cost, penalised, rtol=1e-10)
    assert_allclose(ridge(alpha).cost(history.optimum, dataset), penalised, rtol=1e-10)


def test_ridge_has_one_optimum_where_columns_are_equal(random_table):
    x = random_table(2, 20, 1).X
    dataset = gdviz.Dataset.of(np.column_stack([x, x]), 3 * x[:, 0] + 1)
    model = Ridge(alpha=2.0).fit(dataset.X, dataset.y)
    history = gdviz.fit(dataset, loss="ridge:alpha=2", epochs=20_000)
    assert history.best.unique
    assert_allclose(history.optimum, [model.intercept_, *model.coef_], rtol=1e-9)
    assert_allclose(history.theta[-1], history.optimum, rtol=1e-9)


@pytest.mark.parametrize("delta", [0.1, 1.0, 30.0])
def test_huber_is_twice_that_of_scipy(delta, random_table):
    dataset = random_table(3, 40, 2, noise=5.0)
    theta = np.random.default_rng(3).normal(size=(6, 3))
    residuals = theta[:, :1] + theta[:, 1:] @ dataset.X.T - dataset.y
    expected = 2 * half_huber(delta, residuals).mean(axis=-1)
    assert_allclose(huber(delta).cost(theta, dataset), expected, rtol=1e-12)


def test_huber_is_twice_that_of_pytorch(random_table):
    torch = pytest.importorskip("torch")
    dataset = random_table(3, 40, 2, noise=5.0)
    theta = torch.tensor([0.3, -1.0, 2.0], dtype=torch.float64, requires_grad=True)
    z = theta[0] + torch.tensor(dataset.X.copy()) @ theta[1:]
    cost = 2 * torch.nn.functional.huber_loss(z, torch.tensor(dataset.y.copy()), delta=1.5)
    cost.backward()
    point, loss = theta.detach().numpy(), huber(delta=1.5)
    assert_allclose(loss.cost(point, dataset), cost.item(), rtol=1e-12)
    assert_allclose(loss.gradient(point, dataset), theta.grad.numpy(), rtol=1e-12)


def test_a_large_delta_makes_huber_the_mean_squared_error(random_table):
    dataset = random_table(4, 20, 2)
    theta = np.random.default_rng(4).normal(size=(5, 3))
    expected = mean_squared_error().cost(theta, dataset)
    assert_allclose(huber(delta=1e6).cost(theta, dataset), expected, rtol=1e-12)


@pytest.mark.parametrize("labels", [(0.0, 1.0), (-1.0, 1.0), (2.0, 7.0), (1e6, -3.5)])
def test_cross_entropy_is_that_of_scikit_learn(labels, random_table):
    table = random_table(5, 60, 2)
    dataset = dataclasses.replace(table, y=np.where(table.y > 0.5, *labels))
    larger = dataset.y == max(labels)
    for theta in np.random.default_rng(5).normal(size=(5, 3)):
        probability = 1 / (1 + np.exp(-theta[0] - dataset.X @ theta[1:]))
        expected = log_loss(larger, probability)
        assert_allclose(cross_entropy().cost(theta, dataset), expected, rtol=1e-12)


@pytest.mark.parametrize("C", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("separable", [False, True])
def test_a_penalty_on_cross_entropy_is_that_of_scikit_learn(C, separable, random_table):
    noise = 0.0 if separable else 3.0
    dataset = _suited(random_table(31, 60, 3, noise=noise, offset=0.3), cross_entropy())
    model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    model.fit(dataset.X, dataset.y)
    theirs = np.append(model.intercept_, model.coef_)
    assert _a_plane_is_between(dataset) == separable
    loss = cross_entropy(alpha=1 / (2 * C))
    best = optimum(dataset, loss, {}, np.zeros(4))
    assert_allclose(best.theta, theirs, rtol=1e-6)
    entropy = log_loss(dataset.y, model.predict_proba(dataset.X))
    assert_allclose(best.cost, entropy + theirs[1:] @ theirs[1:] / (2 * C * 60), rtol=1e-9)
    options = {"optimizer": "nesterov", "theta0": np.zeros(4), "epochs": 20_000}
    history = gdviz.fit(dataset, loss=f"cross-entropy:alpha={1 / (2 * C)!r}", **options)
    assert_allclose(history.theta[-1], theirs, rtol=1e-6)


@pytest.mark.parametrize("alpha", [0.0, 1e-4, 1.0, 100.0])
@pytest.mark.parametrize("epsilon", [1.1, 1.35, 3.0])
def test_huber_is_that_of_scikit_learn(epsilon, alpha, random_table):
    table = random_table(32, 80, 3, scale=[1.0, 0.5, 2.0], noise=2.0)
    y = table.y.copy()
    y[::9] += 25.0
    dataset = dataclasses.replace(table, y=y)
    model = HuberRegressor(epsilon=epsilon, alpha=alpha, tol=1e-9, max_iter=10_000)
    model.fit(dataset.X, y)
    sigma = float(model.scale_)  # found together with the weights
    loss = f"huber:delta={epsilon * sigma!r},alpha={alpha * sigma!r}"
    history = gdviz.fit(dataset, loss=loss, epochs=3_000)
    theirs = [model.intercept_, *model.coef_]
    assert_allclose(history.optimum, theirs, rtol=1e-4, atol=1e-4)
    assert_allclose(history.theta[-1], history.optimum, rtol=1e-6)
    r = y - model.predict(dataset.X)
    penalised = 2 * half_huber(epsilon * sigma, r).mean()
    penalised += alpha * sigma * model.coef_ @ model.coef_ / 80
    assert history.best.cost <= penalised * (1 + 1e-12)
    assert_allclose(history.best.cost, penalised, rtol=1e-7)


@pytest.mark.parametrize("loss", PENALISED)
@pytest.mark.parametrize("alpha", [-1.0, -1e-9, np.inf])
def test_a_penalty_is_never_negative(loss, alpha):
    with pytest.raises(ValueError, match=f"alpha must be 0 or a positive number, not {alpha}"):
        LOSSES[loss](alpha=alpha)


def test_only_ridge_has_a_penalty_that_nobody_asked_for():
    assert [name for name, make in LOSSES.items() if make().penalty] == ["ridge"]
    assert ridge().penalty == 1
    assert {"ridge", "huber", "cross-entropy"} <= {*PENALISED}
    assert inspect.signature(huber).parameters["delta"].default == 1.0


@pytest.mark.parametrize("batch_size", [1, 7, 40])
@pytest.mark.parametrize("name", VARIED)
def test_the_penalty_pulls_in_batches_as_it_does_in_the_table(name, batch_size, random_table):
    loss, n = VARIED[name], 40
    dataset = _suited(random_table(33, n, 3), loss)
    theta = np.array([0.4, -1.0, 0.5, 2.0])
    gradients = batch_gradients(Regression(dataset, loss), batch_size, np.random.default_rng(0))
    per_epoch = -(-n // batch_size)
    sizes = np.full(per_epoch, batch_size)
    sizes[-1] = n - batch_size * (per_epoch - 1)
    mean = sum(size * next(gradients)(theta) for size in sizes) / n
    assert_allclose(mean, loss.gradient(theta, dataset), rtol=1e-12, atol=1e-14)
    assert_allclose(
        next(full_gradients(Regression(dataset, loss)))(theta), mean, rtol=1e-9, atol=1e-12
    )


def test_cross_entropy_does_not_overflow(random_table):
    dataset = _suited(random_table(5, 20, 2), cross_entropy())
    theta = np.array([0.0, 1e6, -1e6])
    z = dataset.X @ theta[1:] * np.where(dataset.y == 7, 1, -1)
    assert_allclose(cross_entropy().cost(theta, dataset), np.maximum(-z, 0).mean(), rtol=1e-12)


@pytest.mark.parametrize("labels", [[1.0, 2.0, 3.0], [0.0, 0.5, 1.0], list(range(20))])
def test_more_than_two_labels_are_refused(labels):
    y = np.resize(labels, 20)
    X = np.arange(20.0)
    with pytest.raises(ValueError, match=f"two labels; this one has {len(labels)} values"):
        gdviz.fit(X, y, loss="cross-entropy", epochs=1)


def test_one_label_is_refused():
    with pytest.raises(ValueError, match=r"two labels; this one has 1 value$"):
        gdviz.fit(np.arange(5.0), np.ones(5), loss="cross-entropy", epochs=1)


# The optimum --------------------------------------------------------------------------------------

UNITS = [1.0, 1e-6, 1e6]


def _logistic(X, y):
    """scikit-learn's θ without a penalty."""
    solver = {"solver": "newton-cholesky", "tol": 1e-12, "max_iter": 1000}
    model = LogisticRegression(C=np.inf, **solver).fit(X, y)
    return np.append(model.intercept_, model.coef_)


@pytest.mark.parametrize("far", UNITS)
@pytest.mark.parametrize(("n", "p"), [(40, 1), (60, 3), (400, 5)])
def test_the_optimum_of_cross_entropy_is_that_of_scikit_learn(n, p, far, random_table):
    # Columns in units from 1 to 1e±6; scikit-learn gets them in units of 1.
    scale = np.geomspace(1, far, p)
    dataset = _suited(random_table(6, n, p, scale=scale, noise=3.0), cross_entropy())
    best = optimum(dataset, cross_entropy(), {}, np.array([-1.0] + [3.0] * p))
    assert best.exists
    assert_allclose(
        best.theta * np.append(1, scale), _logistic(dataset.X / scale, dataset.y), rtol=1e-7
    )
    assert best.remark() == ""


@pytest.mark.parametrize("delta", [0.05, 1.0, 100.0])
@pytest.mark.parametrize("far", UNITS)
@pytest.mark.parametrize(("n", "p"), [(40, 1), (60, 3), (400, 5)])
def test_the_optimum_of_huber_is_that_of_scipy(n, p, far, delta, random_table):
    scale = np.geomspace(1, far, p)
    dataset = random_table(7, n, p, scale=scale, noise=3.0)
    Z = np.column_stack([np.ones(n), dataset.X / scale])
    found = minimize(
        lambda theta: half_huber(delta, Z @ theta - dataset.y).mean() / delta,
        np.zeros(p + 1),
        jac=lambda theta: Z.T @ np.clip(Z @ theta - dataset.y, -delta, delta) / n / delta,
        method="BFGS",
        options={"gtol": 1e-10, "maxiter": 10_000},
    )
    best = optimum(dataset, huber(delta), {}, np.array([-1.0] + [3.0] * p))
    assert best.cost <= 2 * delta * found.fun * (1 + 1e-12)
    assert_allclose(best.theta * np.append(1, scale), found.x, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("start", [[-1.0, 3, 3], [1e6, -1e6, 1e6]])
@pytest.mark.parametrize("loss", [huber(), cross_entropy()], ids=["huber", "cross-entropy"])
def test_the_optimum_does_not_depend_on_the_start(loss, start, random_table):
    dataset = _suited(random_table(8, 50, 2, noise=3.0), loss)
    best = optimum(dataset, loss, {}, np.array(start))
    assert_allclose(best.theta, optimum(dataset, loss, {}, np.zeros(3)).theta, rtol=1e-8)
    assert np.abs(loss.gradient(best.theta, dataset)).max() < 1e-10


@pytest.mark.parametrize("fixed", [{0: 2.0}, {1: -0.5}, {0: 0.0, 2: 0.25}])
@pytest.mark.parametrize("name", VARIED)
def test_the_optimum_with_parameters_held(name, fixed, random_table):
    loss = VARIED[name]
    dataset = _suited(random_table(9, 60, 3, noise=3.0), loss)
    start = np.array([-1.0, 3, 3, 3])
    start[list(fixed)] = list(fixed.values())
    best = optimum(dataset, loss, fixed, start)
    free = [j for j in range(4) if j not in fixed]
    assert {j: best.theta[j] for j in fixed} == fixed
    assert np.abs(loss.gradient(best.theta, dataset)[free]).max() < 1e-9
    assert_allclose(loss.cost(best.theta, dataset), best.cost, rtol=1e-12)
    assert (best.gap(best.theta + np.eye(4)[free]) > 0).all()


@pytest.mark.parametrize("loss", [huber(), cross_entropy()], ids=["huber", "cross-entropy"])
def test_of_many_optima_it_is_the_one_where_a_descent_arrives(loss, random_table):
    # Two columns that are one, in other units.
    table = random_table(10, 40, 1, noise=3.0)
    x = table.X[:, 0]
    dataset = _suited(gdviz.Dataset.of(np.column_stack([x, 3 * x]), table.y), loss)
    name = "cross-entropy" if loss.labels else "huber"
    history = gdviz.fit(dataset, loss=name, theta0=[0.0, 0.5, 0.0], epochs=20_000)
    assert_allclose(history.theta[-1], history.optimum, rtol=1e-6)
    one = gdviz.fit(x, dataset.y, loss=name, epochs=1).optimum
    assert_allclose(history.optimum[[0]], one[[0]], rtol=1e-7)
    assert_allclose(history.optimum[1:] @ [1, 3], one[1], rtol=1e-7)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_fewer_rows_than_parameters_fit_without_error(n, random_table):
    dataset = random_table(11, n, 4)
    best = optimum(dataset, huber(), {}, np.zeros(5))
    assert best.cost < 1e-20
    assert_allclose(best.theta[0] + dataset.X @ best.theta[1:], dataset.y, atol=1e-10)


@pytest.mark.parametrize("column", [0.0, 0.1])
@pytest.mark.parametrize("loss", [huber(), cross_entropy()], ids=["huber", "cross-entropy"])
def test_a_column_of_one_value_does_not_matter(loss, column, random_table):
    dataset = _suited(random_table(12, 40, 1, noise=3.0), loss)
    wider = gdviz.Dataset.of(np.column_stack([dataset.X, np.full(40, column)]), dataset.y)
    one = optimum(dataset, loss, {}, np.array([0.0, 0.0]))
    two = optimum(wider, loss, {}, np.array([0.0, 0.0, 0.0]))
    assert_allclose(two.theta[1], one.theta[1], rtol=1e-8)
    assert_allclose(two.cost, one.cost, rtol=1e-12)


# Classes that can be told apart -------------------------------------------------------------------


def test_classes_without_an_overlap_are_said_to_be():
    x = np.array([1.0, 2, 3, 6, 7, 8])
    history = gdviz.fit(x, x > 4, loss="cross-entropy", epochs=1000)
    assert not history.best.exists
    assert "told apart without error" in str(history)
    assert history.cost[-1] < history.cost[0]
    assert (np.diff(history.weights[100:, 0]) > 0).all()


def test_classes_with_an_overlap_are_not():
    x = np.array([1.0, 2, 5, 4, 7, 8])
    history = gdviz.fit(x, [0, 0, 0, 1, 1, 1], loss="cross-entropy", epochs=10)
    assert history.best.exists
    assert "told apart" not in str(history)


@given(seed=st.integers(0, 10**6), n=st.integers(2, 12), p=st.integers(1, 4))
@settings(max_examples=100, derandomize=True, deadline=None)
def test_separable_means_that_a_plane_is_between(random_table, seed, n, p):
    dataset = random_table(seed, n, p)
    y = np.random.default_rng(seed).permutation(np.arange(n) % 2).astype(float)
    dataset = dataclasses.replace(dataset, y=y)
    best = optimum(dataset, cross_entropy(), {}, np.zeros(p + 1))
    assert best.exists != _a_plane_is_between(dataset)


def _a_plane_is_between(dataset):
    """Whether linear programming finds θ with ±(θ₀ + x·w) ≥ 1 on the two sides."""
    from scipy.optimize import linprog

    A = np.column_stack([np.ones(dataset.n_samples), dataset.X])
    side = np.where(dataset.y == dataset.y.max(), -1.0, 1.0)
    rows = A * side[:, None]
    found = linprog(np.zeros(A.shape[1]), rows, -np.ones(len(rows)), bounds=(None, None))
    return bool(found.status == 0)


# Grids --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOSSES)
def test_the_cost_of_a_grid_is_the_cost_point_by_point(name, random_table):
    dataset = _suited(random_table(13, 15, 3), LOSSES[name]())
    history = gdviz.fit(dataset, loss=name, epochs=5, fixed={"intercept": 0.5, "x2": "ols"})
    grid = np.tile(history.theta[0], (7, 7, 1))
    grid[..., 2], grid[..., 1] = np.meshgrid(np.linspace(-1, 2, 7), np.linspace(-3, 1, 7))
    cost = history.objective.cost(grid)
    loss = LOSSES[name]()
    t = loss.target(dataset.y)
    assert cost.shape == (7, 7)
    for at in np.ndindex(7, 7):
        theta = grid[at]
        values = loss.value(theta[0] + dataset.X @ theta[1:], t)
        penalised = values.mean() + loss.penalty * theta[1:] @ theta[1:] / 15
        assert_allclose(cost[at], penalised, rtol=1e-10)


def test_a_descent_that_diverges_is_cut_off_whatever_the_loss(random_table):
    dataset = random_table(14, 20, 2)
    with pytest.warns(DivergenceWarning, match="learning rate 100 makes momentum diverge"):
        history = gdviz.fit(dataset, optimizer="momentum", learning_rate=100.0, epochs=500)
    assert history.diverged
    assert history.ended == "diverged"
    assert np.isfinite(history.theta).all()
    assert np.isfinite(history.cost).all()

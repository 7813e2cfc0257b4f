"""Every optimizer steps as its paper says, as PyTorch's does, and arrives."""

import inspect
import math
import warnings

import numpy as np
import pytest
import sklearn.datasets
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import lsq_linear
from sklearn.linear_model import SGDClassifier, SGDRegressor

import gdviz
from gdviz.core.good_rate import Course, _paths
from gdviz.core.losses import LOSSES
from gdviz.core.optimizers import OPTIMIZERS, Optimizer, gradient_descent, reach
from gdviz.core.registry import named

# Small: once RMSprop swings about an optimum it is chaotic, and rounding grows at every step.
RATE = 0.001
STEPS = 500
START = [-1.0, 3.0, 3.0, 3.0]
SQUARED = [name for name, loss in LOSSES.items() if loss().squared]
NEEDS_A_RATE = [
    name
    for name, factory in OPTIMIZERS.items()
    if inspect.signature(factory).parameters["learning_rate"].default is inspect.Parameter.empty
]


@pytest.fixture(scope="module")
def data(random_table):
    return random_table(11, 30, 3, scale=[1.0, 2.0, 0.5], offset=0.5)


# The papers ---------------------------------------------------------------------------------------
#
# Each takes the gradient as a function of θ, the start and a number of steps, and returns θ of
# every step, (steps + 1, p + 1). They are written as the papers are, not as gdviz is: with
# positions for velocities, with the look-ahead, with the sums that the recurrences stand for.


def cauchy(gradient, theta, steps):
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - RATE * gradient(path[-1]))
    return np.array(path)


def polyak(gradient, theta, steps, beta=0.9):
    """Heavy ball: xₖ₊₁ = xₖ − α∇f(xₖ) + β(xₖ − xₖ₋₁)."""
    x = [theta, theta]
    for _ in range(steps):
        x.append(x[-1] - RATE * gradient(x[-1]) + beta * (x[-1] - x[-2]))
    return np.array(x[1:])


def sutskever(gradient, theta, steps, mu=0.9):
    """vₜ₊₁ = μvₜ − ε∇f(θₜ + μvₜ), θₜ₊₁ = θₜ + vₜ₊₁; the path of the points looked ahead to."""
    v, ahead = np.zeros_like(theta), [theta]
    for _ in range(steps):
        v = mu * v - RATE * gradient(theta + mu * v)
        theta = theta + v
        ahead.append(theta + mu * v)
    return np.array(ahead)


def duchi(gradient, theta, steps, delta=1e-10):
    """xₜ₊₁ = xₜ − α diag(δ + √Σ gg ᵀ)⁻¹ gₜ, the sum taken anew at every step."""
    path, seen = [theta], []
    for _ in range(steps):
        seen.append(gradient(path[-1]))
        root = np.sqrt(np.diag(np.transpose(seen) @ np.array(seen)))
        path.append(path[-1] - RATE * np.linalg.solve(np.diag(delta + root), seen[-1]))
    return np.array(path)


def tieleman(gradient, theta, steps, rho=0.9, epsilon=1e-8):
    """The running mean written out: Σ (1 − ρ) ρᵗ⁻ⁱ gᵢ²."""
    path, seen = [theta], []
    for t in range(steps):
        seen.append(gradient(path[-1]))
        weights = (1 - rho) * rho ** np.arange(t, -1, -1)
        mean_square = weights @ np.square(seen)
        path.append(path[-1] - RATE * seen[-1] / (np.sqrt(mean_square) + epsilon))
    return np.array(path)


def kingma(gradient, theta, steps, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """The order of computation of the end of section 2, with the moments written out as sums."""
    path, seen = [theta], []
    for t in range(1, steps + 1):
        seen.append(gradient(path[-1]))
        m = (1 - beta1) * beta1 ** np.arange(t - 1, -1, -1) @ np.array(seen)
        v = (1 - beta2) * beta2 ** np.arange(t - 1, -1, -1) @ np.square(seen)
        correction = math.sqrt(1 - beta2**t)
        alpha = RATE * correction / (1 - beta1**t)
        path.append(path[-1] - alpha * m / (np.sqrt(v) + epsilon * correction))
    return np.array(path)


def loshchilov(gradient, theta, steps, lam=0.01, rate=RATE):
    """Algorithm 2, line by line: the θ that decays is that before the step, the schedule η is α."""
    beta1, beta2, epsilon, path = 0.9, 0.999, 1e-8, [theta]
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t in range(1, steps + 1):
        g = gradient(path[-1])
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        path.append(path[-1] * (1 - rate * lam) - rate * m_hat / (np.sqrt(v_hat) + epsilon))
    return np.array(path)


def chen(gradient, theta, steps, beta1=0.9, beta2=0.99, lam=0.0):
    """Program 1: interp, sign, interp, decay, and the update times the rate."""
    path, exp_avg = [theta], np.zeros_like(theta)
    for _ in range(steps):
        grad = gradient(path[-1])
        update = np.sign(beta1 * exp_avg + (1 - beta1) * grad)
        exp_avg = beta2 * exp_avg + (1 - beta2) * grad
        path.append(path[-1] - RATE * (update + lam * path[-1]))
    return np.array(path)


PAPERS = {
    "gd": cauchy,
    "momentum": polyak,
    "nesterov": sutskever,
    "adagrad": duchi,
    "rmsprop": tieleman,
    "adam": kingma,
    "adamw": loshchilov,
    "lion": chen,
}


def test_every_optimizer_is_held_to_its_paper_and_its_numbers():
    assert set(PAPERS) == set(OPTIMIZERS) == set(DOCUMENTED)


@pytest.mark.parametrize("name", PAPERS)
def test_it_is_what_the_paper_says(name, data):
    history = gdviz.fit(data, optimizer=name, learning_rate=RATE, epochs=STEPS, theta0=START)
    A = np.column_stack([np.ones(data.n_samples), data.X])

    def gradient(theta):
        return 2 / data.n_samples * A.T @ (A @ theta - data.y)

    path = PAPERS[name](gradient, history.theta[0], STEPS)
    assert_allclose(history.theta, path, rtol=1e-9, atol=1e-9)


DOCUMENTED = {
    "gd": {},
    # Sutskever et al. (2013), as PyTorch's and Keras's tutorials have it
    "momentum": {"decay": 0.9},
    "nesterov": {"decay": 0.9},
    # torch.optim.Adagrad(params, lr=0.01, ..., eps=1e-10)
    "adagrad": {"learning_rate": 0.01, "epsilon": 1e-10},
    # decay: Hinton's lecture 6.5; its rate: Ruder (2016), "An overview of gradient descent
    # optimization algorithms", and Keras; torch.optim.RMSprop(..., eps=1e-08)
    "rmsprop": {"learning_rate": 0.001, "decay": 0.9, "epsilon": 1e-8},
    # Kingma & Ba (2015), algorithm 1: "good default settings"; torch.optim.Adam has the same
    "adam": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    # torch.optim.AdamW(params, lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
    "adamw": {
        "learning_rate": 0.001,
        "beta1": 0.9,
        "beta2": 0.999,
        "epsilon": 1e-8,
        "weight_decay": 0.01,
    },
    # google/automl, lion_pytorch.py: Lion(params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0)
    "lion": {"learning_rate": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_numbers_that_nobody_gives_are_the_documented_ones(name):
    parameters = inspect.signature(OPTIMIZERS[name]).parameters.values()
    defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert defaults == DOCUMENTED[name]


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("adagrad", lambda g: 0.01 * g / (g + 1e-10)),
        ("rmsprop", lambda g: 0.001 * g / (math.sqrt(0.1) * g + 1e-8)),
        ("adam", lambda g: 0.001 * g / (g + 1e-8)),
    ],
)
def test_the_first_step_on_a_slope_as_small_as_epsilon(name, step):
    slope = np.array([1e-14, 1e-10, 1e-8, 1e-3, 1.0, 1e6])
    optimizer = OPTIMIZERS[name]()
    first, _ = optimizer.update(slope, optimizer.init(np.zeros(6)), np.zeros(6))
    assert_allclose(first, -step(slope), rtol=1e-12)


# PyTorch ------------------------------------------------------------------------------------------

TORCH = {
    "gd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "momentum:decay=0.5": ("SGD", {"momentum": 0.5}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {"alpha": 0.9}),
    "rmsprop:decay=0.99,epsilon=1e-6": ("RMSprop", {"alpha": 0.99, "eps": 1e-6}),
    "adam": ("Adam", {}),
    "adam:beta1=0.8,beta2=0.99": ("Adam", {"betas": (0.8, 0.99)}),
    "adamw": ("AdamW", {}),
    "adamw:weight_decay=0.3": ("AdamW", {"weight_decay": 0.3}),
}


def torch_path(name, theta, cost, batches):
    """θ after every batch, (batches + 1, p + 1), by torch.optim and its automatic gradients."""
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    parameter = torch.tensor(theta, dtype=torch.float64, requires_grad=True)
    kind, options = TORCH[name]
    optimizer = getattr(torch.optim, kind)([parameter], lr=RATE, **options)
    path = [theta]
    for X, y in batches:
        optimizer.zero_grad()
        cost(parameter[0] + torch.tensor(X) @ parameter[1:], torch.tensor(y)).backward()
        optimizer.step()
        path.append(parameter.detach().numpy().copy())
    return np.array(path)


# θ after the first, the second and the 60th step from (−1, 3, 3) down the squared error of AREA:
# by torch.optim.AdamW (PyTorch 2.13.0, float64) and by optax.lion (optax 0.2.8, JAX 0.10.2 with
# jax_enable_x64), each with automatic gradients of its own.
AREA = [[4.0, 1], [3, 1], [2, 2], [1, 3], [5, 4], [2, 1]], [10.0, 8, 7, 9, 16, 5]
RECORDED = {
    ("adamw", 0.001): [
        [-1.0009899999988463, 2.99897000000033, 2.998970000000469],
        [-1.0019799539350587, 2.9979400433686103, 2.9979400438914214],
        [-1.0586985798199269, 2.938841895494612, 2.9388520402719984],
    ],
    ("adamw:beta1=0.8,beta2=0.95,weight_decay=0.3", 0.05): [
        [-1.0349999999423076, 2.9050000000164835, 2.9050000000234375],
        [-1.0691252863770138, 2.8117413112473577, 2.8117483623266555],
        [0.34029341589540013, 1.7123908626489854, 1.8030461642368643],
    ],
    ("lion:weight_decay=0.001", 0.01): [
        [-1.00999, 2.98997, 2.98997],
        [-1.0199799000999998, 2.9799401003, 2.9799401003],
        [-1.599223211180908, 2.3983774966822295, 2.3983774966822295],
    ],
    ("lion:beta1=0.95,beta2=0.98,weight_decay=0.3", 0.013): [
        [-1.0091, 2.9753, 2.9753],
        [-1.01816451, 2.95069633, 2.95069633],
        [-1.4876669963886013, 1.676332438373793, 1.676332438373793],
    ],
}


@pytest.mark.parametrize(("name", "rate"), RECORDED)
def test_it_is_what_other_libraries_did(name, rate):
    history = gdviz.fit(*AREA, optimizer=name, learning_rate=rate, theta0=[-1, 3, 3], epochs=60)
    assert_allclose(history.theta[[1, 2, 60]], RECORDED[name, rate], rtol=1e-12)


@pytest.mark.parametrize("name", TORCH)
def test_it_is_what_pytorch_does(name, data):
    torch = pytest.importorskip("torch")
    history = gdviz.fit(data, optimizer=name, learning_rate=RATE, epochs=STEPS)
    cost = torch.nn.functional.mse_loss
    path = torch_path(name, history.theta[0], cost, [(data.X.copy(), data.y.copy())] * STEPS)
    assert_allclose(history.theta, path, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("loss", ["mse", "huber:delta=1.5", "cross-entropy"])
@pytest.mark.parametrize("name", TORCH)
def test_batches_are_what_pytorch_does(name, loss, data):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    cost = {
        "mse": functional.mse_loss,
        "huber:delta=1.5": lambda z, t: 2 * functional.huber_loss(z, t, delta=1.5),
        "cross-entropy": functional.binary_cross_entropy_with_logits,
    }[loss]
    y = (data.y > 1).astype(float) if loss == "cross-entropy" else data.y
    options = {"loss": loss, "optimizer": name, "learning_rate": RATE}
    history = gdviz.fit(
        data.X, y, **options, batch_size=7, seed=3, record="step", epochs=STEPS // 5
    )
    batches = list(batches_of(data.X, y, 7, seed=3, epochs=STEPS // 5))
    path = torch_path(name, history.theta[0], cost, batches)
    assert_allclose(history.theta, path, rtol=1e-9, atol=1e-9)


def batches_of(X, y, size, *, seed, epochs):
    """Rows as a descent of that seed sees them."""
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for first in range(0, len(y), size):
            rows = order[first : first + size]
            yield X[rows], y[rows]


# scikit-learn -------------------------------------------------------------------------------------


def sgd_path(model, theta, X, y, *, seed, epochs):
    """θ after every epoch of scikit-learn's stochastic descent over the same orders of rows."""
    rng = np.random.default_rng(seed)
    classes = {"classes": np.unique(y)} if isinstance(model, SGDClassifier) else {}
    model.partial_fit(X, y, **classes)  # only so that it has parameters to be set
    model.intercept_[:] = theta[0]
    model.coef_[..., :] = theta[1:]
    path = [theta]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        model.partial_fit(X[order], y[order])
        path.append([*model.intercept_, *np.ravel(model.coef_)])
    return np.array(path)


@pytest.mark.parametrize(
    ("loss", "model", "halved"),
    [
        ("mse", SGDRegressor(loss="squared_error"), True),
        ("huber:delta=1.5", SGDRegressor(loss="huber", epsilon=1.5), True),
        ("cross-entropy", SGDClassifier(loss="log_loss"), False),
    ],
)
def test_stochastic_descent_is_what_scikit_learn_does(loss, model, halved, data):
    y = np.where(data.y > 1, 7.0, 2.0) if loss == "cross-entropy" else data.y
    history = gdviz.fit(
        data.X, y, loss=loss, learning_rate=RATE, batch_size=1, seed=5, epochs=STEPS
    )
    # its costs have a ½ that gdviz's have not
    rate = 2 * RATE if halved else RATE
    model.set_params(learning_rate="constant", eta0=rate, penalty=None, shuffle=False)
    path = sgd_path(model, history.theta[0], data.X, y, seed=5, epochs=STEPS)
    assert_allclose(history.theta, path, rtol=1e-9, atol=1e-9)


# Every optimizer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", SQUARED)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_reaches_the_optimum(name, loss, data):
    # Fast, then slowly: at a fixed rate some swing by half of it for ever.
    rates = ["auto", "auto"] if name in NEEDS_A_RATE else [1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5]
    theta = None
    for rate in rates:
        history = gdviz.fit(
            data, loss=loss, optimizer=name, learning_rate=rate, epochs=2000, theta0=theta
        )
        theta = history.theta[-1]
    assert_allclose(theta, history.optimum, atol=1e-3)
    assert history.gap[-1] <= 1e-5


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_it_is_made_of_pure_functions(name):
    optimizer = OPTIMIZERS[name](learning_rate=RATE)
    rng = np.random.default_rng(0)
    theta = rng.normal(size=4)
    start, state = theta.copy(), optimizer.init(theta)
    for _ in range(3):
        gradient = rng.normal(size=4)
        given, before = gradient.copy(), copied(state)
        step, after = optimizer.update(gradient, state, theta)
        again, after_again = optimizer.update(gradient, state, theta)
        assert_array_equal(step, again)
        assert_same_state(after, after_again)
        assert_array_equal(gradient, given)
        assert_same_state(state, before)
        state = after
    assert_array_equal(theta, start)


def copied(state):
    return tuple(np.copy(part) for part in state)


def assert_same_state(a, b):
    for left, right in zip(a, b, strict=True):
        assert_array_equal(left, right)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_new_descent_forgets_the_last(name, data):
    optimizer = OPTIMIZERS[name](learning_rate=RATE)
    first, second = (gdviz.fit(data, optimizer=optimizer, epochs=20) for _ in range(2))
    assert_array_equal(first.theta, second.theta)
    named = gdviz.fit(data, optimizer=name, learning_rate=RATE, epochs=20)
    assert_allclose(first.theta, named.theta, rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_held_fixed_stays(name, data):
    history = gdviz.fit(
        data, optimizer=name, learning_rate=RATE, epochs=50, fixed={"intercept": 2.0, "x1": "ols"}
    )
    assert (history.theta[:, [0, 2]] == history.theta[0, [0, 2]]).all()
    assert (history.theta[1, [1, 3]] != history.theta[0, [1, 3]]).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_moves_goes_as_it_does_without_what_is_held(name, data):
    # x1 held at its weight, or taken off the target: one descent, in more or fewer dimensions.
    held = gdviz.fit(
        data, optimizer=name, learning_rate=RATE, epochs=200, fixed={"x1": 1.5, "intercept": 0.0}
    )
    rest = gdviz.Dataset.of(data.X[:, [0, 2]], data.y - 1.5 * data.X[:, 1])
    alone = gdviz.fit(rest, optimizer=name, learning_rate=RATE, epochs=200, fixed_intercept=0.0)
    assert_allclose(held.theta[:, [1, 3]], alone.theta[:, 1:], rtol=1e-9, atol=1e-12)


def test_a_norm_of_the_gradient_knows_nothing_of_what_is_held(data):
    normalized = Optimizer(
        lambda theta: (),
        lambda gradient, state, theta: (-0.01 * gradient / np.linalg.norm(gradient), state),
    )
    history = gdviz.fit(data, optimizer=normalized, epochs=20, fixed_intercept=-100.0)
    assert_allclose(np.linalg.norm(np.diff(history.theta, axis=0), axis=1), 0.01, rtol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_history_says_which_optimizer_it_was(name, data, tmp_path):
    history = gdviz.fit(data, optimizer=name, learning_rate=RATE, epochs=5)
    history.save(tmp_path / "history.npz")
    loaded = gdviz.History.load(tmp_path / "history.npz")
    assert history.optimizer == loaded.optimizer == name
    assert loaded.learning_rate == RATE


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - set(NEEDS_A_RATE)))
def test_auto_fits_the_scale_of_the_weights(name, unit, data):
    table = gdviz.Dataset.of(data.X, unit * data.y)
    far = np.abs(gdviz.fit(table, epochs=1).optimum).max()
    epochs = "auto" if far < reach(OPTIMIZERS[name]) else 2000
    history = gdviz.fit(table, optimizer=name, learning_rate="auto", epochs=epochs)
    if far < reach(OPTIMIZERS[name]):
        assert history.converged
        assert history.epoch[-1] <= 2000
        assert 1e-4 <= history.learning_rate / far <= 1.01
    else:
        assert history.verdict == "stopped"
        assert history.learning_rate <= reach(OPTIMIZERS[name])


# Weight decay -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["adamw", "lion"])
def test_a_weight_decay_goes_to_the_lowest_cost_within_its_reach(name, data):
    # Xie & Li (2024), Chen, L. et al. (2024): every |θⱼ| ≤ 1/λ. Oracle: scipy, with these bounds.
    wide, narrow = 1e-3, 2.0
    A = np.column_stack([np.ones(data.n_samples), data.X])
    bounded = lsq_linear(A, data.y, (-1 / narrow, 1 / narrow)).x
    assert np.isclose(np.abs(bounded), 1 / narrow).any()
    for decay, goal in ((wide, np.linalg.lstsq(A, data.y)[0]), (narrow, bounded)):
        history = gdviz.fit(
            data, optimizer=f"{name}:weight_decay={decay}", learning_rate=1e-4, epochs=60_000
        )
        assert_allclose(history.theta[-1], goal, atol=5e-3)


@pytest.mark.parametrize("name", ["adamw:weight_decay=2,beta1=0.8", "lion:weight_decay=2"])
def test_what_a_weight_decay_keeps_from_the_optimum_has_stopped_and_is_told_why(name, data):
    history = gdviz.fit(data, optimizer=name, learning_rate=0.001, epochs=10_000)
    assert history.verdict == "stopped"
    (said,) = [remark for remark in history.remarks if "weight decay" in remark]
    assert "keeps every parameter within ±0.5, and the optimum of " in said
    without = said.split('optimizer="')[1].split('"')[0]
    assert without in ("adamw:beta1=0.8,weight_decay=0", "lion:weight_decay=0")
    freed = gdviz.fit(data, optimizer=without, learning_rate=0.001, epochs=10_000)
    assert freed.converged
    assert not [remark for remark in freed.remarks if "weight decay" in remark]


def test_what_stops_within_the_reach_is_not_told_of_it(data):
    history = gdviz.fit(data, optimizer="adamw", learning_rate=1e-5, epochs=50)
    assert history.verdict == "stopped"
    assert not [remark for remark in history.remarks if "weight decay" in remark]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_trial_of_rates_goes_as_the_descent_does(name, data):
    # With a weight decay what is held would move, if it were held by its gradient alone.
    options = {"fixed": {"intercept": 3.0, "x1": -2.0}, "epochs": 50}
    history = gdviz.fit(data, optimizer=name, learning_rate=RATE, **options)
    course = Course(history.objective, history.theta[0], history.held, history.goal)
    path = _paths(course, OPTIMIZERS[name], np.array([RATE, 10 * RATE]), 50)
    assert_allclose(path[:, 0], history.theta, rtol=1e-9)


@pytest.mark.parametrize("name", ["adamw", "lion"])
@pytest.mark.parametrize("decay", [-0.1, np.inf])
def test_a_weight_decay_is_0_or_above(name, decay):
    with pytest.raises(ValueError, match=f"weight_decay must be .* positive number, not {decay}"):
        OPTIMIZERS[name](weight_decay=decay)


def test_gentle_goes_gently_to_where_a_weight_decay_ends(data):
    # At the rate that comes lowest the decay alone would be there in a step.
    history = gdviz.fit(data.X, 1e6 * data.y, optimizer="adamw", epochs=1000)
    assert history.learning_rate <= 1
    largest = np.abs(history.theta[:, 1:]).max(axis=1)
    assert largest[20] < 50 < 99 < largest[-1] < 101


def test_lion_swings_by_its_rate(data):
    history = gdviz.fit(data, optimizer="lion", learning_rate=0.01, epochs=3000)
    assert_allclose(np.abs(np.diff(history.theta, axis=0)), 0.01, rtol=1e-9)


@pytest.mark.parametrize("name", ["load_wine", "load_linnerud"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "adagrad"])
def test_no_rate_is_chosen_that_diverges(name, optimizer):
    found = getattr(sklearn.datasets, name)()
    y = found.target if found.target.ndim == 1 else found.target[:, 2]
    history = gdviz.fit(found.data, y.astype(float), optimizer=optimizer, epochs=5000)
    assert not history.diverged
    assert history.cost[-1] < history.cost[0]


def test_where_none_arrives_the_rate_that_leaves_least_is_chosen(data):
    hard = gdviz.Dataset.of(data.X @ np.diag([1, 1e3, 1e6]) + 1e6, data.y)
    history = gdviz.fit(hard, optimizer="rmsprop", epochs=2000)
    chosen = history.learning_rate
    assert not history.converged
    left = {}
    for factor in (0.01, 1, 100):
        with warnings.catch_warnings(action="ignore"):
            tried = gdviz.fit(hard, optimizer="rmsprop", epochs=2000, learning_rate=factor * chosen)
        left[factor] = np.inf if tried.diverged else tried.gap[-500:].max()
    assert left[1] == min(left.values())


def test_walking_is_the_closed_form(data):
    walked = gdviz.fit(data, optimizer=gradient_descent(RATE), epochs=2000)
    closed = gdviz.fit(data, learning_rate=RATE, epochs=2000)
    assert_allclose(walked.theta, closed.theta, rtol=1e-10)
    assert_allclose(walked.cost, closed.cost, rtol=1e-10)


# Batches ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 4, 7, 29])
def test_every_epoch_sees_every_row_once(batch_size, random_table):
    # The gradient of a Huber loss far from its optimum is the mean of ±2δ(1, x) over the rows: all
    # steps of an epoch together are the sum of those of its batches, whatever their order.
    dataset = random_table(12, 30, 2)
    start = np.array([1e6, 0.0, 0.0])
    options = {"loss": "huber", "learning_rate": 1e-3, "theta0": start, "batch_size": batch_size}
    history = gdviz.fit(dataset, **options, record="step", epochs=4)
    per_epoch = math.ceil(30 / batch_size)
    assert len(history.theta) == 4 * per_epoch + 1
    steps = np.diff(history.theta, axis=0).reshape(4, per_epoch, 3)
    sizes = np.full(per_epoch, batch_size)
    sizes[-1] = 30 - batch_size * (per_epoch - 1)
    sums = np.einsum("ekj,k->ej", steps, sizes)
    expected = -1e-3 * 2 * np.append(30, dataset.X.sum(axis=0))
    assert_allclose(sums[:, 1:], np.broadcast_to(expected[1:], (4, 2)), rtol=1e-9)
    # The orders of the epochs differ.
    assert len(np.unique(steps[:, 0, 1])) == 4


def test_one_record_an_epoch_or_one_a_step(data):
    options = {"learning_rate": RATE, "batch_size": 8, "seed": 1, "epochs": 10}
    epochs = gdviz.fit(data, **options)
    each = gdviz.fit(data, **options, record="step")
    assert epochs.theta.shape == (11, 4)
    assert each.theta.shape == (10 * 4 + 1, 4)
    assert_array_equal(each.theta[::4], epochs.theta)
    assert_allclose(each.cost[::4], epochs.cost, rtol=1e-14)
    assert (epochs.unit, each.unit) == ("epoch", "step")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_same_seed_gives_the_same_history(optimizer, data):
    options = {"optimizer": optimizer, "learning_rate": RATE, "batch_size": 8, "epochs": 10}
    one, same, other = (gdviz.fit(data, **options, seed=seed) for seed in (4, 4, 5))
    assert_array_equal(one.theta, same.theta)
    assert_array_equal(one.cost, same.cost)
    assert not np.array_equal(one.theta, other.theta)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", SQUARED)
@pytest.mark.parametrize("batch_size", [30, 31, 1000])
def test_a_batch_of_all_rows_is_the_whole_table(optimizer, loss, batch_size, data):
    options = {"loss": loss, "optimizer": optimizer, "learning_rate": RATE, "epochs": 100}
    whole = gdviz.fit(data, **options)
    batch = gdviz.fit(data, **options, batch_size=batch_size)
    assert_allclose(batch.theta, whole.theta, rtol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_batches_of_an_epoch_have_the_gradient_of_the_table(loss, data):
    # At so small a rate θ all but stands still, so the batches' mean is the table's gradient.
    y = (data.y > 1).astype(float) if loss == "cross-entropy" else data.y
    options = {"loss": loss, "theta0": [0.5, 0.1, -0.2, 0.3], "epochs": 1}
    batch = gdviz.fit(data.X, y, **options, learning_rate=2e-10, batch_size=6)
    whole = gdviz.fit(data.X, y, **options, learning_rate=1e-9)
    step, expected = (np.diff(h.theta, axis=0) for h in (batch, whole))
    assert_allclose(step, expected, rtol=1e-5)


def test_batches_draw_near_to_the_optimum(data):
    history = gdviz.fit(data, batch_size=5, epochs=500)
    assert history.gap[-1] < 0.05 * history.gap[0]
    assert not history.diverged


# Options as text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("adamw:weight_decay=2", lambda *given: loshchilov(*given, lam=2.0)),
        ("lion:beta1=0.5,beta2=0.9,weight_decay=2", lambda *given: chen(*given, 0.5, 0.9, 2.0)),
        ("momentum:decay=0.95", lambda *given: polyak(*given, beta=0.95)),
        ("nesterov:decay=0.5", lambda *given: sutskever(*given, mu=0.5)),
        ("adagrad:epsilon=0.1", lambda *given: duchi(*given, delta=0.1)),
        ("rmsprop:decay=0.99,epsilon=0.01", lambda *given: tieleman(*given, 0.99, 0.01)),
        ("adam:beta1=0.5, beta2=0.9, epsilon=0.1", lambda *given: kingma(*given, 0.5, 0.9, 0.1)),
    ],
)
def test_options_are_those_of_the_paper(text, path, data):
    history = gdviz.fit(data, optimizer=text, learning_rate=RATE, epochs=100)
    A = np.column_stack([np.ones(data.n_samples), data.X])

    def gradient(theta):
        return 2 / data.n_samples * A.T @ (A @ theta - data.y)

    assert_allclose(history.theta, path(gradient, history.theta[0], 100), rtol=1e-9)
    assert history.optimizer == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sgdd", r"no optimizer 'sgdd'; choose from gd, momentum, nesterov, .*adam"),
        ("", "no optimizer ''; choose from gd"),
        ("gd:decay=0.5", "the optimizer gd has no option 'decay'; it has none"),
        ("momentum:beta=1", "momentum has no option 'beta'; its options are decay"),
        ("adam:learning_rate=1", "no option 'learning_rate'; its options are beta1, beta2, eps"),
        ("momentum:decay=fast", "momentum: decay='fast' is not a number"),
        ("momentum:decay", "momentum: decay='' is not a number"),
    ],
)
def test_errors_name_the_choices(text, message, data):
    with pytest.raises(ValueError, match=message):
        gdviz.fit(data, optimizer=text, learning_rate=RATE, epochs=1)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_option_can_be_given_as_text(name):
    parameters = inspect.signature(OPTIMIZERS[name]).parameters
    options = {key: p.default for key, p in parameters.items() if key != "learning_rate"}
    text = f"{name}:{','.join(f'{key}={value}' for key, value in options.items())}"
    assert named(OPTIMIZERS, text, "optimizer").keywords == options

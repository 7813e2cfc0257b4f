"""Every schedule is the function of the step that it says, and every optimizer follows it."""

import inspect
import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import gdviz
from gdviz.core.fit import DivergenceWarning
from gdviz.core.optimizers import OPTIMIZERS, momentum, scheduled
from gdviz.core.schedules import SCHEDULES, checked_schedule, rate_words, schedule_of

X, Y = [[4.0, 1], [3, 1], [2, 2], [1, 3], [5, 4], [2, 1]], [10.0, 8, 7, 9, 16, 5]
START = [-1.0, 3, 3]
NEEDED = {  # the options that each cannot do without, by the registry itself
    name: [
        key.rstrip("_")
        for key, option in inspect.signature(make).parameters.items()
        if option.default is option.empty and key != "horizon"
    ]
    for name, make in SCHEDULES.items()
}
WITH_HORIZON = [
    name for name, make in SCHEDULES.items() if "horizon" in inspect.signature(make).parameters
]


def text(name, value=0.01):
    """Write a schedule with nothing but what it needs."""
    return f"{name}:{','.join(f'{key}={value}' for key in NEEDED[name])}"


# The laws -----------------------------------------------------------------------------------------

# PyTorch 2.13.0, before each of eight steps and after them, from lr=0.1:
TORCH = {
    # CosineAnnealingLR(optimizer, 8, eta_min=0.02)
    "cosine:from=0.1,to=0.02": [
        0.1,
        0.09695518130045147,
        0.0882842712474619,
        0.0753073372946036,
        0.06,
        0.04469266270539641,
        0.0317157287525381,
        0.023044818699548532,
        0.02,
    ],
    # StepLR(optimizer, 3, 0.5)
    "step:from=0.1,every=3,factor=0.5": [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025],
}


@pytest.mark.parametrize("name", TORCH)
def test_it_is_pytorchs(name):
    rate = schedule_of(name, 8)
    assert_allclose([rate(k) for k in range(9)], TORCH[name], rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("cosine:from=0.8", {0: 0.8, 50: 0.4, 100: 0.0, 1000: 0.0}),
        ("cosine:from=0.8,to=0.2", {0: 0.8, 50: 0.5, 100: 0.2, 1000: 0.2}),
        ("step:from=0.8", {0: 0.8, 99: 0.8, 100: 0.4, 199: 0.4, 200: 0.2}),
        ("step:from=0.8,every=2.5,factor=0.1", {2: 0.8, 3: 0.08, 4: 0.08, 5: 0.008}),
        ("inverse:from=0.8", {0: 0.8, 1: 0.4, 3: 0.2, 99: 0.008}),
        ("inverse:from=0.8,half=50", {0: 0.8, 50: 0.4, 150: 0.2}),
        ("warmup:peak=0.8,over=20", {0: 0.04, 9: 0.4, 19: 0.8, 20: 0.8, 60: 0.4, 100: 0, 200: 0}),
    ],
)
def test_its_law_at_the_start_in_the_middle_and_at_the_end(name, rates):
    rate = schedule_of(name, 100)
    assert_allclose([rate(k) for k in rates], [*rates.values()], rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize("name", SCHEDULES)
@given(st.floats(1e-12, 1e12), st.integers(101, 10**7), st.integers(0, 10**8))
def test_every_rate_is_in_proportion_and_falls_after_its_peak(name, value, horizon, k):
    rate, one = schedule_of(text(name, value), horizon), schedule_of(text(name, 1.0), horizon)
    assert 0 <= rate(k) <= value * (1 + 1e-12)
    assert_allclose(rate(k), value * one(k), rtol=1e-9, atol=1e-12 * value)
    if k >= 100 or name != "warmup":
        assert rate(k + 1) <= rate(k)
    else:
        assert rate(k + 1) >= rate(k) or k + 1 >= 100


@pytest.mark.parametrize("name", WITH_HORIZON)
def test_one_with_a_horizon_ends_at_0(name):
    rate = schedule_of(text(name), 500)
    assert rate(499) > 0
    assert_array_equal([rate(500), rate(10_000)], 0.0)


# Descents -----------------------------------------------------------------------------------------

# θ after 1, 2 and 60 steps from START down the squared error of (X, Y) by PyTorch 2.13.0, float64:
# SGD(lr=0.01), CosineAnnealingLR(60); AdamW(lr=0.05, weight_decay=0.3), CosineAnnealingLR(60,
# eta_min=0.01); Adagrad(lr=0.5), StepLR(20, 0.25).
RECORDED = {
    ("gd", "cosine:from=0.01"): [
        [-1.0866666666666667, 2.6966666666666668, 2.7866666666666666],
        [-1.1458372043928173, 2.483646068754075, 2.636058827725494],
        [-1.1414111216543918, 1.9741360272803714, 2.2237339434727232],
    ],
    ("adamw:weight_decay=0.3", "cosine:from=0.05,to=0.01"): [
        [-1.0349999999423076, 2.9050000000164835, 2.9050000000234375],
        [-1.069207746626016, 2.8116991001567855, 2.8117044734085996],
        [-0.39715123827319404, 1.7649041933896392, 1.8026624540526615],
    ],
    ("adagrad", "step:from=0.5,every=20,factor=0.25"): [
        [-1.4999999999942308, 2.5000000000016485, 2.500000000002344],
        [-1.6553694281477371, 2.3205104603465165, 2.324438279207613],
        [-1.0860729711051789, 2.0261598154591907, 2.1396752566806065],
    ],
}


@pytest.mark.parametrize(("optimizer", "rate"), RECORDED)
def test_a_descent_is_pytorchs(optimizer, rate):
    history = gdviz.fit(X, Y, optimizer=optimizer, learning_rate=rate, theta0=START, epochs=60)
    assert_allclose(history.theta[[1, 2, 60]], RECORDED[optimizer, rate], rtol=1e-12)


def test_a_velocity_holds_each_gradient_at_the_rate_of_its_step():
    # Polyak's xₖ₊₁ = xₖ − αₖ∇f(xₖ) + β(xₖ − xₖ₋₁)
    history = gdviz.fit(
        X, Y, optimizer="momentum", learning_rate="inverse:from=0.01,half=20", epochs=200
    )
    A = np.column_stack([np.ones(6), X])
    x = [history.theta[0], history.theta[0]]
    for k in range(200):
        gradient = 2 / 6 * A.T @ (A @ x[-1] - Y)
        x.append(x[-1] - 0.01 / (1 + k / 20) * gradient + 0.9 * (x[-1] - x[-2]))
    assert_allclose(history.theta, x[1:], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rate_that_does_not_change_is_that_number(name):
    options = {"optimizer": name, "epochs": 100, "theta0": START, "fixed": {"x0": 2.5}}
    still = gdviz.fit(X, Y, learning_rate=lambda k: 0.01, **options)
    assert_allclose(still.theta, gdviz.fit(X, Y, learning_rate=0.01, **options).theta, rtol=1e-9)
    assert still.learning_rate == "custom"


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_follows_every_schedule(name, schedule):
    # An optimizer made anew for every step, at the rate of that step; its state is handed on.
    rate, factory = text(schedule), OPTIMIZERS[name]
    history = gdviz.fit(X, Y, optimizer=name, learning_rate=rate, epochs=300, theta0=START)
    A, law = np.column_stack([np.ones(6), X]), schedule_of(rate, 300)
    theta = history.theta[0]
    state = factory(0.01).init(theta)
    for k in range(5):
        gradient = 2 / 6 * A.T @ (A @ theta - Y)
        step, state = factory(law(k)).update(gradient, state, theta)
        theta = theta + step
        assert_allclose(theta, history.theta[k + 1], rtol=1e-9)


def test_k_counts_the_batches():
    seen = []

    def rate(k):
        seen.append(k)
        return 1e-4

    gdviz.fit(X, Y, learning_rate=rate, batch_size=4, epochs=10, theta0=START)
    assert {*range(20)} <= {*seen}
    options = {"learning_rate": "cosine:from=0.01", "batch_size": 4, "epochs": 10, "record": "step"}
    steps = np.diff(gdviz.fit(X, Y, **options, theta0=START).theta, axis=0)
    assert len(steps) == 20
    # The last of twenty steps is at (1 + cos(19π/20))/2 = 0.6 % of the rate.
    assert 0 < np.abs(steps[-1]).max() < 0.01 * np.abs(steps[0]).max()


def test_lion_settles_where_the_rate_falls_and_swings_where_it_does_not():
    options = {"optimizer": "lion", "epochs": 5000, "theta0": START}
    fixed = gdviz.fit(X, Y, learning_rate=0.02, **options)
    falling = gdviz.fit(X, Y, learning_rate="cosine:from=0.02", **options)
    assert fixed.verdict == "stopped"
    assert falling.verdict == "arrived"
    assert np.abs(falling.theta[-1] - falling.optimum).max() < 1e-4


def test_the_noise_of_batches_dies_out_at_one_over_the_step(random_table):
    options = {"batch_size": 5, "epochs": 2000, "seed": 2}
    table = random_table(7, 40, 2)
    gaps = {
        rate: gdviz.fit(table, learning_rate=rate, **options).gap[-500:].mean()
        for rate in ("inverse:from=0.05,half=400", 0.05)
    }
    assert gaps["inverse:from=0.05,half=400"] < 0.05 * gaps[0.05]


# What is said -------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [*map(text, SCHEDULES), lambda k: 0.01], ids=[*SCHEDULES, "own"])
def test_a_history_keeps_its_schedule(rate, tmp_path):
    from gdviz.views.words import method

    history = gdviz.fit(X, Y, learning_rate=rate, epochs=150)
    history.save(tmp_path / "history.npz")
    loaded = gdviz.History.load(tmp_path / "history.npz")
    assert (
        loaded.learning_rate == history.learning_rate == (rate if not callable(rate) else "custom")
    )
    assert str(loaded) == str(history)
    said = rate_words(loaded.learning_rate)
    assert said in str(loaded)
    assert said in method(loaded)[-1]


def test_words():
    assert rate_words("cosine:from=0.1") == "learning rate cosine from 0.1"
    assert rate_words("warmup:peak=1,over=5") == "learning rate warmup peak 1, over 5"
    assert rate_words("custom") == "learning rate by a function of the step"
    assert rate_words(0.0123456, digits=3) == "learning rate 0.0123"


def test_one_that_diverges_is_named():
    with pytest.warns(DivergenceWarning, match="rate step from 5 makes gd diverge, its"):
        history = gdviz.fit(X, Y, learning_rate="step:from=5", epochs=50)
    assert history.diverged


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": "cosin:from=1"}, r"no schedule 'cosin'; .* \(did you mean cosine\?\)"),
        ({"learning_rate": "cosine"}, "the schedule cosine needs from, as in cosine:from=0.1"),
        ({"learning_rate": "warmup:over=3"}, "the schedule warmup needs peak, as in warmup:peak"),
        ({"learning_rate": "step:every=3"}, "the schedule step needs from"),
        ({"learning_rate": "cosine:from=-1"}, "from must be a positive number, not -1"),
        ({"learning_rate": "cosine:from=1,to=1"}, "to must be from 0 to below from = 1, not 1"),
        ({"learning_rate": "cosine:from=1,to=-1"}, "to must be from 0 to below from = 1, not -1"),
        ({"learning_rate": "step:from=1,every=0"}, "every must be a positive number, not 0"),
        (
            {"learning_rate": "step:from=1,factor=2"},
            "factor must be a number above 0 and below 1, not 2",
        ),
        ({"learning_rate": "inverse:from=1,half=-2"}, "half must be a positive number, not -2"),
        ({"learning_rate": "inverse:from=x"}, "inverse: from='x' is not a number"),
        ({"learning_rate": "inverse:horizon=5"}, "no option 'horizon'; its options are from, half"),
        ({"learning_rate": "warmup:peak=1", "epochs": 100}, "over must be below the 100 steps"),
        ({"learning_rate": lambda k: "x"}, "the learning rate of step 0 must be 0 or above, not"),
        ({"learning_rate": lambda k: 3.0 - k, "epochs": 9}, "of step 4 must be 0 or above, not -1"),
    ],
)
def test_errors_name_the_remedy(options, message):
    with pytest.raises(ValueError, match=message):
        gdviz.fit(X, Y, theta0=START, **{"epochs": 1000, **options}, loss="huber")


@pytest.mark.parametrize("name", SCHEDULES)
def test_one_with_a_horizon_asks_for_the_epochs(name):
    if name not in WITH_HORIZON:
        assert gdviz.fit(X, Y, learning_rate=text(name, 0.03)).ended in ("arrived", "epochs")
        return
    with pytest.raises(ValueError, match=f"{name} ends where the epochs end: .* epochs=1000"):
        gdviz.fit(X, Y, learning_rate=text(name))


def test_an_optimizer_that_is_made_has_its_rate():
    with pytest.raises(ValueError, match="make it by scheduled"):
        gdviz.fit(X, Y, optimizer=momentum(0.1), learning_rate="inverse:from=0.1")
    rate = schedule_of("inverse:from=0.01,half=9", math.inf)
    made = gdviz.fit(X, Y, optimizer=scheduled(partial(momentum, decay=0.5), rate), epochs=50)
    given = {"optimizer": "momentum:decay=0.5", "learning_rate": "inverse:from=0.01,half=9"}
    assert_array_equal(made.theta, gdviz.fit(X, Y, **given, epochs=50).theta)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_option_can_be_given_as_text(name):
    # A newcomer's, too: what has a default is written with it.
    parameters = inspect.signature(SCHEDULES[name]).parameters
    options = {
        key.rstrip("_"): 0.5 if p.default is p.empty else p.default
        for key, p in parameters.items()
        if key != "horizon"
    }
    written = f"{name}:{','.join(f'{key}={value}' for key, value in options.items())}"
    assert checked_schedule(written.upper()) == written
    rates = [schedule_of(given, 1000) for given in (written, text(name, 0.5))]
    assert [rates[0](k) for k in range(300)] == [rates[1](k) for k in range(300)]

"""Arrived, stopped, diverged: what the words say of a descent is true."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning

import gdviz
from gdviz.core.arrival import Ahead, Goal, Settled, Watch, first_arrived
from gdviz.core.closed_form import MOST_EPOCHS
from gdviz.core.iterate import collect
from gdviz.core.least_squares import least_squares
from gdviz.core.losses import LOSSES
from gdviz.core.objective import Regression
from gdviz.core.optimizers import OPTIMIZERS

SKLEARN = {
    name: getattr(datasets, f"load_{name}") for name in ("wine", "diabetes", "iris", "linnerud")
}


def sklearn_table(name):
    found = SKLEARN[name]()
    target = found.target[:, 0] if found.target.ndim == 2 else found.target
    return gdviz.Dataset.of(found.data, np.asarray(target, dtype=float))


def oracle(history, theta):
    """Index of the first record of θ (k, p + 1) from which on all are near, or None.

    As the definition has it, record by record, from the rows of a table alone.
    """
    data, free = history.dataset, [j for j in range(theta.shape[1]) if j not in history.fixed]
    A = np.column_stack([np.ones(data.n_samples), data.X])
    target = data.y - A @ theta[0] + A[:, free] @ theta[0, free]
    best = theta[0].copy()
    size = np.abs(A[:, free]).max(axis=0)
    best[free] = np.linalg.lstsq(A[:, free] / size, target, rcond=None)[0] / size
    scale = data.y.std() / np.sqrt(np.mean(A**2, axis=0))
    distance = np.abs(theta - best)[:, free]
    cost = np.mean((theta @ A.T - data.y) ** 2, axis=1)
    r2 = 1 - cost / data.y.var()
    best_r2 = 1 - np.mean((A @ best - data.y) ** 2) / data.y.var()
    arrived = None
    farthest = np.maximum.accumulate(np.maximum(distance, 1e-6 * scale[free]))
    for k in range(len(theta) - 1, -1, -1):
        later = distance[k:].max(axis=0), np.abs(r2[k:] - best_r2).max()
        if not ((later[0] <= 0.01 * farthest[k]).all() and later[1] <= 0.001):
            break
        arrived = k
    return arrived


# Plain descent: for ever --------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"fixed_intercept": "ols"}, {"theta0": "random"}])
@pytest.mark.parametrize("factor", [0.3, 1, 1.9])
@pytest.mark.parametrize("name", ["article_simple", "article_multiple", "ten_points"])
def test_auto_epochs_end_where_it_arrives_for_good(tables, name, options, factor):
    table = tables[name]
    rate = factor * gdviz.fit(table, learning_rate="auto", epochs=1, **options).learning_rate
    history = gdviz.fit(table, learning_rate=rate, **options)
    last = int(history.epoch[-1])
    long = gdviz.fit(table, learning_rate=rate, epochs=3 * last + 2000, **options)
    assert history.ended == "arrived"
    assert history.verdict == "arrived"
    assert history.arrival == long.arrival == oracle(long, long.theta) == last


@given(
    seed=st.integers(0, 10**6),
    n_samples=st.integers(6, 12),
    n_features=st.integers(1, 4),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    offset=st.sampled_from([0.0, 0.5, 3.0]),
    factor=st.sampled_from([0.1, 1.0, 1.5, 1.95]),
    far=st.sampled_from([0.0, 1.0, 1e3]),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_the_closed_form_knows_what_is_to_come(
    random_table, seed, n_samples, n_features, scale, offset, factor, far
):
    dataset = random_table(seed, n_samples, n_features, scale=scale, offset=offset)
    start = far * np.random.default_rng(seed).normal(size=n_features + 1)
    rate = factor * gdviz.fit(dataset, learning_rate="auto", epochs=1).learning_rate
    options = {"learning_rate": rate, "theta0": start}
    history = gdviz.fit(dataset, **options)
    if history.ended != "arrived":
        assert history.epoch[-1] == MOST_EPOCHS
        return
    last = int(history.epoch[-1])
    long = gdviz.fit(dataset, epochs=2 * last + 1000, **options)
    found = oracle(long, long.theta)
    assert max(found, 1) == last
    # Asked for fewer epochs, it says whether they were enough.
    for epochs in {max(last - 1, 1), max(last // 2, 1), last, last + 1}:
        part = gdviz.fit(dataset, epochs=epochs, **options)
        assert part.converged == (epochs >= found)


@pytest.mark.parametrize("name", SKLEARN)
def test_nothing_has_arrived_at_an_absurd_score(name):
    history = gdviz.fit(sklearn_table(name))
    assert history.converged == (history.ended == "arrived")
    if history.converged:
        assert history.best_score - history.score[-1] <= 0.001
        assert (history.way_left[-1] <= 0.01).all()
    else:
        assert history.way_left[-1].max() > 0.01
        assert "stopped (" in history.outcome


@pytest.mark.parametrize("rate", [1e-3, 5e-4, 4.5e-5])
def test_slow_modes_that_cancel_out_do_not_hide_an_arrival(rate):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 400))
    a, b = (a - a.mean()) / a.std(), b - b.mean()
    b = b - a * (a @ b) / (a @ a)
    b = b / b.std() + 1e-3 * a
    table = gdviz.Dataset.of(np.column_stack([a, b]), 2 * a + 0.1 * rng.normal(size=400))
    history = gdviz.fit(table, learning_rate=rate)
    assert history.ended == "arrived"
    assert history.converged
    again = gdviz.fit(table, learning_rate=rate, epochs=int(history.epoch[-1]))
    assert again.converged


def test_rent_with_a_free_intercept_does_not_arrive(tables):
    history = gdviz.fit(tables["rent"])
    assert history.epoch[-1] == MOST_EPOCHS
    assert history.verdict == "stopped"
    assert_allclose(history.way_left[-1].max(), 0.56, atol=0.005)
    assert "stopped (56 % of the way of area is left)" in str(history)


def test_housing_has_not_arrived_after_an_epoch(tables):
    history = gdviz.fit(tables["housing"], theta0=[-1, 3, 3, 3, 3], epochs=1)
    assert not history.converged
    assert history.best_score - history.score[-1] > 0.1


def test_article_multiple_arrives_when_its_intercept_does(tables):
    start = [-1, 3, 3]
    early = gdviz.fit(tables["article_multiple"], theta0=start, learning_rate="auto", epochs=100)
    assert early.gap[-1] < 0.005 * early.gap[0]  # but the intercept is at 2 of 7.2
    assert early.intercept[-1] < 3
    assert not early.converged
    auto = gdviz.fit(tables["article_multiple"], theta0=start, learning_rate="auto")
    assert_allclose(auto.theta[-1], auto.optimum, rtol=0.02)


def test_twenty_days_of_timestamps_do_not_arrive():
    days = 1.7e9 + 86_400.0 * np.arange(20)
    y = 5 * np.arange(20) + np.random.default_rng(0).normal(size=20)
    history = gdviz.fit(days, y)
    assert not history.converged
    assert history.best_score > 0.98 > 0.1 > history.score[-1]
    assert "scaled" in str(history)  # its condition number is infinite in doubles


def test_a_swing_through_the_optimum_is_no_arrival(tables):
    # Momentum of decay 0.95 swings: near at one epoch, far two epochs later.
    history = gdviz.fit(
        tables["article_multiple"],
        optimizer="momentum:decay=0.95",
        learning_rate=0.01,
        epochs=400,
        fixed_intercept="ols",
    )
    near = history.goal.near(*history._way, history.gap)
    swings = np.flatnonzero(near[:-1] & ~near[1:])
    assert len(swings) > 0
    assert history.arrival > swings[-1]
    cut = gdviz.fit(
        tables["article_multiple"],
        optimizer="momentum:decay=0.95",
        learning_rate=0.01,
        epochs=int(swings[0]),
        fixed_intercept="ols",
    )
    assert not cut.converged
    assert "does not stay there" in cut.outcome


# Others: for 1,000 steps more ---------------------------------------------------------------------


def test_adam_that_will_leave_again_says_for_how_long_it_is_known_to_stay():
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 1, 60), rng.normal(3, 6, 60)
    valley = gdviz.Dataset.of(np.column_stack([a, b]), 2 * a - b + 1 + rng.normal(size=60))
    history = gdviz.fit(valley, optimizer="adam", learning_rate=0.5)
    long = gdviz.fit(valley, optimizer="adam", learning_rate=0.5, epochs=60_000)
    near = long.goal.near(*long._way, long.gap)
    assert near[history.arrival : history.arrival + 1001].all()
    assert not near[history.arrival - 1]
    assert np.sum(near[:-1] & ~near[1:]) > 900  # it leaves again, later
    assert "(and stays for 1,000 more steps)" in history.outcome


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", ["mse", "huber:delta=2"])
def test_what_has_arrived_stays_for_a_thousand_steps(loss, optimizer, random_table):
    table = random_table(4, 30, 2, offset=0.5)
    options = {"loss": loss, "optimizer": optimizer, "learning_rate": "auto"}
    history = gdviz.fit(table, **options)
    assert history.ended == "arrived"
    rate = history.learning_rate
    long = gdviz.fit(
        table, loss=loss, optimizer=optimizer, learning_rate=rate, epochs=history.arrival + 1000
    )
    assert_array_equal(long.theta[: len(history.theta)], history.theta)
    near = long.goal.near(*long._way, long.gap)
    assert near[history.arrival :].all()
    assert not near[history.arrival - 1]
    # One epoch short of it, nothing has arrived.
    short = gdviz.fit(
        table, loss=loss, optimizer=optimizer, learning_rate=rate, epochs=history.arrival - 1
    )
    assert not short.converged


@pytest.mark.parametrize("seed", [3, np.random.default_rng(3)], ids=["number", "generator"])
def test_looking_ahead_leaves_the_generator_where_the_record_ends(seed, random_table):
    table = random_table(5, 12, 2, noise=0)
    options = {"batch_size": 4, "learning_rate": 0.05}
    history = gdviz.fit(table, seed=seed, **options)
    assert history.ended == "arrived"
    if isinstance(seed, int):
        return
    rest = gdviz.fit(table, seed=seed, theta0=history.theta[-1], epochs=3, **options)
    epochs = int(history.epoch[-1]) + 3
    whole = gdviz.fit(table, seed=np.random.default_rng(3), epochs=epochs, **options)
    assert_array_equal(whole.theta[-3:], rest.theta[1:])


def test_batches_end_when_the_cost_has_settled(random_table):
    history = gdviz.fit(random_table(7, 40, 2), batch_size=5, learning_rate=0.05)
    assert history.ended == "settled"
    assert not history.converged
    assert "settled without arriving (" in history.outcome
    quarter = int(history.epoch[-1]) // 4
    late, early = history.cost[-quarter:].mean(), history.cost[-2 * quarter : -quarter].mean()
    assert late > 0.99 * early


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 1e-7},
        {"optimizer": "adam", "learning_rate": 1e-5},
        {"optimizer": "momentum:decay=0.95"},
        {"optimizer": "momentum:decay=0.99"},
        {"batch_size": 1, "record": "step", "epochs": "auto"},
    ],
)
def test_creeping_and_swinging_is_not_settled(options, random_table):
    table = random_table(8, 60, 2, noise=0.5)
    history = gdviz.fit(table, **{"batch_size": 4, **options})
    assert not history.diverged
    if history.ended == "settled":
        assert history.best_score - history.score[-len(history.cost) // 4 :].mean() < 0.1


@given(costs=st.lists(st.floats(0.1, 10), min_size=25, max_size=200), cut=st.integers(1, 24))
@settings(max_examples=50, deadline=None)
def test_settling_does_not_depend_on_the_blocks(costs, cut):
    whole, parts = Settled(5.0), Settled(5.0)
    costs = np.array(costs)
    nothing = np.empty(0)
    at_once = whole(nothing, costs, nothing)
    in_parts = [parts(nothing, block, nothing) for block in np.split(costs, [cut])]
    assert_array_equal(at_once, np.concatenate(in_parts))


@given(
    noise=st.sampled_from([0.01, 0.02, 0.1]),
    fall=st.sampled_from([0.0, 0.01, 0.5, 5.0]),
    records=st.integers(1, 3),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_settled_is_what_the_last_two_quarters_say(noise, fall, records, seed):
    costs = 1 + noise * np.random.default_rng(seed).random(90) + fall * 0.9 ** np.arange(90)
    nothing = np.empty(0)
    found = Settled(costs[0], records)(nothing, costs[1:], nothing)
    for k in range(1, len(costs)):
        quarter = (k + 1) // 4
        settled = quarter >= 5 * records  # five epochs at least
        if settled:
            late = costs[k + 1 - quarter : k + 1].mean()
            early = costs[k + 1 - 2 * quarter : k + 1 - quarter].mean()
            settled = abs(early - late) < 0.01 * min(early, costs[0] - late)
        assert found[k - 1] == settled


def test_a_cost_that_stays_low_has_settled_after_five_epochs_a_quarter():
    nothing = np.empty(0)
    found = Settled(9.0)(nothing, np.ones(40), nothing)
    assert np.argmax(found) == 20 - 2  # the start is the first record of 20


def line(theta, start=(0.0, 0.0)):
    """Goal of y = 3 + 2x at x = −1, 0, 1, noise apart, and records (k, 2) of θ."""
    table = gdviz.Dataset.of([[-1.0], [0.0], [1.0]], [1.5, 2.0, 5.5])
    best = least_squares(table)
    return Goal.of(Regression(table), best, ()), np.array([start, *theta], dtype=float)


@given(
    near=st.lists(st.booleans(), min_size=1, max_size=60),
    records=st.integers(1, 6),
    cut=st.integers(0, 60),
    there=st.booleans(),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_a_watch_ends_at_the_last_of_so_many_near_records(near, records, cut, there):
    optimum = np.array([3.0, 2.0])
    points = [optimum * (1.0005 if is_near else 1.2) for is_near in near]
    goal, theta = line(points, start=optimum * (1 if there else 3))
    watch = Watch(goal, theta[0], records)
    blocks = [block for block in np.split(theta[1:], [cut]) if len(block)]
    found = np.concatenate([watch(block, block[:, 0], block[:, 0]) for block in blocks])
    distance = goal.distance(theta)
    seen = goal.near(distance, goal.farthest(distance), goal.best.gap(theta))
    for k in range(1, len(theta)):
        whole = k >= records and bool(seen[k - records : k + 1].all())
        assert found[k - 1] == whole


@given(st.lists(st.booleans(), min_size=1, max_size=9).map(np.array))
def test_first_arrived_is_where_all_that_follows_is_near(near):
    expected = [k for k in range(len(near)) if near[k:].all()]
    assert first_arrived(near) == (expected[0] if expected else None)


@pytest.mark.parametrize(
    ("left", "gap", "near"),
    [
        ([0.0099, 0.0099], 0.00099, True),
        ([0.0101, 0.0], 0.0, False),  # of one parameter more than 1 % of its way is left
        ([0.0, 0.0], 0.00101, False),  # the score is 0.001 away
    ],
)
def test_near_is_1_percent_of_each_way_and_a_thousandth_of_the_score(left, gap, near):
    goal, _ = line([])
    way = np.array([[7.0, 0.3]])
    assert goal.near(way * left, way, np.array([gap * goal.constant])) == [near]


def test_a_way_that_is_shorter_than_a_millionth_of_a_weight_is_none():
    goal, _ = line([])
    none = goal.farthest(np.zeros((1, 2)))[0]
    assert_allclose(none, 1e-6 * goal.size)
    assert_allclose(goal.size, np.array([1.5, 2.0, 5.5]).std() / np.array([1, np.sqrt(2 / 3)]))


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.9])
@pytest.mark.parametrize("epochs", [1, 40, 400])
def test_the_bound_of_what_is_to_come_holds_and_is_close_once_it_is_near(epochs, factor, tables):
    table = tables["article_multiple"]
    rate = factor * gdviz.fit(table, learning_rate="auto", epochs=1).learning_rate
    history = gdviz.fit(table, learning_rate=rate, epochs=epochs)
    long = gdviz.fit(table, learning_rate=rate, epochs=epochs + 5000)
    later = np.abs(long.theta - long.optimum)[epochs + 1 :].max(axis=0)
    assert history.ahead.steps == np.inf
    assert (history.ahead.distance >= later * (1 - 1e-9)).all()
    assert_allclose(history.ahead.gap, long.gap[epochs + 1], rtol=1e-6)
    if history.converged:
        assert_allclose(history.ahead.distance, later, rtol=1e-6)


def test_what_is_known_of_the_steps_to_come_is_that_of_their_records():
    goal, theta = line([[3, 1], [4, 2], [3.5, 2]])
    ahead = Ahead.over(goal, theta[1:], 3)
    assert_allclose(ahead.distance, [1, 1])
    assert_allclose(ahead.gap, goal.best.gap(theta[2:3])[0])
    again = Ahead.of_array(ahead.as_array())
    assert (again.steps, again.gap) == (3, ahead.gap)
    assert_array_equal(again.distance, ahead.distance)
    assert_allclose(ahead.through(np.array([[1.0, 2], [0, 3]])).distance, [3, 3])


def test_the_size_of_a_weight_is_that_of_the_target_over_that_of_its_column():
    X = np.array([[1.0, 0, 5], [2, 0, 5], [6, 0, 5]])

    def sizes(y, loss="mse"):
        return Regression(gdviz.Dataset.of(X, y), loss).sizes

    roots = np.sqrt([41 / 3, 25])
    for y, size in (([1.0, 2, 6], np.sqrt(14 / 3)), ([-4.0] * 3, 4), ([0.0] * 3, 1)):
        assert_allclose(sizes(y), [size, size / roots[0], 0, size / roots[1]])
    # Labels may be any two numbers; their loss sees 0 and 1.
    spread = np.sqrt(2) / 3
    assert_allclose(sizes([5.0, 9, 9], "cross-entropy")[[0, 1]], [spread, spread / roots[0]])


def test_what_was_walked_beyond_the_end_is_kept():
    steps = (np.array([float(k)]) for k in itertools.count(1))
    rules = {"five": lambda theta, cost, before: theta[:, 0] == 5}
    went = collect(steps, np.zeros(1), lambda theta: theta[:, 0], 600, rules)
    assert went.ended == "five"
    assert went.theta[-1] == 5
    following = [*went.beyond[:, 0], next(steps)[0]]
    assert_array_equal(following, 6.0 + np.arange(len(following)))


# No optimum, or many ------------------------------------------------------------------------------


QUASI = gdviz.Dataset.of(np.array([-2.0, -1, 0, 0, 1, 2]), np.array([0.0, 0, 0, 1, 1, 1]))


def test_quasi_complete_separation_has_no_optimum():
    history = gdviz.fit(QUASI, loss="cross-entropy")
    assert not history.best.exists
    assert_allclose(history.best.falls, [0, 1], atol=1e-9)
    assert_allclose(history.best.cost, np.log(2) / 3, rtol=1e-9)
    assert history.ended == "separable"
    assert history.gap[-1] <= 0.01 * history.gap[0] < history.gap[-2]
    text = str(history)
    assert "no optimum" in text
    assert "but for rows on the boundary" in text
    assert not history.converged


def test_complete_separation_ends_at_a_hundredth_of_the_starting_cost():
    x = np.array([1.0, 2, 3, 6, 7, 8])
    history = gdviz.fit(x, x > 4, loss="cross-entropy", optimizer="momentum")
    assert history.ended == "separable"
    assert history.cost[-1] <= 0.01 * history.cost[0] < history.cost[-2]
    assert "stopped (" in history.outcome


@given(seed=st.integers(0, 10**6), n=st.integers(2, 14), p=st.integers(1, 3), ties=st.booleans())
@settings(max_examples=80, derandomize=True, deadline=None)
def test_where_there_is_no_optimum_the_cost_falls_for_ever(seed, n, p, ties):
    rng = np.random.default_rng(seed)
    X = rng.integers(-2, 3, size=(n, p)) if ties else rng.normal(size=(n, p))
    y = rng.permutation(np.arange(n) % 2)
    table = gdviz.Dataset.of(X.astype(float), y.astype(float))
    history = gdviz.fit(table, loss="cross-entropy", epochs=2)
    sides = np.where(y == 1, 1, -1)[:, None] * np.column_stack([np.ones(n), X])
    best = history.best
    if best.exists:
        gradient = history.objective.gradient(best.theta)
        assert_allclose(gradient, 0, atol=1e-7)
        assert np.abs(best.theta).max() < 1e4
        return
    margins = sides @ best.falls
    assert margins.min() > -1e-7
    assert margins.max() > 1e-3
    far = history.theta[0] + np.multiply.outer([0, 1e2, 1e4, 1e6], best.falls)
    costs = history.objective.cost(far)
    assert (np.diff(costs) <= 1e-12).all()
    assert history.best.cost <= costs[-1] + 1e-12


def test_what_has_no_best_value_is_held_where_it_starts():
    found = datasets.load_iris()
    rows = found.target < 2
    table = gdviz.Dataset.of(found.data[rows, 2:], found.target[rows].astype(float))
    history = gdviz.fit(table, loss="cross-entropy", fixed_intercept="ols", epochs=50)
    assert (history.intercept == 0).all()
    if history.best.exists:
        assert "no weights would be best; intercept is held at 0." in str(history)
    scaled = gdviz.fit(table.scaled("standard"), loss="cross-entropy", fixed_intercept="ols")
    assert not scaled.best.exists


def test_the_table_of_classes_says_what_each_row_is():
    x = np.array([1.0, 2, 5, 4, 7, 8])
    history = gdviz.fit(x, [0, 0, 0, 1, 1, 1], loss="cross-entropy", epochs=10)
    rows = {line.split("  ")[0]: line.split()[1:] for line in str(history).splitlines() if line}
    cost = [float(cell) for cell in rows["cost"]]
    assert_allclose(cost, [history.cost[0], history.cost[-1], history.best.cost], rtol=1e-5)
    accuracy = [float(cell) for cell in rows["accuracy"]]
    points = (history.theta[0], history.theta[-1], history.optimum)
    assert_allclose(accuracy, [history.accuracy(theta) for theta in points], rtol=1e-5)
    assert len(set(accuracy)) > 1
    apart = gdviz.fit(x, x > 4.5, loss="cross-entropy", epochs=10)
    rows = {line.split("  ")[0]: line.split()[1:] for line in str(apart).splitlines() if line}
    assert rows["accuracy"][2] == "—"
    assert float(rows["cost"][1]) == pytest.approx(apart.cost[-1], rel=1e-5)


def test_huber_with_many_optima_gives_the_nearest():
    table = gdviz.Dataset.of([[0.0], [0.0], [1.0], [1.0]], [0.0, 10, 0, 10])
    history = gdviz.fit(table, loss="huber:delta=1")
    # Any line that passes between 1 and 9 at x = 0 and at x = 1 costs 9.
    assert_allclose(history.best.cost, 9, rtol=1e-9)
    assert_allclose(history.optimum, [1, 0], atol=1e-9)
    assert not history.best.unique
    assert "The Huber optimum is not unique" in str(history)
    assert_allclose(history.best.nearest(np.array([20.0, 1])), [9, 0], atol=1e-9)
    assert_allclose(history.best.nearest(np.array([9.0, 3])), [7.5, 1.5], atol=1e-9)
    inside = np.array([5.0, 1.0])
    assert_allclose(history.best.nearest(inside), inside, atol=1e-9)
    assert history.converged


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("mse", "least squares"),
        ("ridge:alpha=2", "ridge optimum"),
        ("huber:delta=2", "Huber optimum"),
    ],
)
def test_the_goal_is_called_what_it_is(loss, name, random_table):
    history = gdviz.fit(random_table(0, 20, 2), loss=loss, epochs=3)
    assert history.best.name == name
    assert name in str(history)


def test_a_score_is_that_of_scikit_learn(random_table):
    from sklearn.metrics import log_loss, r2_score

    table = random_table(1, 40, 2, noise=2)
    history = gdviz.fit(table, epochs=20)
    assert_allclose(history.score[-1], r2_score(table.y, history.predict(table.X)))
    labels = gdviz.Dataset.of(table.X, (table.y > table.y.mean()).astype(float))
    classes = gdviz.fit(labels, loss="cross-entropy", epochs=20)
    base = log_loss(labels.y, np.full(40, labels.y.mean()))
    assert_allclose(classes.score, 1 - classes.cost / base, rtol=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
def test_nothing_is_undefined_of_a_constant_target(loss):
    y = np.array([0.0, 1, 0, 1]) if loss == "cross-entropy" else np.full(4, 3.0)
    history = gdviz.fit([[1.0], [2.0], [2.0], [3.0]], y, loss=loss, epochs=50)
    assert np.isfinite(history.way_left).all()
    assert str(history)


# What would help ----------------------------------------------------------------------------------


def test_columns_that_nearly_depend_on_each_other_are_named(random_table):
    table = random_table(2, 30, 3)
    X = table.X.copy()
    X[:, 2] = X[:, 0] - X[:, 1] + 1e-9 * np.random.default_rng(0).normal(size=30)
    history = gdviz.fit(X, table.y, epochs=10)
    assert "Nearly linearly dependent: x0, x1, x2." in str(history)
    assert "scaled(" not in str(history)


def test_scaling_is_not_advised_where_it_does_not_help(random_table):
    table = random_table(2, 30, 2)
    X = np.column_stack([table.X[:, 0], table.X[:, 0] + 0.01 * table.X[:, 1]])
    text = str(gdviz.fit(X, table.y, epochs=10))
    assert "scaled(" not in text
    assert "Nearly linearly dependent: x0, x1." in text


def test_the_condition_after_scaling_is_that_of_the_scaled_table(tables):
    history = gdviz.fit(tables["rent"], epochs=1)
    scaled = gdviz.fit(tables["rent"].scaled("standard"), epochs=1)
    said = history.remarks[0]
    assert f"makes it {scaled.condition:,.3g}." in said


def test_a_rate_that_arrives_in_time_is_named(tables):
    table = tables["article_multiple"]
    history = gdviz.fit(table, learning_rate=0.001, epochs=500)
    said = next(remark for remark in history.remarks if "learning rate" in remark)
    rate = float(said.split()[4])
    epoch = int(said.split()[-1].rstrip("."))
    assert epoch <= 500
    assert gdviz.fit(table, learning_rate=rate, epochs=500).arrival == epoch


@pytest.mark.parametrize("unit", [1, 1e4])
@pytest.mark.parametrize("optimizer", ["adam", "momentum", "rmsprop", "nesterov:decay=0.5"])
def test_a_rate_of_another_optimizer_that_arrives_in_time_is_named(optimizer, unit, tables):
    X, y = tables["article_multiple"].X, tables["article_multiple"].y
    table = gdviz.Dataset.of(X * unit, y)
    history = gdviz.fit(
        table, optimizer=optimizer, learning_rate=1e-6 / unit**2, epochs=600, fixed_intercept="ols"
    )
    assert not history.converged
    said = next(remark for remark in history.remarks if "learning rate" in remark)
    rate = float(said.split()[4])
    again = gdviz.fit(
        table, optimizer=optimizer, learning_rate=rate, epochs=600, fixed_intercept="ols"
    )
    assert again.converged


def test_of_a_rate_that_diverged_one_that_arrives_is_named(tables):
    with warnings.catch_warnings(action="ignore"):
        history = gdviz.fit(tables["article_multiple"], learning_rate=0.1)
    assert any("arrives at epoch" in remark for remark in history.remarks)
    assert not any("within" in remark for remark in history.remarks)


def test_other_rows_are_judged_anew(random_table):
    history = gdviz.fit(random_table(3, 60, 2))
    part = gdviz.Dataset.of(history.dataset.X[:20], history.dataset.y[:20])
    other = history.over(part)
    assert other.ended == "epochs"
    assert other.ahead is None


@pytest.mark.parametrize("loss", ["cross-entropy", "huber:delta=1"])
def test_the_optimum_does_not_depend_on_where_the_start_is(loss, random_table):
    table = random_table(6, 40, 2, noise=3.0)
    y = (table.y > table.y.mean()).astype(float) if loss == "cross-entropy" else table.y
    near, far = (
        gdviz.fit(table.X, y, loss=loss, theta0=[far, 0, 0], epochs=1, learning_rate=1e-3).optimum
        for far in (0.0, 1e12)
    )
    assert_allclose(far, near, rtol=1e-9)


def test_more_features_than_a_descent_is_recorded_of_are_refused():
    X = np.random.default_rng(0).normal(size=(5, 10_000))
    with pytest.raises(ValueError, match="10,000 features are more than the 1,000"):
        gdviz.fit(X, X[:, 0])


def test_fit_warns_of_what_is_left(tables):
    with pytest.warns(ConvergenceWarning, match=r"it has not arrived \(75 % of the way of inter"):
        gdviz.fit(tables["article_multiple"], tol="auto", epochs=50)


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"optimizer": "adam"}, {"epochs": 7}, {"batch_size": 2}])
def test_the_words_are_saved(tmp_path, options, tables):
    history = gdviz.fit(tables["article_multiple"], **options)
    history.save(tmp_path / "h.npz")
    loaded = gdviz.History.load(tmp_path / "h.npz")
    assert str(loaded) == str(history)
    assert loaded.arrival == history.arrival
    assert (loaded.ended, loaded.verdict) == (history.ended, history.verdict)
    assert (loaded.seed, loaded.batch_size) == (history.seed, history.batch_size)


@pytest.mark.parametrize(
    ("ended", "diverged", "now"),
    [("converged", False, "epochs"), ("tol", False, "tol"), ("diverged", True, "diverged")],
)
def test_a_history_of_the_first_version_is_judged_on_its_record(
    tmp_path, tables, ended, diverged, now
):
    import json

    history = gdviz.fit(tables["article_multiple"], epochs=900)
    history.save(tmp_path / "new.npz")
    with np.load(tmp_path / "new.npz") as file:
        arrays = {name: file[name] for name in file if name != "ahead"}
    about = json.loads(str(arrays["about"]))
    for name in ("batch_size", "seed"):
        del about[name]
    about |= {"format": "gdviz history 1", "ended": ended, "diverged": diverged}
    arrays["about"] = np.array(json.dumps(about))
    np.savez(tmp_path / "old.npz", **arrays)
    old = gdviz.History.load(tmp_path / "old.npz")
    assert old.ended == now
    assert old.arrival == (None if diverged else history.arrival)
    if not diverged:
        assert "as far as its record goes" in old.outcome

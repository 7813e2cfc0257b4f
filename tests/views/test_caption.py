"""The caption of one run: numbers that stand still, and how it ended, once it is known."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

import gdviz
from gdviz.views.caption import caption_of

from ..conftest import X, Y, descent, held, separable

FAR = {"theta0": [0.0, 0, 0], "learning_rate": 0.001}


def numbers_of(history):
    """All numbers that a film of a history writes, by column."""
    return {c.name: [c.write(value) for value in c.values] for c in caption_of(history).columns}


def test_cost_and_r2_stand_over_those_of_the_optimum(moving):
    model = LinearRegression().fit(X, Y)
    cost, r2 = caption_of(moving).columns
    residuals = Y - model.predict(X)
    assert cost.goal == f"{np.mean(residuals**2):,.2f}" == "75.64"
    assert r2.goal == f"{r2_score(Y, model.predict(X)):.3f}" == "0.821"
    expected = r2_score(Y, moving.predict(X))
    assert r2.write(r2.values[-1]) == f"{expected:.3f}"
    assert cost.write(cost.values[0]) == f"{moving.cost[0]:,.2f}"


def test_decimals_are_the_same_in_every_frame(awkward):
    for written in numbers_of(awkward).values():
        plain = [text for text in written if "e" not in text]
        decimals = {len(text.partition(".")[2]) for text in plain}
        assert len(decimals) <= 1
        assert not any("nan" in text or "inf" in text for text in written)


def test_what_arrived_says_when_from_then_on():
    history = held(learning_rate=0.01, epochs=2000, theta0=[0.0, 0, 0])
    caption, at = caption_of(history), history.arrival
    assert history.verdict == "arrived"
    assert caption.verdict_at(at - 1) == ("", "")
    for record in (at, len(history.epoch) - 1):
        assert caption.verdict_at(record) == ("arrived", f"at epoch {history.epoch[at]:,}")


def test_what_is_near_but_does_not_stay_is_not_said_to_have_way_left():
    history = held(learning_rate=0.01, epochs=2000)
    assert history.way_left[-1].max() < 0.01
    hops = replace(history.ahead, steps=1000.0, distance=history.ahead.distance + 9)
    assert caption_of(replace(history, ahead=hops)).verdict_at(len(history.epoch) - 1) == (
        "stopped",
        "near the optimum, does not stay",
    )


def test_a_cost_that_is_not_yet_the_optimums_is_said():
    table = gdviz.Dataset.of(X, Y)
    best = LinearRegression().fit(X, Y)
    goal = np.array([best.intercept_, *best.coef_])
    history = gdviz.History.from_arrays([goal + 1000, goal + 5], dataset=table)
    assert history.way_left[-1].max() == pytest.approx(0.005)
    word, more = caption_of(history).verdict_at(1)
    assert (word, more.endswith(" above the optimum's")) == ("stopped", True)
    above = float(more.split()[1].replace(",", ""))
    assert above == pytest.approx(history.cost[-1] - history.best.cost, rel=0.06)


def test_a_hundredth_of_the_way_is_not_left():
    best = LinearRegression().fit(X, Y)
    goal = np.array([best.intercept_, *best.coef_])
    table = gdviz.Dataset.of(X, Y)
    history = gdviz.History.from_arrays([goal + 1000, goal + 12], dataset=table)
    assert caption_of(history).verdict[1].startswith("1.2 % of the way of ")


def test_a_name_in_the_verdict_is_the_parameters_and_cut_in_its_middle():
    names = ["distance from the centre (metres)"]
    one = descent(X[:, :1], names=names, fixed_intercept="ols", epochs=1, learning_rate=1e-6)
    assert caption_of(one).verdict_at(1)[1].endswith(" % of the way of distance f… (metres) left")


def test_arrived_says_for_how_long_that_is_known_to_last():
    history = held(optimizer="momentum", learning_rate=0.01, epochs=2000)
    assert caption_of(history).verdict_at(len(history.epoch) - 1) == (
        "arrived",
        f"at epoch {history.epoch[history.arrival]:,}, and 1,000 steps on",
    )


def test_classes_that_can_be_told_apart_are_not_said_to_have_way_left():
    history = separable()
    share = float(history.cost[-1] / history.cost[0])
    word, more = caption_of(history).verdict_at(len(history.epoch) - 1)
    assert word == "stopped"
    assert float(more.removeprefix("at ").split(" %")[0]) == pytest.approx(100 * share, rel=0.06)


def test_of_two_labels_the_score_is_mcfaddens():
    x = np.array([[0.0], [1], [2], [3], [4], [5]])
    table = gdviz.Dataset.of(x, np.array([0.0, 0, 1, 0, 1, 1]))
    history = gdviz.fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1)
    cost, score = caption_of(history).columns
    assert score.name == "McFadden R²"
    # The cost of half against half is log 2.
    np.testing.assert_allclose(score.values, 1 - cost.values / np.log(2), atol=1e-12)


def test_a_constant_target_has_no_score():
    caption = caption_of(held(y=np.full(6, 5.0), theta0=[5, 1, 0]))
    assert [column.name for column in caption.columns] == ["cost"]


def test_what_a_film_shows_in_a_sentence():
    table = replace(gdviz.Dataset.of(X, Y), source="some.csv")
    history = gdviz.fit(table, epochs=1, learning_rate=0.001, theta0=[-1, 3, 3])
    sentence = caption_of(history).said
    assert sentence.startswith(
        "y from x0, x1; some.csv, 6 rows; mean squared error; gradient descent, "
        "learning rate 0.001; epoch 1, cost 2,255.21, R² −4.331; stopped "
    )
    assert sentence.endswith(" % of the way of intercept left")


def test_numbers_have_no_more_decimals_than_can_be_told_apart():
    history = separable()
    for column in caption_of(history).columns:
        assert all(len(column.write(value)) <= 8 for value in column.values)
        assert not any("e" in column.write(value) for value in column.values)


def test_all_costs_of_a_film_are_written_alike():
    history = gdviz.History.from_arrays(
        [[0, 0, 0], [1e4, 1e5, 0], [0, 0, 0]], dataset=gdviz.Dataset.of(X, 1000 * Y)
    )
    cost = caption_of(history).columns[0]
    assert cost.values.max() > 1e10 > cost.values[0]
    assert len({"e" in cost.write(value) for value in cost.values}) == 1


def test_a_score_that_starts_far_below_0_is_written_without_powers():
    y = 1e3 + 1e-3 * Y
    x = X + np.array([[0, 1e-9]] * 6)
    table = gdviz.Dataset.of(x, y - 1e3 + x @ [2.0, 3.0])
    best = LinearRegression().fit(table.X, table.y)
    start = [best.intercept_ + 500, *best.coef_]
    score = caption_of(gdviz.fit(table, theta0=start, epochs=3, learning_rate=1e-6)).columns[1]
    assert score.values[0] < -100
    assert 0 < 1 - float(score.goal) < 1e-3 or score.goal.strip("10.") == ""
    assert not any("e" in score.write(value) for value in score.values)


def test_what_stopped_says_how_far_it_has_to_go():
    history = descent(**FAR, epochs=400)
    caption = caption_of(history)
    word, more = caption.verdict_at(400)
    left = float(more.removesuffix(" % of the way of intercept left"))
    assert word == history.verdict == "stopped"
    assert history.way_left[-1].argmax() == 0
    assert left == pytest.approx(100 * history.way_left[-1].max(), rel=0.06)
    assert caption.verdict_at(399) == ("", "")


def test_where_there_is_no_optimum_there_is_no_goal():
    x = np.array([[-2.0], [-1], [1], [2]])
    table = gdviz.Dataset.of(x, np.array([0.0, 0, 1, 1]))
    history = gdviz.fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1)
    caption = caption_of(history)
    assert caption.goal == "no optimum"
    assert [column.goal for column in caption.columns] == ["", ""]
    share = 100 * history.cost[-1] / history.cost[0]
    assert caption.verdict_at(5) == ("stopped", f"at {share:.2g} % of the starting cost")


def test_each_epoch_shows_the_last_record_at_or_before_it():
    history = held(learning_rate=0.01, epochs=50)
    caption = caption_of(history)
    for epoch in (0, 7, 7.9, 50, 90):
        record = caption.record_at(epoch)
        assert caption.epoch_text(record) == f"epoch {min(int(epoch), 50)}"
        cost = caption.columns[0]
        assert cost.text(record) == cost.write(history.cost[record])


def test_names_stand_in_a_caption_as_in_the_table():
    table = gdviz.Dataset.of(X, Y, feature_names=["\U0001f642", "b"], target_name="\U0001f643")
    caption = caption_of(gdviz.fit(replace(table, source="a\U0001f644.csv"), epochs=3))
    assert caption.subject == "\U0001f643 from \U0001f642, b"
    assert caption.footer.target == "\U0001f643"
    assert caption.footer.parts[0] == "a\U0001f644.csv, 6 rows"
    assert "a\U0001f644.csv" in caption.said


@pytest.mark.parametrize(
    ("f", "start", "said"),
    [
        (lambda u, v: -(u**2) - v**2, (1.0, 1.0), "cost from −2 to −14.2"),
        (lambda u, v: u + v, (1.0, 2.0), "cost from 3 to −0.15"),
        (lambda u, v: u + v, (1.0, -1.0), "cost from 0 to −3.15"),
    ],
)
def test_a_share_of_the_starting_cost_is_said_only_of_costs_above_zero(f, start, said):
    history = gdviz.fit(gdviz.Function(f), theta0=start, epochs=25, optimizer="adam")
    assert caption_of(history).verdict[1] == said

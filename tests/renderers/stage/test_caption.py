"""The words around the panels: each said once, in numbers that stand still."""

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

import gdviz
from gdviz.renderers import contour, parameters, plane
from gdviz.renderers.stage.caption import columns, lines, said, verdict
from gdviz.views.numbers import steady
from gdviz.views.words import held_words, method, spoken

from ...conftest import X, Y, descent, held, said_in, separable, texts

FAR = {"theta0": [0.0, 0, 0], "learning_rate": 0.001}


def numbers_of(history):
    """All numbers that a film of a history writes, by column."""
    return {c.name: [c.write(value) for value in c.values] for c in columns(history)}


def test_cost_and_r2_stand_over_those_of_the_optimum(moving):
    model = LinearRegression().fit(X, Y)
    cost, r2 = columns(moving)
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


@given(st.floats(1e-12, 1e15), st.floats(1e-6, 1))
def test_four_digits_of_the_least_number_can_be_read(largest, share):
    least = largest * share
    write = steady(largest, least)
    for value in (largest, least):
        read = float(write(value).replace(",", "").replace("−", "-"))
        assert read == pytest.approx(value, rel=6e-4, abs=6e-4 * least)
    if "e" not in write(largest):
        assert len(write(largest)) <= 24


@pytest.mark.parametrize(
    ("largest", "least", "value", "written"),
    [
        (2501.5, 75.6, 1234567.0, "1,234,567.00"),
        (3e9, 4277864.9, 4277864.9, "4,277,865"),
        (1.3, 0.0137, -0.0, "0.00000"),
        (1e-9, 1e-12, 1.5e-10, "1.500e−10"),
        (1e24, 1e20, 1e24, "1.000e+24"),
        (10, 1, -6.534, "−6.534"),
        (0, 0, 0, "0"),
        (10, 1, 1e300, "1.000e+300"),
    ],
)
def test_numbers_as_they_are_written(largest, least, value, written):
    assert steady(largest, least)(value) == written


def test_numbers_do_not_move_from_frame_to_frame(moving):
    film = plane(moving).film(frames=[0, 1, 300, 20_000])
    edges = []
    for artists in film._framedata:
        found = said_in(artists)
        edges.append([(t.get_position(), t.get_ha(), t.get_fontsize()) for t in found[:3]])
    assert edges[0] == edges[1] == edges[2] == edges[3]
    assert [ha for _, ha, _ in edges[0]] == ["left", "right", "right"]


def test_what_arrived_says_when_from_then_on():
    history = held(learning_rate=0.01, epochs=2000, theta0=[0.0, 0, 0])
    at = history.arrival
    assert history.verdict == "arrived"
    assert verdict(history, at - 1) == ("", "")
    for record in (at, len(history.epoch) - 1):
        assert verdict(history, record) == ("arrived", f"at epoch {history.epoch[at]:,}")


def test_what_stopped_says_how_far_it_has_to_go():
    history = descent(**FAR, epochs=400)
    word, more = verdict(history, 400)
    left = float(more.removesuffix(" % of the way of intercept left"))
    assert word == history.verdict == "stopped"
    assert history.way_left[-1].argmax() == 0
    assert left == pytest.approx(100 * history.way_left[-1].max(), rel=0.06)
    assert verdict(history, 399) == ("", "")
    assert {"stopped", more} <= set(texts(plane(history).still()))
    assert "stopped" not in texts(plane(history).still(399))


def test_what_is_near_but_does_not_stay_is_not_said_to_have_way_left():
    history = held(learning_rate=0.01, epochs=2000)
    assert history.way_left[-1].max() < 0.01
    hops = replace(history.ahead, steps=1000.0, distance=history.ahead.distance + 9)
    assert verdict(replace(history, ahead=hops), len(history.epoch) - 1) == (
        "stopped",
        "near the optimum, does not stay",
    )


def test_a_cost_that_is_not_yet_the_optimums_is_said():
    table = gdviz.Dataset.of(X, Y)
    best = LinearRegression().fit(X, Y)
    goal = np.array([best.intercept_, *best.coef_])
    history = gdviz.History.from_arrays([goal + 1000, goal + 5], dataset=table)
    assert history.way_left[-1].max() == pytest.approx(0.005)
    word, more = verdict(history, 1)
    assert (word, more.endswith(" above the optimum's")) == ("stopped", True)
    above = float(more.split()[1].replace(",", ""))
    assert above == pytest.approx(history.cost[-1] - history.best.cost, rel=0.06)


def test_a_name_in_the_verdict_is_the_parameters_and_cut_in_its_middle():
    names = ["distance from the centre (metres)"]
    one = descent(X[:, :1], names=names, fixed_intercept="ols", epochs=1, learning_rate=1e-6)
    assert verdict(one, 1)[1].endswith(" % of the way of distance f… (metres) left")


def test_arrived_says_for_how_long_that_is_known_to_last():
    history = held(optimizer="momentum", learning_rate=0.01, epochs=2000)
    assert verdict(history, len(history.epoch) - 1) == (
        "arrived",
        f"at epoch {history.epoch[history.arrival]:,}, and 1,000 steps on",
    )


def test_classes_that_can_be_told_apart_are_not_said_to_have_way_left():
    history = separable()
    share = float(history.cost[-1] / history.cost[0])
    word, more = verdict(history, len(history.epoch) - 1)
    assert word == "stopped"
    assert float(more.removeprefix("at ").split(" %")[0]) == pytest.approx(100 * share, rel=0.06)


def test_a_descent_that_diverges_says_so_where_it_ends():
    history = held(learning_rate=0.05)
    figure = plane(history).still()
    (word,) = (t for t in figure.findobj(mpl.text.Text) if t.get_text() == "diverged")
    assert word.get_color() == "#d55e00"
    assert any("learning rate 0.05" in text for text in texts(figure))


def test_what_was_done_is_said_once():
    table = replace(gdviz.Dataset.of(X, Y), source="some.csv")
    history = gdviz.fit(table, loss="huber:delta=2", epochs=3, optimizer="adam", learning_rate=0.1)
    assert method(history) == ["some.csv, 6 rows", "Huber, delta 2", "adam, learning rate 0.1"]
    said = " ".join(texts((parameters(history) | plane(history)).still()))
    for word in ("some.csv", "Huber, delta 2", "adam", "0.1"):
        assert said.count(word) == 1


def test_batches_are_said():
    history = descent(batch_size=2, epochs=3, learning_rate=0.01)
    assert method(history)[-1] == "gradient descent, learning rate 0.01, batches of 2"


def test_a_replay_is_said_to_be_one():
    table = gdviz.Dataset.of(X, Y)
    history = gdviz.History.from_arrays([[0, 0, 0], [1, 1, 1]], dataset=table)
    assert method(history) == ["6 rows", "mean squared error", "recorded elsewhere"]


def test_of_two_labels_the_score_is_mcfaddens():
    x = np.array([[0.0], [1], [2], [3], [4], [5]])
    table = gdviz.Dataset.of(x, np.array([0.0, 0, 1, 0, 1, 1]))
    history = gdviz.fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1)
    cost, score = columns(history)
    assert score.name == "McFadden R²"
    # The cost of half against half is log 2.
    np.testing.assert_allclose(score.values, 1 - cost.values / np.log(2), atol=1e-12)


def test_where_there_is_no_optimum_none_is_shown():
    x = np.array([[-2.0], [-1], [1], [2]])
    table = gdviz.Dataset.of(x, np.array([0.0, 0, 1, 1]))
    history = gdviz.fit(table, loss="cross-entropy", epochs=5, learning_rate=0.1)
    assert [column.goal for column in columns(history)] == ["", ""]
    share = 100 * history.cost[-1] / history.cost[0]
    assert verdict(history, 5) == ("stopped", f"at {share:.2g} % of the starting cost")
    assert "no optimum" in texts(parameters(history).still())


def test_a_constant_target_has_no_score():
    assert [c.name for c in columns(held(y=np.full(6, 5.0), theta0=[5, 1, 0]))] == ["cost"]


def test_options_are_words():
    assert spoken("rmsprop:decay=0.9") == "rmsprop, decay 0.9"
    assert spoken("huber:delta=2000,alpha=0.5") == "Huber, delta 2,000, alpha 0.5"


@given(st.lists(st.text("ab ", min_size=1, max_size=30), min_size=1), st.integers(1, 60))
def test_lines_keep_every_part_in_order_and_fit_where_they_can(parts, room):
    found = lines(parts, room, len)
    assert "  ·  ".join(found) == "  ·  ".join(parts)
    for line in found:
        assert len(line) <= room + 1 or line in parts


@pytest.mark.parametrize("size", [None, (4, 3), (10, 3), (3, 6)])
@pytest.mark.parametrize("source", ["a.csv", "a rather long name of a table of rents.csv" * 3])
def test_the_words_stay_in_the_picture(size, source):
    table = replace(gdviz.Dataset.of(X, 1e5 * Y), source=source)
    options = {"batch_size": 2, "optimizer": "momentum:decay=0.95", "learning_rate": 1e-4}
    figure = contour(gdviz.fit(table, fixed_intercept="ols", epochs=9, **options)).still(size=size)
    figure.draw_without_rendering()
    header, footer = figure.subfigs[0], figure.subfigs[-1]
    words = said_in([*header.axes[0].texts, *header.artists, *footer.texts])
    assert len(words) > 8
    for text in words:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width
        assert box.y0 >= 0
        assert box.y1 <= figure.bbox.height


def test_what_a_film_shows_in_a_sentence():
    table = replace(gdviz.Dataset.of(X, Y), source="some.csv")
    history = gdviz.fit(table, epochs=1, learning_rate=0.001, theta0=[-1, 3, 3])
    sentence = said(history)
    assert sentence.startswith(
        "y from x0, x1; some.csv, 6 rows; mean squared error; gradient descent, "
        "learning rate 0.001; epoch 1, cost 2,255.21, R² −4.331; stopped "
    )
    assert sentence.endswith(" % of the way of intercept left")


FIVE = np.random.default_rng(0).normal(size=(40, 5))
Y_OF_FIVE = FIVE @ [1.0, 2, 3, 4, 5] + np.random.default_rng(1).normal(size=40)


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [
        ({}, []),
        ({"intercept": 7.25}, ["intercept held at 7.25"]),
        ({"x1": -2}, ["weight of x1 held at −2"]),
        ({"x3": 1.5, "intercept": 0}, ["intercept held at 0", "weight of x3 held at 1.5"]),
        ({"x0": 1, "x1": 2, "x2": 3}, ["3 weights held"]),
        ({"x2": "ols", "x3": "ols", "x4": "ols"}, ["3 weights held at the optimum"]),
        ({"intercept": "ols", "x2": "ols", "x3": 9}, ["intercept and 2 weights held"]),
        (
            {"intercept": "ols", "x2": "ols", "x3": "ols"},
            ["intercept and 2 weights held at the optimum"],
        ),
    ],
)
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_what_is_held_is_said_with_its_value_or_how_many(fixed, expected, loss):
    history = descent(FIVE, Y_OF_FIVE, fixed=fixed, loss=loss, epochs=3, learning_rate=0.01)
    assert held_words(history) == expected


def test_in_copies_of_a_column_held_is_still_at_the_optimum():
    twins = FIVE[:, [0, 0, 1, 1, 2]]
    fixed = dict.fromkeys(("x0", "x2", "x4"), "ols")
    assert held_words(descent(twins, Y_OF_FIVE, fixed=fixed, epochs=3, learning_rate=0.01)) == [
        "3 weights held at the optimum"
    ]


def test_numbers_have_no_more_decimals_than_can_be_told_apart():
    history = separable()
    for column in columns(history):
        assert all(len(column.write(value)) <= 8 for value in column.values)
        assert not any("e" in column.write(value) for value in column.values)


def test_all_costs_of_a_film_are_written_alike():
    history = gdviz.History.from_arrays(
        [[0, 0, 0], [1e4, 1e5, 0], [0, 0, 0]], dataset=gdviz.Dataset.of(X, 1000 * Y)
    )
    cost = columns(history)[0]
    assert cost.values.max() > 1e10 > cost.values[0]
    assert len({"e" in cost.write(value) for value in cost.values}) == 1


def test_a_score_that_starts_far_below_0_is_written_without_powers():
    y = 1e3 + 1e-3 * Y
    x = X + np.array([[0, 1e-9]] * 6)
    table = gdviz.Dataset.of(x, y - 1e3 + x @ [2.0, 3.0])
    best = LinearRegression().fit(table.X, table.y)
    start = [best.intercept_ + 500, *best.coef_]
    score = columns(gdviz.fit(table, theta0=start, epochs=3, learning_rate=1e-6))[1]
    assert score.values[0] < -100
    assert 0 < 1 - float(score.goal) < 1e-3 or score.goal.strip("10.") == ""
    assert not any("e" in score.write(value) for value in score.values)


@pytest.mark.parametrize("kind", [parameters, contour])
def test_the_footer_names_the_target(kind):
    table = gdviz.Dataset.of(X, Y, target_name="rent")
    history = gdviz.fit(replace(table, source="a.csv"), fixed_intercept="ols", epochs=3)
    assert any(text.startswith("rent in a.csv, 6 rows") for text in texts(kind(history).still()))

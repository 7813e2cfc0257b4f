"""Two classes of points and the line between them: which points, which line, who is wrong."""

from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.core.sampling import sampled
from gdviz.views.boundary import boundary_of

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2)) * [3, 10] + [5, 40]
LABELS = np.where((X - [5, 40]) @ [0.6, -0.25] + rng.logistic(size=60) > 0, 7.0, 2.0)
X3 = np.column_stack([X, np.random.default_rng(1).normal(7, 2, 60)])


def classes(X=X, labels=LABELS, scale="standard", **options):
    """A descent that tells two classes apart."""
    table = gdviz.Dataset.of(X, labels).scaled(scale)
    return gdviz.fit(table, **({"loss": "cross-entropy", "epochs": 30} | options))


@pytest.fixture(scope="module")
def history():
    return classes()


@pytest.fixture(scope="module")
def of_three():
    table = gdviz.Dataset.of(X3, LABELS, feature_names=["hours", "age", "height"])
    return gdviz.fit(table.scaled("minmax"), loss="cross-entropy", epochs=30)


def test_points_are_the_rows_and_their_labels(history):
    view = boundary_of(history)
    np.testing.assert_array_equal(view.X, history.dataset.X)
    np.testing.assert_array_equal(view.larger, LABELS == 7)
    assert (view.corners[0] < view.X).all()
    assert (view.corners[1] > view.X).all()


@pytest.mark.parametrize("epoch", [1, 5, 30])
def test_lines_run_where_labels_are_as_likely_and_where_one_is_by_nine_tenths(history, epoch):
    frame, theta = boundary_of(history).at(epoch), history.theta[epoch]
    for line, p in zip([frame.line, *frame.outer], [0.5, 0.1, 0.9], strict=True):
        z = theta[0] + line.T @ theta[1:]
        np.testing.assert_allclose(1 / (1 + np.exp(-z)), p)


@pytest.mark.parametrize("epoch", [1, 30])
def test_zones_tell_how_likely_the_larger_label_is(history, epoch):
    theta = history.theta[epoch]
    for corners, low in zip(boundary_of(history).at(epoch).zones, [0, 0.1, 0.5, 0.9], strict=True):
        if len(corners):
            p = 1 / (1 + np.exp(-theta[0] - corners.mean(axis=0) @ theta[1:]))
            assert low <= p <= low + (0.4 if 0 < low < 0.9 else 0.1)


@pytest.mark.parametrize("epoch", [1, 5, 30])
def test_points_whose_prediction_is_the_other_label_are_wrong(history, epoch):
    predicted = np.where(history.predict(X, epoch) > 0, 7.0, 2.0)
    np.testing.assert_array_equal(boundary_of(history).at(epoch).wrong, predicted != LABELS)


def test_between_two_records_the_line_is_on_its_way(history):
    theta = 0.75 * history.theta[1] + 0.25 * history.theta[2]
    ends = boundary_of(history).at(1.25).line.T
    np.testing.assert_allclose(theta[0] + ends @ theta[1:], 0, atol=1e-12)


def test_at_zero_nothing_is_likelier_and_no_point_is_on_the_wrong_side():
    view = boundary_of(classes(theta0=[0, 0, 0], epochs=3))
    start = view.at(0)
    assert not any(map(len, start.zones))
    assert not start.wrong.any()
    assert start.way is None
    assert any(map(len, view.at(1).zones))


@pytest.mark.parametrize("start", [-50, 50])
def test_a_line_that_is_outside_is_pointed_at(start):
    view = boundary_of(classes(theta0=[start, 1, 1], epochs=200))
    (middle, edge), half = view.at(0).way, np.ptp(view.corners, axis=0) / 2
    np.testing.assert_allclose(middle, view.corners.mean(axis=0))
    assert (np.sign(edge - middle) == -np.sign(start)).all()
    assert np.max(np.abs(edge - middle) / half) == pytest.approx(1)
    assert view.at(200).way is None


def test_lines_rings_and_what_is_held_are_said():
    view = boundary_of(classes(fixed_intercept=0.25, epochs=3))
    said = "○ misclassified", "┄ P(●) = 0.1, 0.9", "intercept held at 0.25"
    assert view.notes == said


def test_classes_are_called_by_their_names_or_by_the_target(history):
    assert boundary_of(history).classes == ("y 7", "2")
    table = replace(history.dataset, label_names=("setosa", "versi\ncolor"))
    named = gdviz.fit(table, loss="cross-entropy", epochs=3)
    assert boundary_of(named).classes == ("versi\ncolor", "setosa")


def test_of_many_points_a_thousand_are_drawn_by_lot_and_that_is_said():
    many = np.tile(X, (50, 1)) + np.random.default_rng(0).normal(size=(3000, 2))
    history = classes(many, np.tile(LABELS, 50), epochs=3)
    view = boundary_of(history)
    assert len(view.X) == len(view.larger) == len(view.at(0).wrong) == 1000
    assert view.notes[-1] == "1,000 of 3,000 points drawn"
    assert not np.isin(view.X[:, 0], history.dataset.X[::3, 0]).all()
    assert not any("drawn" in note for note in boundary_of(classes(epochs=3)).notes)


def test_a_label_that_no_drawn_point_has_is_still_the_larger_one():
    many = np.random.default_rng(0).normal(size=(3000, 2))
    rare = np.flatnonzero(~np.isin(np.arange(3000), sampled(3000, 1000)))[:5]
    view = boundary_of(classes(many, np.isin(np.arange(3000), rare).astype(float), epochs=1))
    assert view.classes == ("y 1", "0")
    assert not view.larger.any()


@pytest.mark.parametrize(("rows", "size"), [(60, 7), (150, 7), (294, 5), (3000, 4)])
def test_many_points_are_small(rows, size):
    history = classes(np.resize(X, (rows, 2)), np.resize(LABELS, rows), epochs=3)
    assert boundary_of(history).size == pytest.approx(size)


def test_over_two_of_many_features_the_others_are_at_their_means_and_that_is_said(of_three):
    view = boundary_of(of_three, vary=("height", "hours"))
    assert view.names == ("height (scaled)", "hours (scaled)")
    assert view.notes[-1] == "other features at their means"
    height, hours = view.at(30).line
    rows = np.column_stack([hours, np.full(2, of_three.dataset.X[:, 1].mean()), height])
    theta = of_three.theta[-1]
    np.testing.assert_allclose(theta[0] + rows @ theta[1:], 0, atol=1e-9)
    np.testing.assert_array_equal(view.X, of_three.dataset.X[:, [2, 0]])


@pytest.mark.parametrize("epoch", [10, 30])
def test_of_many_features_the_whole_model_decides_which_are_wrong(of_three, epoch):
    view = boundary_of(of_three, vary=("height", "age"))
    predicted = np.where(of_three.predict(X3, epoch) > 0, 7.0, 2.0)
    np.testing.assert_array_equal(view.at(epoch).wrong, predicted != LABELS)
    # The line, at the mean of the other feature, would tell otherwise of some points.
    intercept, height, age = view.lines[epoch]
    assert ((intercept + view.X @ [height, age] > 0) != (predicted == 7)).any()


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        (None, r'there are 3: choose two, vary=\("hours", "age"\)'),
        (("age", "age"), "boundary draws two features"),
        (("age", "size"), "no feature 'size'; the features are hours, age, height"),
    ],
)
def test_other_than_two_features_are_refused(of_three, vary, message):
    with pytest.raises(ValueError, match=message):
        boundary_of(of_three, vary=vary)


def test_powers_of_one_feature_are_two_and_of_two_are_too_many():
    one, two = (
        gdviz.fit(gdviz.Dataset.of(x, LABELS).powers(2).scaled("standard"), loss="cross-entropy")
        for x in (X[:, :1], X)
    )
    assert boundary_of(one).names == ("x0 (scaled)", "x0^2 (scaled)")
    with pytest.raises(ValueError, match=r"which is curved: draw parameters\(history\)"):
        boundary_of(two, vary=("x0", "x1"))

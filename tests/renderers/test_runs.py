"""Several runs in one picture: their looks, one ground, and ranges that hold them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from sklearn.linear_model import LinearRegression

from gdviz.core.comparison import MOST_RUNS
from gdviz.renderers import boundary, contour, parameters, plane, surface
from gdviz.renderers.style.contrast import luminance
from gdviz.renderers.style.runs import ALONE, run_styles
from gdviz.views.cost_slice import slice_of

from ..conftest import X, Y, descent, held, limits, texts

SEVERAL = [contour, surface, parameters]
HEADS = [style.marker for style in run_styles(MOST_RUNS)]


def wild(**options):
    return held(**({"learning_rate": 0.05, "epochs": 200} | options))


def lines_of(figure, axes=1):
    """The lines of an axes, each with its data."""
    return [line for line in figure.axes[axes].lines if isinstance(line, Line2D)]


def heads_of(figure, axes=1):
    """Marker of each head -> where it is."""
    found = [line for line in lines_of(figure, axes) if line.get_zorder() == 2.6]
    found = [line for line in found if isinstance(line.get_marker(), str)]
    return {line.get_marker(): tuple(line.get_xydata()[0]) for line in found}


# What is given ------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", SEVERAL)
def test_none_and_more_than_eight_are_refused(draw):
    with pytest.raises(ValueError, match=f"{draw.__name__} draws 1 to 8 runs, .* not 0"):
        draw([])
    with pytest.raises(ValueError, match="not 9: leave some out"):
        draw([held(epochs=2)] * 9)


@pytest.mark.parametrize("draw", SEVERAL)
def test_runs_on_other_ground_are_refused_with_what_to_draw(draw):
    a = held(epochs=3)
    side = rf"side by side, {draw.__name__}\(a\) \| {draw.__name__}\(b\)"
    other = held(X[:5], Y[:5], epochs=3)
    with pytest.raises(ValueError, match=f"one and two go down different objectives.*{side}"):
        draw({"one": a, "two": other})
    other = held(epochs=3, fixed_intercept=3.0)
    said = rf"one and two hold different values \(intercept at 7.23421; intercept at 3\).*{side}"
    with pytest.raises(ValueError, match=said):
        draw({"one": a, "two": other})


@pytest.mark.parametrize("draw", [plane, boundary])
def test_a_kind_of_one_history_takes_no_two(draw):
    a = held(epochs=3)
    name = draw.__name__
    with pytest.raises(TypeError, match=rf"{name} draws one history, not 2: {name}\(a\) \| {name}"):
        draw({"a": a, "b": held(epochs=4)})
    assert plane([a]).histories == (a,)


@pytest.mark.parametrize("draw", SEVERAL)
def test_something_else_in_a_sequence_is_refused(draw):
    with pytest.raises(TypeError, match="draws a history, not a list"):
        draw({"a": [1, 2]})


# Looks --------------------------------------------------------------------------------------------


def test_one_run_looks_as_it_always_did():
    assert run_styles(1) == [ALONE]
    assert (ALONE.color, ALONE.marker, ALONE.line, ALONE.rim) == ("#d55e00", "o", "solid", "white")


def test_no_two_runs_share_a_colour_a_mark_or_a_line():
    styles = run_styles(MOST_RUNS)
    for field in ("color", "marker", "line"):
        assert len({getattr(style, field) for style in styles}) == MOST_RUNS


def test_the_first_few_colours_are_told_apart_in_grey():
    # Contrast of 1.2 is a step that can be seen between neighbours (WCAG's formula).
    light = luminance(np.array([to_rgb(style.color) for style in run_styles(3)]))
    ratios = [(max(a, b) + 0.05) / (min(a, b) + 0.05) for a, b in combinations(light, 2)]
    assert min(ratios) > 1.5


# Machado, Oliveira & Fernandes 2009: deuteranopia, on linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def lab(rgb):
    """CIE L*a*b* of sRGB colours (n, 3) as who has deuteranopia sees them."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ DEUTERANOPIA.T, 0, 1)
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = seen @ np.transpose(to_xyz) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.column_stack(
        [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])]
    )


def test_four_colours_are_told_apart_with_deuteranopia():
    colors = lab(np.array([to_rgb(style.color) for style in run_styles(4)]))
    assert min(np.linalg.norm(a - b) for a, b in combinations(colors, 2)) > 15


# Pictures -----------------------------------------------------------------------------------------


def test_each_run_has_its_head_where_it_is():
    runs = {"slow": held(), "quick": held(learning_rate=0.02, epochs=90)}
    scene = contour(runs)
    for epoch in (0, 50, 400):
        heads = heads_of(scene.still(epoch))
        records = [min(epoch, 400), min(epoch, 90)]
        expected = [h.weights[k] for h, k in zip(runs.values(), records, strict=True)]
        assert list(heads) == HEADS[:2]
        np.testing.assert_array_equal(list(heads.values()), expected)


def test_one_that_diverges_leaves_with_its_arrow():
    figure = contour({"calm": held(), "wild": wild()}).still()
    assert list(heads_of(figure)) == ["o"]
    (arrow,) = (line for line in lines_of(figure) if not isinstance(line.get_marker(), str))
    assert arrow.get_color() == run_styles(2)[1].color
    x, y = arrow.get_xydata()[0]
    assert min(abs(x), abs(1 - x), abs(y), abs(1 - y)) < 1e-6


@pytest.mark.parametrize("draw", [contour, surface])
def test_one_that_diverges_sweeps_no_more_once_it_is_gone(draw):
    scene = draw({"calm": held(theta0=[0, 0, 0]), "wild": wild(theta0=[0, 0, 0])})
    track = slice_of(dict(zip("ab", scene.histories, strict=True)), "contour", size=20).tracks[1]
    black = run_styles(2)[1].color

    def path(epoch):
        lines = lines_of(scene.still(epoch))
        return [
            np.array(getattr(line, "get_data_3d", line.get_data)())
            for line in lines
            if line.get_color() == black
        ]

    last = len(track.path) - 1
    gone = track.record_at(last)
    assert 0 < gone < last
    for before, after in zip(path(gone), path(last), strict=True):
        np.testing.assert_array_equal(before, after)


def test_start_and_optimum_are_drawn_once():
    model = LinearRegression(fit_intercept=False).fit(X, Y - held().theta[0, 0])
    figure = contour([held(), held(learning_rate=0.02)]).still()
    lines = lines_of(figure)
    starts = [line for line in lines if (line.get_marker(), line.get_mfc()) == ("o", "white")]
    (start,) = starts
    np.testing.assert_array_equal(start.get_xydata(), [[0, 0]])
    stars = [line for line in lines if line.get_marker() == "*" and line.get_mfc() != "none"]
    (star,) = stars
    np.testing.assert_allclose(star.get_xydata(), [model.coef_], rtol=1e-9)
    assert "○ start " in figure.axes[1].get_title("right")


def test_starts_that_differ_are_all_marked():
    figure = contour([held(), held(theta0=[0, 3, 3])]).still()
    (start,) = (
        one for one in lines_of(figure) if (one.get_marker(), one.get_mfc()) == ("o", "white")
    )
    np.testing.assert_array_equal(start.get_xydata(), [[0, 0], [3, 3]])
    assert "○ starts" in figure.axes[1].get_title("right")


@pytest.mark.parametrize("draw", SEVERAL)
def test_limits_are_the_same_in_every_frame(draw):
    scene = draw({"calm": held(), "wild": wild(), "swing": held(learning_rate=0.036)})
    assert limits(scene.still(0)) == limits(scene.still(7)) == limits(scene.still())
    assert np.isfinite(np.hstack(limits(scene.still()))).all()


def test_every_parameter_has_a_curve_of_each_run_in_its_own_line():
    runs = {"slow": descent(epochs=100), "quick": descent(learning_rate=0.01, epochs=50)}
    figure = parameters(runs).still()
    for axes, values in enumerate(("intercept", "x0", "x1", "cost"), start=1):
        for style, history in zip(run_styles(2), runs.values(), strict=True):
            (curve,) = (
                line
                for line in lines_of(figure, axes)
                if line.get_color() == style.color and len(line.get_xdata()) > 1
            )
            ends = history.theta[-1, axes - 1] if axes < 4 else history.cost[-1]
            assert curve.get_ydata()[-1] == ends, values
            assert curve.get_xdata()[-1] == history.epoch[-1]


def test_a_curve_that_diverges_ends_where_it_leaves_and_does_not_stretch_its_axes():
    calm = held()
    runs = {"calm": calm, "wild": wild()}
    alone, beside = (limits(parameters(given).still())[1:] for given in (calm, runs))
    for (_, _, low, high), (_, _, low_alone, high_alone) in zip(beside, alone, strict=True):
        assert high - low <= 1.01 * (high_alone - low_alone)
    figure = parameters(runs).still()
    low, high = figure.axes[1].get_ylim()
    values = runs["wild"].theta[:, 1]
    left = int(np.argmax((values < low) | (values > high)))
    curve, mark = (line for line in lines_of(figure) if line.get_color() == "#000000")
    assert curve.get_xdata()[-1] == runs["wild"].epoch[left]
    assert mark.get_ydata()[0] == float(values[left] > high)
    # The mark is where the curve crosses the edge.
    axes = figure.axes[1]
    (x0, y0), (x1, y1) = axes.transData.transform(curve.get_xydata()[-2:])
    x, y = axes.transAxes.transform(mark.get_xydata()[0])
    assert x0 < x < x1
    assert (y - y0) / (y1 - y0) == pytest.approx((x - x0) / (x1 - x0))


@pytest.mark.parametrize("draw", SEVERAL)
def test_whatever_the_runs_did_they_can_be_drawn_together(draw, awkward):
    rows = slice(0, 1 + len(awkward.epoch) // 2)
    part = {name: getattr(awkward, name)[rows] for name in ("theta", "cost", "epoch")}
    shorter = replace(awkward, **part, ended="epochs", ahead=None)
    scene = draw({"whole": awkward, "half": shorter})
    film = scene.film(frames=2, size=(4.8, 3.6))
    (*_, last) = film.frames(40)
    assert last.std() > 5
    assert np.isfinite(np.hstack(limits(film._fig))).all()
    assert not any("nan" in text.lower() for text in texts(film._fig))

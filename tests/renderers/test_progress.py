"""What is left against the epoch: a line a run, a mark at its arrival, an arrow at the edge."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Annotation

from gdviz import compare
from gdviz.renderers import progress
from gdviz.renderers.style.runs import run_styles
from gdviz.views.progress import progress_of

from ..conftest import held

RATES = {"slow": 0.001, "quick": 0.02, "wild": 0.05}


@pytest.fixture(scope="module")
def runs():
    return {name: held(learning_rate=rate, epochs=200) for name, rate in RATES.items()}


def panel(figure):
    """The axes of the curves: the last that has a logarithmic axis."""
    return [axes for axes in figure.axes if axes.get_yscale() == "log"][-1]


def curves(axes, count):
    """Lines of the runs, by their colours: those of more than one point."""
    lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
    return [
        line
        for style in run_styles(count)
        for line in lines
        if (line.get_color(), line.get_linestyle() != "None") == (style.color, True)
    ]


def epochs_written(axes):
    return [text.get_text() for text in axes.texts if isinstance(text, Annotation)]


def test_each_run_is_a_line_up_to_its_record(runs):
    axes = panel(progress(runs).still(17))
    view = progress_of(runs)
    lines = curves(axes, 3)
    assert len(lines) == 3
    for trace, line in zip(view.traces[:2], lines, strict=False):
        x, y = line.get_data()
        assert x[-1] == 17
        assert y == pytest.approx(
            np.maximum(trace.left[np.asarray(x, dtype=int)], view.range[0] / 2)
        )


def test_an_arrival_is_marked_with_its_epoch_once_it_has_happened(runs):
    arrived = int(runs["quick"].epoch[runs["quick"].arrival])
    assert epochs_written(panel(progress(runs).still(arrived - 1))) == []
    axes = panel(progress(runs).still(arrived))
    assert epochs_written(axes) == [f"{arrived:,}"]
    style = run_styles(3)[1]
    heads = [line for line in axes.lines if line.get_marker() == style.marker]
    assert {tuple(map(float, head.get_xdata())) for head in heads} == {(float(arrived),)}
    assert len(heads) == 2  # the present, and the arrival, which is larger
    assert len({head.get_markersize() for head in heads}) == 2


def test_a_run_that_diverges_leaves_by_an_arrow_and_does_not_stretch_the_picture(runs):
    tame = {name: runs[name] for name in ("slow", "quick")}
    first, then = (panel(progress(some).still(200)) for some in (tame, runs))
    assert first.get_ylim() == then.get_ylim()
    colors = [style.color for style in run_styles(3)]
    wild = [line for line in then.lines if line.get_color() == colors[2]]
    assert [line.get_transform() == then.transAxes for line in wild] == [False, True]


def test_epochs_of_arrivals_do_not_lie_on_each_other():
    factors = [f"{factor}/L" for factor in (1, 1.02, 1.04, 1.06, 0.5, 0.98)]
    runs = compare("gallery/data/rent.csv", learning_rates=factors, fixed_intercept="ols")
    figure = progress(runs).still()
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    written = [text for text in panel(figure).texts if isinstance(text, Annotation)]
    # Older versions of matplotlib draw a line of text up to two pixels higher.
    boxes = [text.get_window_extent(renderer).padded(-2) for text in written]
    assert len(boxes) >= 3
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_one_history_is_one_line_as_it_always_looked():
    axes = panel(progress(held(epochs=50)).still())
    assert len(curves(axes, 1)) == 1


def test_a_light_line_has_a_dark_edge():
    runs = {str(rate): held(learning_rate=rate, epochs=20) for rate in np.linspace(0.001, 0.02, 8)}
    axes = panel(progress(runs).still())
    edged = {line.get_color() for line in curves(axes, 8) if line.get_path_effects()}
    assert edged == {"#f0e442"}


def test_the_cost_left_is_another_measure():
    axes = panel(progress(held(epochs=50), measure="cost").still())
    assert axes.get_title(loc="left").startswith("cost to go")
    with pytest.raises(ValueError, match="measure must be distance or cost, not 'time'"):
        progress(held(epochs=50), measure="time")

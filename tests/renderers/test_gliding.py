"""Between two epochs what moves is on its way; what is told is of the epoch before."""

import numpy as np
import pytest
from matplotlib.lines import Line2D
from mpl_toolkits.mplot3d.art3d import Line3D, Poly3DCollection

from gdviz.renderers import RENDERERS, contour, parameters, plane, surface
from gdviz.views.caption import cost_of

from ..conftest import descent, held, limits, texts


def few(**options):
    return held(**({"learning_rate": 0.03, "epochs": 8, "theta0": [0, 0, 0]} | options))


def drawn(scene, epoch):
    """A figure of any epoch, between two records or not."""
    with scene._stage(None, 60) as (figure, draw):
        draw(epoch)
    return figure


def head(figure):
    """Where the path is on the map."""
    (found,) = (line for line in figure.axes[1].lines if line.get_zorder() == 2.6)
    return found.get_xydata()[0]


@pytest.mark.parametrize("epoch", [0.25, 3.5, 7.9])
def test_the_head_is_on_the_line_from_one_record_to_the_next(epoch):
    history = few()
    start, stop = history.weights[int(epoch) : int(epoch) + 2]
    expected = start + epoch % 1 * (stop - start)
    np.testing.assert_allclose(head(drawn(contour(history), epoch)), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", [contour, surface])
def test_only_records_have_a_dot(kind):
    def dots(epoch):
        lines = drawn(kind(few()), epoch).axes[1].lines
        found = [line for line in lines if line.get_marker() == "o" and line.get_mew() == 0]
        data = [getattr(line, "get_data_3d", line.get_data)() for line in found]
        every = [line.get_markevery() for line in found]
        counts = [
            np.isfinite(np.asarray(one)[0]).sum() if some is None else len(some)
            for one, some in zip(data, every, strict=True)
        ]
        return max(counts)

    assert dots(5.5) == dots(5) < dots(6)


@pytest.mark.parametrize("kind", RENDERERS)
def test_what_is_told_is_of_the_epoch_before(kind):
    history = few()
    between, before = (texts(drawn(RENDERERS[kind](history), epoch)) for epoch in (4.7, 4))
    assert between == before
    assert {"epoch 4", cost_of(history).write(history.cost[4])} <= set(between)


def test_of_several_too():
    scene = contour([few(), few(learning_rate=0.01, epochs=5)])
    assert texts(drawn(scene, 4.7)) == texts(drawn(scene, 4))
    np.testing.assert_allclose(limits(drawn(scene, 4.7)), limits(drawn(scene, 0)))


def test_the_plane_is_between_the_two():
    history = few()
    sheets = {}
    for epoch in (2, 2.25, 3):
        figure = drawn(plane(history), epoch)
        (sheet,) = (c for c in figure.axes[1].collections if isinstance(c, Poly3DCollection))
        new = hasattr(sheet, "_faces")  # before matplotlib 3.11 it is kept otherwise
        sheets[epoch] = np.asarray(sheet._faces)[0, :, 2] if new else sheet._vec[2]
    assert not np.allclose(sheets[2], sheets[3])
    np.testing.assert_allclose(sheets[2.25], 0.75 * sheets[2] + 0.25 * sheets[3], rtol=1e-9)


def test_a_curve_is_on_its_line_on_a_logarithmic_axis():
    history = descent(epochs=40, learning_rate=0.01)
    figure, whole = (drawn(parameters(history), epoch) for epoch in (10.4, 11))
    for axes, there in zip(figure.axes[1:], whole.axes[1:], strict=True):
        tip = max(
            (line.get_xydata()[-1] for line in axes.lines if len(line.get_xdata()) > 2),
            key=lambda point: point[0],
        )
        (line,) = (line for line in there.lines if len(line.get_xdata()) == 12)
        start, stop = there.transData.transform(line.get_xydata()[-2:])
        expected = start + 0.4 * (stop - start)
        np.testing.assert_allclose(axes.transData.transform(tip), expected, atol=1e-6)


def test_the_path_on_a_surface_goes_to_its_head():
    scene = surface(few())
    figure = drawn(scene, 3.6)
    lines = [line for line in figure.axes[1].lines if isinstance(line, Line3D)]
    tip = np.ravel(lines[-1].get_data_3d())
    ends = [
        np.asarray(line.get_data_3d())[:, -1] for line in lines[:-1] if line.get_marker() == "None"
    ]
    assert any(np.allclose(end, tip) for end in ends)
    ground = few().weights[3:5]
    np.testing.assert_allclose(tip[:2], ground[0] + 0.6 * (ground[1] - ground[0]), rtol=1e-9)
    assert isinstance(lines[-1], Line2D)

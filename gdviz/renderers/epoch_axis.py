"""The axis of the epochs as matplotlib draws it."""

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from gdviz.renderers.style.theme import Compact
from gdviz.views.epoch_axis import EpochAxis

__all__ = ["set_epoch_axis"]


def set_epoch_axis(axes: Axes, axis: EpochAxis) -> None:
    """Make the x-axis of some axes one of epochs, without its label."""
    if axis.log:
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)  # so that epoch 0 shows
        axes.xaxis.set_major_locator(FixedLocator(axis.ticks))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(Compact())
    axes.set_xlim(0, axis.end)

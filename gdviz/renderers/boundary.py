"""Two classes of points and the line between them: what logistic regression makes of a plane.

How likely each label is, the shade of a side tells. Points that are misclassified are ringed.
"""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gdviz.core.history.record import History
from gdviz.messages import option, refit
from gdviz.renderers.arguments import regression_of, renderer
from gdviz.renderers.stage.pointer import point_out
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.fonts import fitting, side_by_side, written
from gdviz.renderers.style.theme import BLUE, GREY, INK, SMALL, VERMILION, Compact, points
from gdviz.renderers.tints import Tints
from gdviz.views.boundary import THIS_WAY, BoundaryFrame, BoundaryView, boundary_of

__all__ = ["boundary"]


@renderer
def boundary(history: History, *, vary: tuple[str, str] | None = None) -> Scene:
    """Points of two classes, the line between them, and a ring around those misclassified.

    Parameters
    ----------
    history : History
        Of a loss of labels, such as cross-entropy.
    vary : (str, str)
        The two features to draw it over, where there are more; the others stay at their means.

    Raises
    ------
    ValueError
        If the loss has no labels, or the features are not two and two are not chosen.
    """
    if not regression_of(history.objective, "boundary").function.labels:
        raise ValueError(
            "boundary draws two classes; this history's loss has none: fit by "
            f"{refit(loss='cross-entropy')}, or draw {option(kind='plane')}"
        )
    view = boundary_of(history, vary=vary)
    return Scene((history,), (partial(_backdrop, view=view),))


def _backdrop(subfigure: SubFigure, *, view: BoundaryView) -> Draw:
    axes, size = subfigure.subplots(), view.size
    rim: dict[str, Any] = {"mec": "white", "mew": points(0.12 * size), "linestyle": ""}
    for side, color, marker in ((view.larger, BLUE, "o"), (~view.larger, VERMILION, "^")):
        axes.plot(*view.X[side].T, marker, color=color, ms=points(size), **rim)
    title = _legend(view, 0.95 * subfigure.bbox.width * 72 / subfigure.dpi / SMALL)
    axes.set_title(title, loc="right", fontsize="small", color=GREY)
    axes.set(xlim=view.corners[:, 0], ylim=view.corners[:, 1])
    axes.set(xlabel=written(view.names[0]), ylabel=written(view.names[1]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(Compact())
    look: dict[str, Any] = {"marker": "o", "ls": "", "mfc": "none", "mec": INK}
    ring = look | {"ms": points(size + 3.5), "mew": points(0.14 * size)}

    def draw(epoch: float) -> None:
        frame = view.at(epoch)
        _shade(axes, frame)
        axes.add_artist(Line2D(*frame.line, color=INK, linewidth=points(2)))
        axes.add_artist(Line2D(*view.X[frame.wrong].T, **ring))
        if frame.way is not None:
            way = axes.transData.transform(frame.way)
            point_out(axes, way, THIS_WAY, axes.bbox, INK, zorder=2.6)

    return draw


def _legend(view: BoundaryView, room: float) -> str:
    """Return what the marks and lines are, and what is not drawn, in lines that fit a room."""
    larger, smaller = (fitting(written(name), room / 3) for name in view.classes)
    said = [f"● {larger}", f"▲ {smaller}", *map(written, view.notes)]
    return "\n".join(side_by_side(said, room))


def _shade(axes: Axes, frame: BoundaryFrame) -> None:
    """Tint each side, the more the likelier its label is, and draw the outer lines."""
    axes.add_artist(Tints(frame.zones))
    outer = np.insert(np.hstack(frame.outer), 2, np.nan, axis=1)  # one artist, its pen lifted
    axes.add_artist(Line2D(*outer, color=INK, lw=points(0.8), ls="dashed", zorder=1.5))

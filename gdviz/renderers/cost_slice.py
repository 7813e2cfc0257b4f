"""How contour and surface draw what they share: paths, marks and the legend of a slice."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from matplotlib.colors import LinearSegmentedColormap

from gdviz.core.moments import Array
from gdviz.renderers.stage.scene import Draw, Scene
from gdviz.renderers.style.fonts import fitting, side_by_side, weight_of, written
from gdviz.renderers.style.runs import Style, run_styles
from gdviz.renderers.style.theme import INK, points
from gdviz.views.cost_slice import AxisName, SliceView
from gdviz.views.marks import Marks
from gdviz.views.track import Track

__all__ = [
    "DEPTH",
    "STAR",
    "axis_text",
    "dots",
    "here",
    "known_marks",
    "legend",
    "mark",
    "scene_of",
    "trail",
    "trodden",
]

# Light where the cost is low, so that the valley shines; one hue, so that everybody reads it as
# height; never so dark that a label could not be read on it.
DEPTH = LinearSegmentedColormap.from_list(
    "depth", ["#fffbe6", "#e3efcf", "#b5dcc9", "#7cc0c6", "#4a9bbd", "#2f72a8", "#27508b"]
)
STAR = 13  # diameter of the optimum's mark, in points beside text of 10


def scene_of(
    view: SliceView, styles: Sequence[Style] | None, backdrop: Callable[..., Draw], **look: Any
) -> Scene:
    """Return the scene of a slice, each path in its style, that a backdrop draws.

    backdrop: ``backdrop(subfigure, view=…, styles=…, **look)`` -> what draws an epoch.
    """
    chosen = tuple(run_styles(len(view.runs)) if styles is None else styles)
    panel = partial(backdrop, view=view, styles=chosen, **look)
    return Scene(view.histories, (panel,), labels=tuple(view.runs), styles=chosen)


def mark(size: float) -> dict[str, Any]:
    """How the start and the optimum are drawn: white with a dark edge, on whatever ground."""
    return {"mfc": "white", "mec": INK, "mew": points(1.2), "ms": points(size)}


def known_marks(marks: Marks) -> list[tuple[Array, dict[str, Any]]]:
    """What is known of a function, and how it is drawn: minima, maxima and saddles, (n, 2) each."""
    cross = {"marker": "x", "color": INK, "mew": points(1.6), "ms": points(7)}
    looks = [
        (marks.minima, {"marker": "*", **mark(0.8 * STAR)}),
        (marks.maxima, {"marker": "^", **mark(7)}),
        (marks.saddles, cross | {"color": "white", "mew": points(4), "ms": points(8)}),
        (marks.saddles, cross),
    ]
    return [(places, look) for places, look in looks if len(places)]


def here(style: Style) -> dict[str, Any]:
    """How the present point of a path is drawn: so small that the optimum's mark shows."""
    look = {"color": style.color, "marker": style.marker, "ms": points(style.size)}
    return look | {"mec": style.rim, "mew": points(0.8)}


def trail(track: Track, style: Style) -> dict[str, Any]:
    """How a path is drawn."""
    wide = points(1.2 if track.few else 2)
    return {"color": style.color, "linestyle": style.line, "linewidth": wide}


def dots() -> dict[str, Any]:
    """How the end of each step is drawn, where they are few; edges would paint each other out."""
    return {"marker": "o", "mew": 0, "ms": points(4)}


def trodden(style: Style) -> dict[str, Any]:
    """How a path is drawn where it went to and fro long ago, or where it is hidden."""
    return {"color": style.color, "linewidth": points(1), "alpha": 0.6}


def axis_text(name: AxisName, room: float) -> str:
    """Return what stands at an axis, cut to a room in points."""
    cut = weight_of if name.prefix else fitting
    return cut(written(name.name), room)


def legend(phrases: Sequence[str], room: float) -> str:
    """Put phrases, as they may stand in a table, side by side in lines that fit a room (points)."""
    return "\n".join(side_by_side([*map(written, phrases)], room))

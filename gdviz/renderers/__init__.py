"""Pictures: each renderer turns histories into a scene. To add one: a file, and a line here."""

from collections.abc import Callable

from gdviz.renderers.boundary import boundary
from gdviz.renderers.contour import contour
from gdviz.renderers.parameters import parameters
from gdviz.renderers.plane import plane
from gdviz.renderers.progress import progress
from gdviz.renderers.stage.scene import Scene
from gdviz.renderers.surface import surface

__all__ = [
    "ACROSS",
    "RENDERERS",
    "SLICES",
    "Scene",
    "boundary",
    "contour",
    "parameters",
    "plane",
    "progress",
    "surface",
]

RENDERERS: dict[str, Callable[..., Scene]] = {
    "parameters": parameters,
    "plane": plane,
    "contour": contour,
    "surface": surface,
    "progress": progress,
}

# The kinds that draw a slice of the cost, over the two parameters that move.
SLICES = {"contour", "surface"}

# The kinds of which one panel shows runs on different objectives.
ACROSS = {"progress"}

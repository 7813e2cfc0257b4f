"""Pictures: each renderer turns histories into a scene. To add one: a file, and a line here."""

from collections.abc import Callable

from gdviz.renderers.boundary import boundary
from gdviz.renderers.contour import KIND as CONTOUR
from gdviz.renderers.contour import contour
from gdviz.renderers.kind import Kind
from gdviz.renderers.parameters import KIND as PARAMETERS
from gdviz.renderers.parameters import parameters
from gdviz.renderers.plane import KIND as PLANE
from gdviz.renderers.plane import plane
from gdviz.renderers.progress import KIND as PROGRESS
from gdviz.renderers.progress import progress
from gdviz.renderers.stage.scene import Scene
from gdviz.renderers.surface import KIND as SURFACE
from gdviz.renderers.surface import surface

__all__ = [
    "KINDS",
    "RENDERERS",
    "Kind",
    "Scene",
    "boundary",
    "contour",
    "parameters",
    "plane",
    "progress",
    "surface",
]

KINDS: dict[str, Kind] = {
    "parameters": PARAMETERS,
    "plane": PLANE,
    "contour": CONTOUR,
    "surface": SURFACE,
    "progress": PROGRESS,
}

RENDERERS: dict[str, Callable[..., Scene]] = {name: kind.draw for name, kind in KINDS.items()}

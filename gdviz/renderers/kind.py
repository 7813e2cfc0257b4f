"""A kind of picture as a record: how it is drawn, of what, and of how many descents.

Each kind has its own in the module that draws it; :data:`gdviz.renderers.KINDS` lists them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gdviz.core.objective import Objective
from gdviz.renderers.arguments import takes_several
from gdviz.renderers.stage.scene import Scene

__all__ = ["Kind"]


def _anything(objective: Objective, moved: Sequence[int]) -> None:
    """Refuse nothing."""


@dataclass(frozen=True)
class Kind:
    """A kind of picture.

    Attributes
    ----------
    draw : callable
        The renderer: histories -> scene. Its keywords are the flags that the kind honours.
    check : callable
        ``check(objective, moved)`` raises a ValueError where a descent on the objective, in which
        these entries of θ move, could not be drawn.
    across : bool
        Whether a panel shows runs on different objectives, too.
    names : bool
        Whether the names of the parameters stand in it, so that tests try names of any script.
    """

    draw: Callable[..., Scene]
    check: Callable[[Objective, Sequence[int]], object] = _anything
    across: bool = False
    names: bool = True

    @property
    def several(self) -> bool:
        """Whether a panel shows several runs on one objective, as its renderer declares."""
        return takes_several(self.draw)

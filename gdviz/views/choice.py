"""Which two parameters the ground of a picture shows, or what to type where there are others."""

from collections.abc import Sequence

import numpy as np

from gdviz.core.history.record import History
from gdviz.core.objective import Objective, Regression
from gdviz.core.wording import listing, spell
from gdviz.messages import option, refit

__all__ = ["remedy", "two_moving", "varying"]


def varying(histories: Sequence[History], kind: str) -> tuple[int, int]:
    """Return the two entries of θ that move; a ValueError says what to type if they are not two."""
    moved = histories[0].moving
    if len(moved) > 2:
        theta = np.vstack([history.theta for history in histories])
        moved = [j for j in moved if np.ptp(theta[:, j]) > 0]
    return two_moving(histories[0].objective, moved, kind)


def two_moving(objective: Objective, moved: Sequence[int], kind: str) -> tuple[int, int]:
    """Return the entries of θ that move, as two; a ValueError says what to type if they are not."""
    if len(moved) == 2:
        return moved[0], moved[1]
    names = [spell(objective.names[j]) for j in moved]
    move = "moves" if len(moved) == 1 else "move"
    said = f"{kind} draws the cost over two parameters; here {len(moved)} {move} "
    said += f"({listing(names)}): "
    if len(moved) < 2:
        raise ValueError(f"{said}draw {option(kind='parameters')}, or fit with two that move")
    of_table = isinstance(objective, Regression)
    two = refit(vary=_example([objective.names[j] for j in moved if j or not of_table]))
    if len(moved) == 3 and moved[0] == 0 and of_table:
        said += f"hold the intercept, {refit(fixed_intercept='ols')}, or "
    cut = option(through="pca")
    raise ValueError(f"{said}choose two, {two}, or of one descent draw a plane, {cut}")


def remedy(names: Sequence[str]) -> str:
    """What to type where two features are wanted and there are more or fewer."""
    if len(names) < 2:
        return f"draw {option(kind='parameters')}"
    return f"choose two, {option(vary=_example(names))}"


def _example(names: Sequence[str]) -> tuple[str, str]:
    """Two names, of those that are short and plain if there are two such."""
    plain = [name for name in names if spell(name) == name]
    first, second, *_ = plain if len(plain) > 1 else names
    return first, second

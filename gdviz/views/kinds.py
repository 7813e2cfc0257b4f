"""Which kinds of picture are drawn where nothing else is asked for."""

from collections.abc import Mapping, Sequence

from gdviz.core.history.record import History

__all__ = ["Kinds", "usual_kinds", "usual_kinds_of_runs"]

Kinds = tuple[tuple[str, ...], ...]  # names, row by row


def usual_kinds(history: History) -> Kinds:
    """Return what is drawn of a history where nothing else is asked for.

    Two parameters of several features, or of a function: their contour, and beside it the plane, if
    both are weights of the table's own columns. Two classes of two features whose line is free: the
    line beside the parameters. Everything else: the parameters.
    """
    moved = history.moving
    if not history.has_table:
        return (("contour",),) if len(moved) == 2 else (("parameters",),)
    data = history.dataset
    if history.regression.function.labels and data.n_features == 2 and len(moved) == 3:
        return (("plane", "parameters"),)
    if len(moved) != 2 or data.n_features == 1:
        return (("parameters",),)
    flat = data.n_features <= len(data.columns) and 0 in history.fixed
    return (("plane", "contour"),) if flat else (("contour",),)


def usual_kinds_of_runs(groups: Sequence[Mapping[str, History]]) -> Kinds:
    """Return what is drawn of runs on one ground or several, where nothing else is asked for.

    Their contours, or the parameters where no contour can be drawn, and beside them what is left
    for each; that alone, where several sets of parameters would have to stand side by side.
    """
    if all(len(history.moving) == 2 for group in groups for history in group.values()):
        return (("contour", "progress"),)
    return (("parameters", "progress"),) if len(groups) == 1 else (("progress",),)

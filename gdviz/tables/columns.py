"""Which columns of a table are fitted: features, target, and the labels of a target of two.

What was not asked for is chosen, and said: the last numeric column is the target, or the last one
of two labels where classes are wanted; the other numeric columns are features, but for one that
only numbers the rows.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gdviz.core.wording import MOST, TableError, closest, listing, spell
from gdviz.messages import option
from gdviz.tables.cells import Cells, Column

__all__ = ["Choice", "Wish", "choose"]

MANY = 20  # different texts; a column with more is no column of labels

# What a column is called that numbers the rows; pandas names the last two.
NUMBERING = re.compile(
    r"id|index|row|no\.?|序号|编号|unnamed: [0-9]+|__index_level_[0-9]+__", re.IGNORECASE
)


@dataclass(frozen=True)
class Wish:
    """The target, features and labels that somebody asked for, or just that there be two labels."""

    target: str | None = None
    features: Sequence[str] | None = None
    labels: tuple[str, str] | None = None
    classes: bool = False


@dataclass(frozen=True)
class Choice:
    """Columns of the features and of the target, the labels of the target, and what is said.

    Attributes
    ----------
    inputs : list of int
    output : int
    labels : (str, str) or None
        The labels whose rows are kept.
    coded : bool
        Whether they are text, read as 0 and 1.
    notes : list of str
    """

    inputs: list[int]
    output: int
    labels: tuple[str, str] | None
    coded: bool
    notes: list[str]

    @property
    def chosen(self) -> list[int]:
        """All columns of the fit, the target last."""
        return [*self.inputs, self.output]


def choose(cells: Cells, columns: Sequence[Column], wish: Wish) -> Choice:
    """Choose features and target.

    Raises
    ------
    TableError
        If a column is not there, is no column of numbers, or there are none to choose from.
    """
    _check_labels(wish.labels)
    wanted = None if wish.features is None else _find_features(cells, columns, wish.features)
    ids = [j for j in _ids(cells, columns) if cells.names[j] != wish.target]
    output, said = _find_target(cells, columns, wish, wanted or [], ids)
    labels, coded = _labels_of(cells, columns, output, wish)
    if wanted is None:
        numeric = [j for j, column in enumerate(columns) if column.numeric and j != output]
        inputs = [j for j in numeric if j not in ids] or numeric
        said += _said_of_all(cells, columns, inputs, output, [j for j in ids if j not in inputs])
    else:
        inputs = wanted
    _check_inputs(cells, columns, inputs, output)
    if coded and labels:
        said.append(f"{_name(cells, output)}: {spell(labels[0])} is 0, {spell(labels[1])} is 1")
    return Choice(inputs, output, labels, coded, said)


def _check_labels(labels: tuple[str, str] | None) -> None:
    if labels is not None and (len(labels) != 2 or labels[0] == labels[1]):
        raise TableError(f"a target has two different labels, not {listing(labels)}")


def _check_inputs(
    cells: Cells, columns: Sequence[Column], inputs: Sequence[int], output: int
) -> None:
    if output in inputs:
        raise TableError(
            f"{_name(cells, output)} is the target and cannot be a feature too; "
            "leave it out of the features"
        )
    if not inputs:
        raise TableError(
            f"{cells.source} has no feature: no numeric column but {_name(cells, output)}"
            + _what_is_text(cells, columns)
        )


def _find_features(cells: Cells, columns: Sequence[Column], names: Sequence[str]) -> list[int]:
    names = [names] if isinstance(names, str) else [*names]
    twice = {name for name, times in Counter(names).items() if times > 1}
    if twice:
        raise TableError(f"chosen more than once as a feature: {listing(sorted(twice))}")
    if not names:
        raise TableError("no feature was chosen; name at least one column")
    found = [_find(cells, name) for name in names]
    for j in found:
        _refuse_other_than_numbers(cells, columns, j)
    return found


def _find(cells: Cells, name: str) -> int:
    """Number of the column of a name; TableError where there is none."""
    if name not in cells.index:
        raise TableError(
            f'no column "{spell(name)}" in {cells.source}; its columns are '
            f"{listing(cells.names)}{closest(name, cells.names)}"
        )
    return cells.index[name]


def _refuse_other_than_numbers(cells: Cells, columns: Sequence[Column], j: int) -> None:
    if not columns[j].numeric:
        numeric = [cells.names[k] for k, column in enumerate(columns) if column.numeric]
        raise TableError(
            f'column "{_name(cells, j)}" of {cells.source} is not numeric'
            f"{_example(cells, columns, j)}; the numeric columns are {listing(numeric) or 'none'}"
        )


def _ids(cells: Cells, columns: Sequence[Column]) -> list[int]:
    """Columns that only number the rows, by their names and by what they hold."""
    named = [
        j
        for j, name in enumerate(cells.names)
        if j in cells.nameless or NUMBERING.fullmatch(name.strip())
    ]
    whole = [j for j in named if columns[j].numbers and not columns[j].texts]
    return [j for j in whole if cells.is_numbering(j)]


# -- The target and its labels --------------------------------------------------------------


def _find_target(
    cells: Cells, columns: Sequence[Column], wish: Wish, wanted: Sequence[int], ids: Sequence[int]
) -> tuple[int, list[str]]:
    """The column of the target, and what is to be said of the choice."""
    if wish.target is not None:
        return _find(cells, wish.target), []
    others = [j for j in range(len(columns)) if j not in {*wanted}]
    if wish.labels is not None or wish.classes:
        return _find_classes(cells, columns, wish, [j for j in others if j not in ids])
    numeric = [j for j in others if columns[j].numeric]
    numeric = [j for j in numeric if j not in ids] or numeric
    if not numeric:
        raise TableError(
            f"{cells.source} has no numeric column for a target; "
            f"its columns are {listing(cells.names)}{_what_is_text(cells, columns)}"
        )
    return numeric[-1], [f"target {_name(cells, numeric[-1])}, the last numeric column"]


def _find_classes(
    cells: Cells, columns: Sequence[Column], wish: Wish, others: Sequence[int]
) -> tuple[int, list[str]]:
    """The last column of two labels, or of the two that were asked for."""
    several = None
    for j in reversed(others):
        found = cells.labels(j, MANY + 1, columns[j].notation)
        if wish.labels is not None and _holds(cells, columns, j, wish.labels):
            told = f"target {_name(cells, j)}, the last column with the labels "
            return j, [told + listing(wish.labels)]
        if wish.labels is None and len(found) == 2:
            return j, [f"target {_name(cells, j)}, the last column of two labels"]
        # Numbers that hardly repeat are amounts; text is labels unless each row has its own.
        most = cells.n_rows // 2 if columns[j].numeric else cells.n_rows - 1
        if several is None and 2 < len(found) <= min(MANY, most):
            several = j
    if several is not None and wish.labels is None:
        raise _too_many(cells, several, cells.labels(several, MANY + 1))
    labels = f"the labels {listing(wish.labels)}" if wish.labels else "two labels"
    raise TableError(
        f"{cells.source} has no column with {labels} for a target; "
        f"its columns are {listing(cells.names)}"
    )


def _labels_of(
    cells: Cells, columns: Sequence[Column], j: int, wish: Wish
) -> tuple[tuple[str, str] | None, bool]:
    """The labels whose rows are kept, and whether they are text; None where all numbers are."""
    numeric = columns[j].numeric
    if wish.labels is not None:
        if not _holds(cells, columns, j, wish.labels):
            found = cells.labels(j, MANY, columns[j].notation)
            raise TableError(
                f'column "{_name(cells, j)}" of {cells.source} does not have both labels '
                f"{listing(wish.labels)}; it has {listing(found)}"
            )
        return wish.labels, not numeric
    if numeric and not wish.classes:
        return None, False
    found = cells.labels(j, MANY + 1, columns[j].notation)
    if len(found) == 2:
        return (None, False) if numeric else ((found[0], found[1]), True)
    if not 2 < len(found) <= MANY:
        _refuse_other_than_numbers(cells, columns, j)
    if len(found) < 2:
        return None, False
    raise _too_many(cells, j, found)


def _holds(cells: Cells, columns: Sequence[Column], j: int, labels: tuple[str, str]) -> bool:
    """Whether a column holds both labels."""
    codes = cells.codes(j, labels, columns[j])
    return bool((codes == 0).any() and (codes == 1).any())


def _too_many(cells: Cells, j: int, labels: Sequence[str]) -> TableError:
    told = f"{len(labels)} labels, {listing(labels)}"
    if len(labels) > MANY:  # nobody has counted them
        told = f"more than {MANY} labels, {', '.join(map(spell, labels[:MOST]))}, …"
    return TableError(
        f'column "{_name(cells, j)}" of {cells.source} has {told}; '
        f"choose two of them, {option(labels=(labels[0], labels[1]))}"
    )


# -- What is said ---------------------------------------------------------------------------


def _said_of_all(
    cells: Cells,
    columns: Sequence[Column],
    inputs: Sequence[int],
    output: int,
    ids: Sequence[int],
) -> list[str]:
    """Say which features were chosen by default, and which columns were not and why."""
    notes = [f"features {listing(cells.names[j] for j in inputs)}, the other numeric columns"]
    if ids:
        notes.append(f"left out, only numbers the rows: {listing(cells.names[j] for j in ids)}")
    left_out = [j for j, column in enumerate(columns) if not column.numeric and j != output]
    if left_out:
        shown = [f"{cells.names[j]}{_example(cells, columns, j)}" for j in left_out[:MOST]]
        shown += [cells.names[j] for j in left_out[MOST:]]
        notes.append(f"left out, not numeric: {listing(shown)}")
    return notes


def _example(cells: Cells, columns: Sequence[Column], j: int) -> str:
    """The first cell that is no number, in brackets."""
    if not columns[j].texts:
        return " (empty)"
    return f' ("{cells.value(cells.texts(j, columns[j].notation)[0], j)}")'


def _what_is_text(cells: Cells, columns: Sequence[Column]) -> str:
    """Name columns of text, each with its first cell that is no number, or nothing."""
    textual = [j for j, column in enumerate(columns) if column.texts and not column.numeric]
    if not textual:
        return ""
    told = [f"{_name(cells, j)} ({_first_text(cells, columns[j], j)})" for j in textual[:3]]
    more = f" and {len(textual) - 3} more" if textual[3:] else ""
    return f"; not numeric: {', '.join(told)}{more}"


def _first_text(cells: Cells, column: Column, j: int) -> str:
    first = cells.texts(j, column.notation)[0]
    return f'"{cells.value(first, j)}" in {cells.numbered([first])}'


def _name(cells: Cells, j: int) -> str:
    return spell(cells.names[j])

"""A sheet of an Excel workbook, as the text that it would be saved as.

The values are those that Excel saw last: a formula's result, a percentage as its share, an error
as no value. What is read is one sheet, the first one that can be seen if none is named.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gdviz.core.wording import TableError, closest, listing, numbered, spell

__all__ = ["Sheet", "copy_sheet"]


@dataclass(frozen=True)
class Sheet:
    """A sheet that was written as text, delimited by commas, a record for each row with cells.

    Attributes
    ----------
    text : Path
    rows : list of int
        Number of the row, from 1, of each record.
    notes : list of str
        What is to be said: which sheet it is, and which rows are above the table.
    """

    text: Path
    rows: list[int]
    notes: list[str]


def copy_sheet(file: Path, copy: Path, source: str, asked: str | int | None) -> Sheet:
    """Write a sheet of a workbook to `copy` as UTF-8, its columns separated by commas.

    Parameters
    ----------
    source
        What the workbook is called in messages.
    asked
        Name of the sheet, or else its number from 1, which may be text; None: the first one that
        is not hidden.

    Raises
    ------
    TableError
        If it cannot be read, or there is no such sheet, or nothing in it.
    """
    source = spell(source)
    found, note = _sheet(file, source, asked)
    filled = [(n, row) for n, row in enumerate(found, start=1) if any(cell != "" for cell in row)]
    if not filled:
        raise TableError(f"{source} is empty")
    titles, table = _above(filled)
    notes = [note] if note else []
    notes += [f"skipped {numbered('row', titles)}, above the table"] if titles else []
    used = [j for j in range(len(table[0][1])) if any(row[j] != "" for _, row in table)]
    with copy.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(
            [_text(row[j]) for j in used] for _, row in table
        )
    return Sheet(copy, [n for n, _ in table], notes)


def _sheet(file: Path, source: str, asked: str | int | None) -> tuple[list[list[Any]], str]:
    """Rows of the sheet that was asked for, and what is to be said of the choice."""
    try:
        import python_calamine as excel
    except ImportError:
        raise TableError(
            f"{source} is a workbook, which needs python-calamine: pip install 'gdviz[excel]', "
            "or save the sheet as .csv"
        ) from None
    try:
        with excel.CalamineWorkbook.from_path(str(file)) as book:
            grids = [m for m in book.sheets_metadata if m.typ == excel.SheetTypeEnum.WorkSheet]
            seen = [m.name for m in grids if m.visible == excel.SheetVisibleEnum.Visible]
            name = _chosen(source, [m.name for m in grids], seen, asked)
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except excel.CalamineError as error:
        raise TableError(
            f"{source} is no workbook, or a damaged or locked one: {spell(error, 100)}"
        ) from None
    several = asked is None and len(seen) > 1
    return rows, f"sheet {spell(name)}, the first of {len(seen)}" if several else ""


def _chosen(source: str, names: Sequence[str], seen: Sequence[str], asked: str | int | None) -> str:
    """Name of the sheet that was asked for; TableError where there is none."""
    if asked is None and seen:
        return seen[0]
    if asked in names:
        return str(asked)
    number = int(str(asked)) if str(asked).isdecimal() else 0
    if not 1 <= number <= len(names):
        told = "no sheet that can be seen" if asked is None else f'no sheet "{spell(asked)}"'
        raise TableError(
            f"{told} in {source}; its sheets are {listing(names)}{closest(str(asked), names)}"
        )
    return names[number - 1]


def _above(rows: list[tuple[int, list[Any]]]) -> tuple[list[int], list[tuple[int, list[Any]]]]:
    """Numbers of the rows above the table, which have one cell where most have more; the table."""
    widths = [sum(cell != "" for cell in row) for _, row in rows]
    usual = Counter(widths).most_common(1)[0][0]
    begin = next((k for k, width in enumerate(widths) if width > 1), 0) if usual > 1 else 0
    return [n for n, _ in rows[:begin]], rows[begin:]


def _text(cell: Any) -> str:
    """A cell as text; a whole number without a point."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)

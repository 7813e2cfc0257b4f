"""Names, lists, places and shares -> short words for messages; and the error of a table.

A header may hold anything, a line break or ten thousand characters, and a table may have five
hundred columns; a message about them is one or two lines all the same.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

__all__ = [
    "LONGEST_PATH",
    "TableError",
    "closest",
    "counted",
    "listing",
    "numbered",
    "percent",
    "spell",
]

LONGEST = 60
LONGEST_PATH = 400
MOST = 8


class TableError(ValueError):
    """A table that cannot be used; the message says what, where, and what to do."""


def spell(name: object, longest: int = LONGEST) -> str:
    r"""Write a name on one line, as it is, unless it is very long or would break the line.

    >>> print(spell("two\nlines"))
    two\nlines
    """
    shown = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(name)
    )
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def listing(names: Iterable[object], most: int = MOST) -> str:
    """List names, or the first few of them and how many there are besides.

    >>> listing("abcde", most=3)
    'a, b, c and 2 more'
    """
    spelled = [spell(name) for name in names]
    rest = len(spelled) - most
    if rest <= 0:
        return ", ".join(spelled)
    return f"{', '.join(spelled[:most])} and {rest} more"


def numbered(kind: str, numbers: Sequence[int], total: int | None = None) -> str:
    """Name lines or rows: the first few numbers, and how many there are besides.

    >>> numbered("line", [3]), numbered("row", [3, 7, 9, 11, 15])
    ('line 3', 'rows 3, 7, 9 and 2 more')
    """
    total = len(numbers) if total is None else total
    shown = ", ".join(map(str, numbers[: 4 if total <= 4 else 3]))
    rest = f" and {total - 3} more" if total > 4 else ""
    return f"{kind}{'s' if total > 1 else ''} {shown}{rest}"


def percent(share: float) -> str:
    """Write a share, 0 to 1, in per cent; what is less than all is never 100 %.

    >>> percent(0.56), percent(0.0123), percent(0.99999), percent(1e-6)
    ('56 %', '1.2 %', '99.9 %', '< 0.01 %')
    """
    if 0 < share < 1e-4:
        return "< 0.01 %"
    per_cent = min(100 * share, 99.9) if share < 1 else 100.0
    return f"{per_cent:.{3 if per_cent > 99 else 2}g} %"


def counted(number: int, noun: str) -> str:
    """Write a number and its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def closest(name: str, names: Iterable[str]) -> str:
    """Propose the name that was probably meant, whatever its case, in brackets, or nothing.

    >>> closest("RNT", ["area", "age", "Rent"])
    ' (did you mean Rent?)'
    """
    known = {known.lower(): known for known in names}
    found = get_close_matches(name.lower(), known, n=1)
    return f" (did you mean {spell(known[found[0]])}?)" if found else ""

"""How a column writes its numbers: 2,512 or 2.512, $507,070, 5%, 1 234,5, (120).

Spreadsheets write numbers for people. Such a column is read where it is written alike
throughout, with one decimal sign and one unit in every cell; what a sign means is a convention
of the whole table, because 2,512 alone may be two thousand or two and a half. A number without
any of this is what DuckDB and Python take for one.

A notation is a pattern and a piece of SQL. The patterns are those that Python's re and DuckDB
have in common.
"""

import re
from dataclasses import dataclass
from functools import cache

__all__ = [
    "MISSING",
    "Notation",
    "is_any",
    "is_missing",
    "is_number",
    "is_plain",
    "mark_of",
    "plain_number",
]

MISSING = (
    *("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "null", "none", "nil", "missing"),
    *("-", "--", "–", "—", "?", "."),
)

NARROW = "\u00a0\u2007\u2009\u202f"  # spaces that set thousands apart: no-break, figure, thin
WIDE = dict.fromkeys(map(ord, NARROW), " ")
SIGN = "[+−-]? ?"
MARK = "[A-Z]{0,3}[$¢£¤¥฿₠-₿＄￠￡￥￦元円원]|%"
EXPONENT = "([eE][+-]?[0-9]+)?"


@dataclass(frozen=True)
class Notation:
    """The decimal sign of a column, and the currency or percent sign in each of its cells.

    >>> Notation().plain, Notation(mark="%").plain
    (True, False)
    """

    decimal: str = "."
    mark: str = ""

    @property
    def plain(self) -> bool:
        """Whether it adds but thousands and brackets to what DuckDB reads."""
        return self == Notation()

    @property
    def pattern(self) -> str:
        r"""What a whole cell matches, its spaces made plain ones.

        >>> [bool(re.fullmatch(Notation(",", "€").pattern, cell)) for cell in ("1.234,5 €", "5")]
        [True, False]
        """
        return _pattern(self.decimal, re.escape(self.mark))

    def number(self, column: str) -> str:
        """SQL for a column of text as DOUBLE, NULL where a cell is written otherwise."""
        text = spaced(column)
        if self.plain:
            return f"coalesce({plain_number(column)}, {self._decorated(text)})"
        return self._decorated(text)

    def _decorated(self, text: str) -> str:
        # Of the digits' neighbours only the decimal sign, e and the exponent's sign remain.
        bare = f"ltrim(regexp_replace(replace({text}, '{self.mark}', ''), '{self._noise}', '', 'g')"
        digits = f"replace({bare}, '+-'), '{self.decimal}', '.')"
        sign = f"CASE WHEN regexp_matches({text}, '^[^0-9]*[−(-]') THEN '-' ELSE '' END"
        # 12.3 % is 0.123 to the last digit; 12.3 / 100 is not.
        percent = " || 'e-2'" if self.mark == "%" else ""
        value = f"TRY_CAST({sign} || {digits}{percent} AS DOUBLE)"
        return f"CASE WHEN regexp_full_match({text}, '{_sql(self.pattern)}') THEN {value} END"

    @property
    def _noise(self) -> str:
        return f"[^0-9eE{self.decimal}+-]"


@cache
def _pattern(decimal: str, mark: str) -> str:
    """What a cell matches. Thousands are in groups of three; decimals follow a decimal sign."""
    point, comma = (r"\.", ",") if decimal == "." else (",", r"\.")
    group = f"[1-9][0-9]{{0,2}}(({comma}[0-9]{{3}})+|( [0-9]{{3}})+|(['’][0-9]{{3}})+)"
    number = f"(({group}|[0-9]+)({point}[0-9]+)?|{point}[0-9]+)"
    if not mark:
        return rf"{SIGN}{number}{EXPONENT}|\( ?{number} ?\)"
    beside = (f"{SIGN}({mark}) ?{number}", f"({mark}) ?{SIGN}{number}", f"{SIGN}{number} ?({mark})")
    within = (rf"\( ?({mark}) ?{number} ?\)", rf"\( ?{number} ?({mark}) ?\)")
    around = (rf"({mark}) ?\( ?{number} ?\)", rf"\( ?{number} ?\) ?({mark})")
    return "|".join([*beside, *within, *around])


# A number in the notation of some decimal sign, with or without a mark.
ANY = {decimal: f"{_pattern(decimal, '')}|{_pattern(decimal, MARK)}" for decimal in ".,"}
EITHER = re.compile("|".join(ANY.values()))


def spaced(column: str) -> str:
    """SQL for the text of a column, without spaces around it, those within plain ones."""
    return f"trim(translate({column}, '{NARROW}', '{' ' * len(NARROW)}'))"


def plain_number(column: str) -> str:
    """SQL for a column of text as DOUBLE where DuckDB takes it for a number; 2020_01 is none."""
    return f"CASE WHEN NOT contains({column}, '_') THEN TRY_CAST({column} AS DOUBLE) END"


def is_any(column: str, decimal: str) -> str:
    """SQL for whether cells of a column are numbers with a decimal sign, in some notation."""
    return f"regexp_full_match({spaced(column)}, '{_sql(ANY[decimal])}')"


def mark_of(column: str) -> str:
    """SQL for the currency or percent sign in a cell; empty where there is none."""
    return f"regexp_extract({spaced(column)}, '{MARK}')"


def _sql(text: str) -> str:
    return text.replace("'", "''")


def is_missing(cell: str | None) -> bool:
    """Whether a cell says that there is no value.

    >>> is_missing(" N/A "), is_missing("0")
    (True, False)
    """
    return (cell or "").strip().lower() in MISSING


def is_number(cell: str) -> bool:
    """Whether a cell is a number in some notation.

    >>> [is_number(cell) for cell in ("1e3", "$507,070", "5 %", "(120)", "1,5", "12:30", "1_0")]
    [True, True, True, True, True, False, False]
    """
    return is_plain(cell) or EITHER.fullmatch(cell.translate(WIDE).strip()) is not None


def is_plain(cell: str) -> bool:
    """Whether a cell is a number as Python and DuckDB write them.

    >>> [is_plain(cell) for cell in (" 1e3", "1_000", "1,000", "nan")]
    [True, False, False, False]
    """
    try:
        # Python reads digits of every script, and calls no number a number.
        return "_" not in cell and cell.isascii() and float(cell) == float(cell)
    except ValueError:
        return False

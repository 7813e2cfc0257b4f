"""Numbers and tables as text, in a terminal and in a picture."""

from collections.abc import Sequence
from unicodedata import east_asian_width

import numpy as np

__all__ = ["aligned", "plain"]


def plain(value: float) -> str:
    """Write a number in six digits, thousands set apart; all digits of a large whole one.

    >>> plain(-6.7592288761), plain(50300.796), plain(283280787.0), plain(-0.0), plain(float("nan"))
    ('−6.75923', '50,300.8', '283,280,787', '0', '—')
    """
    if np.isnan(value):
        return "—"
    value = value + 0.0  # no minus before a zero
    text = f"{value:,.0f}" if 999_999.5 <= abs(value) < 1e15 else f"{value:,.6g}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    r"""Return the lines of a table: the first columns to the left, the others to the right.

    >>> print(*aligned([["", "start"], ["面积", "3"], ["x", "−12"]]), sep="\n")
          start
    面积      3
    x       −12
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        padding = [" " * (width - _width(text)) for width, text in zip(widths, row, strict=True)]
        cells = [
            text + pad if j < left else pad + text
            for j, (text, pad) in enumerate(zip(row, padding, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)

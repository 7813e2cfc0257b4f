"""A text file as DuckDB wants it: UTF-8, one kind of line ending, not compressed, no comments.

Tables come out of spreadsheets and loggers in whatever encoding the machine was set to. DuckDB
reads UTF-8, so a copy in UTF-8 is made first, with Python's codecs; its lines are the lines of
the file, so that "line 7" is line 7 in an editor. Where the bytes are not what they were said
to be, nothing is guessed behind one's back: the error proposes an encoding and shows how the
first foreign line reads in it.
"""

import gzip
import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO

from gdviz.core.wording import TableError, spell
from gdviz.messages import option

__all__ = ["copy_as_utf8", "decompress", "likely_encodings"]

CHUNK = 1 << 20
SAMPLE = 1 << 24

MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

# Where the commonest characters of a language lie: codec, its strict core, lead and trail bytes.
COMMON: tuple[tuple[str, str, range, range], ...] = (
    ("gbk", "gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    ("euc_kr", "euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
    ("shift_jis", "shift_jis", range(0x82, 0x84), range(0x40, 0xFF)),
    ("big5", "big5", range(0xA4, 0xC7), range(0xA1, 0xFF)),
)

# What begins with a # is a comment where the file itself does; where it does not, only what is
# set off from its #. Neither is #N/A, or a # in a cell of its own.
_CELL = r"#(?!N/?A\b|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|[,;|\t])"
COMMENT = re.compile(rf"^{_CELL}.*", re.MULTILINE | re.IGNORECASE)
SPACED_COMMENT = re.compile(r"^#[ #!].*", re.MULTILINE)
HEADED = re.compile(r"\s*#")
HEADER = re.compile(r"\s*#[^\W\d].*")  # may name columns: #id,area,rent

FOREIGN_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))


def decompress(path: Path, copy: Path) -> Path:
    """Write what a .gz file holds to `copy`; TableError where the archive is damaged."""
    # Before anything looks at what is inside: half of it would be text that reads well.
    with gzip.open(path, "rb") as raw, copy.open("wb") as out:
        try:
            while chunk := raw.read(CHUNK):
                out.write(chunk)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TableError(
                f"{spell(path.name)} is no gzip file, or a damaged one: {spell(error, 100)}"
            ) from None
    return copy


def copy_as_utf8(path: Path, copy: Path, name: str, encoding: str | None = None) -> Path:
    r"""Write the text of a file to `copy` as UTF-8 with ``\n`` line endings, comments blank.

    Parameters
    ----------
    name
        What the file is called in messages.
    encoding
        Name of a Python codec; default UTF-8 with or without a byte-order mark.

    Raises
    ------
    TableError
        If the encoding is unknown, the bytes are not of it, or the file is no text at all.
    """
    try:
        _refuse_ascii(path, name, encoding or "utf-8")
        with (
            path.open(encoding=encoding or "utf-8-sig") as text,
            copy.open("w", encoding="utf-8", newline="\n") as out,
        ):
            _pour(text, out)
    except LookupError:
        raise TableError(
            f'unknown encoding "{spell(encoding)}"; use the name of a Python codec, '
            "such as utf-8, utf-16, gbk or latin-1"
        ) from None
    except UnicodeError:
        raise _misread(path, name, encoding) from None
    return copy


def _refuse_ascii(path: Path, name: str, encoding: str) -> None:
    """Raise TableError for plain ASCII that is said to be UTF-16 or the like."""
    if "a".encode(encoding) == b"a":
        return
    with path.open("rb") as raw:
        data = raw.read(SAMPLE)
    if data.isascii() and b"\0" not in data:
        raise TableError(
            f"{spell(name)} is plain ASCII text, not {encoding}; leave the encoding out"
        )


def _pour(text: IO[str], out: IO[str]) -> None:
    """Copy a text whole lines at a time, and leave a blank line for each comment."""
    comment = None
    # A line that is read in parts would have other beginnings than those of lines.
    while chunk := text.read(CHUNK) + text.readline():
        if "\0" in chunk:
            raise UnicodeError("a NUL is no text")
        if comment is None and chunk.strip():
            comment = COMMENT if HEADED.match(chunk) else SPACED_COMMENT
            header = HEADER.match(chunk)
            out.write(chunk[: header.end()] if header else "")
            chunk = chunk[header.end() :] if header else chunk
        if comment and "#" in chunk:
            chunk = comment.sub("", chunk)
        out.write(chunk)


def likely_encodings(data: bytes) -> list[str]:
    """Name the encodings that the bytes may be in, the likeliest first; none for binary data.

    >>> likely_encodings("面积,租金".encode("gbk"))[0]
    'gbk'
    >>> likely_encodings("Fläche,Größe".encode("latin-1"))
    ['latin-1']
    """
    for mark, name in MARKS.items():
        if data.startswith(mark):
            return [name]
    if b"\0" in data:
        return _utf16_without_mark(data)
    if data.translate(None, FOREIGN_CONTROLS) != data:
        return []
    sample = _foreign_lines(data)
    asian = [row[0] for row in COMMON if _reads_well(sample, *row)]
    return asian or [_western(sample)]


def _utf16_without_mark(data: bytes) -> list[str]:
    """Commas and digits in UTF-16 have a NUL as every first byte, or as every second one."""
    first, second = b"\0" in data[0::2], b"\0" in data[1::2]
    name = "utf-16-be" if first else "utf-16-le"
    with suppress(UnicodeError):
        text = data.decode(name)
        if first != second and "\n" in text and "".join(text.split()).isprintable():
            return [name]
    return []


def _foreign_lines(data: bytes) -> bytes:
    lines = [line for line in data.splitlines() if not line.isascii()]
    return b"\n".join(lines[:200])


def _reads_well(sample: bytes, codec: str, core: str, leads: range, trails: range) -> bool:
    """Whether most foreign characters of the sample are common ones of the codec's language."""
    with suppress(UnicodeError):
        sample.decode(codec)
        foreign = [c for c in sample.decode(core, "replace") if not c.isascii()]
        pairs = [c.encode(core) for c in foreign if c != "\ufffd"]
        common = [p for p in pairs if len(p) == 2 and p[0] in leads and p[1] in trails]
        return 2 * len(common) > len(foreign)
    return False


def _western(sample: bytes) -> str:
    """Latin-1, unless its unused bytes are used, as Windows does for € and curly quotes."""
    if not any(0x80 <= byte < 0xA0 for byte in sample):
        return "latin-1"
    with suppress(UnicodeError):
        sample.decode("cp1252")
        return "cp1252"
    return "latin-1"


def _misread(path: Path, source: str, encoding: str | None) -> TableError:
    name = spell(source)
    with path.open("rb") as raw:
        data = raw.read(SAMPLE)
    tried = encoding or "UTF-8"
    if data.startswith(b"PK\x03\x04"):
        return TableError(
            f"{name} is a workbook or zip archive, no text; end its name in .xlsx if it is"
        )
    if data.startswith(b"\x1f\x8b"):
        return TableError(f"{name} is gzipped, no text; end its name in {Path(source).suffix}.gz")
    likely = likely_encodings(data)
    if not likely:
        return TableError(f"{name} is not {tried} text but binary data; save it as .csv")
    if encoding in likely:
        return TableError(f"{name} is not {tried} text throughout; name its encoding")
    proposals = " or ".join(_proposal(data, name) for name in likely[:2])
    return TableError(f"{name} is not {tried} text; try {proposals}")


def _proposal(data: bytes, encoding: str) -> str:
    """The encoding and how the first foreign line reads in it."""
    lines = data.decode(encoding, "replace").lstrip("\ufeff").splitlines()
    line = next((line for line in lines if not line.isascii()), lines[0] if lines else "")
    return f'{option(encoding=encoding)} (reads "{spell(line)}")'

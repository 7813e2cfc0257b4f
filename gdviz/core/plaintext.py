"""A text file as DuckDB wants it: UTF-8, one kind of line ending, not compressed.

Tables come out of spreadsheets and loggers in whatever encoding the machine was set to. DuckDB
reads UTF-8, so a copy in UTF-8 is made first, with Python's codecs; its lines are the lines of
the file, so that "line 7" is line 7 in an editor. Where the bytes are not what they were said
to be, nothing is guessed behind one's back: the error proposes an encoding and shows how the
first foreign line reads in it.
"""

import gzip
import io
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

FOREIGN_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file for reading bytes, through gzip where its name ends in .gz."""
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


def decompress(path: Path, copy: Path) -> Path:
    """Write what a .gz file holds to `copy`; TableError where the archive is damaged."""
    with _opened(path) as raw, copy.open("wb") as out:
        try:
            while chunk := raw.read(CHUNK):
                out.write(chunk)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _damaged(path, error) from None
    return copy


def copy_as_utf8(path: Path, copy: Path, encoding: str | None = None) -> Path:
    r"""Write the text of a file, gzipped or not, to `copy` as UTF-8 with ``\n`` line endings.

    Parameters
    ----------
    encoding
        Name of a Python codec; default UTF-8 with or without a byte-order mark.

    Raises
    ------
    TableError
        If the encoding is unknown, the bytes are not of it, or the file is no text at all.
    """
    try:
        _refuse_ascii(path, encoding or "utf-8")
        with _opened(path) as raw, copy.open("w", encoding="utf-8", newline="\n") as out:
            text = io.TextIOWrapper(raw, encoding=encoding or "utf-8-sig")
            _pour(text, out)
    except LookupError:
        raise TableError(
            f'unknown encoding "{spell(encoding)}"; use the name of a Python codec, '
            "such as utf-8, utf-16, gbk or latin-1"
        ) from None
    except UnicodeError:
        raise _misread(path, encoding) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path, error) from None
    return copy


def _refuse_ascii(path: Path, encoding: str) -> None:
    """Raise TableError for plain ASCII that is said to be UTF-16 or the like."""
    if "a".encode(encoding) == b"a":
        return
    with _opened(path) as raw:
        data = raw.read(SAMPLE)
    if data.isascii() and b"\0" not in data:
        raise TableError(
            f"{spell(path.name)} is plain ASCII text, not {encoding}; leave the encoding out"
        )


def _pour(text: IO[str], out: IO[str]) -> None:
    while chunk := text.read(CHUNK):
        if "\0" in chunk:
            raise UnicodeError("a NUL is no text")
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


def _misread(path: Path, encoding: str | None) -> TableError:
    with _opened(path) as raw:
        data = raw.read(SAMPLE)
    tried = encoding or "UTF-8"
    if data.startswith(b"PK\x03\x04"):
        return TableError(
            f"{spell(path.name)} is a workbook or zip archive, no text; save it as .csv"
        )
    if data.startswith(b"\x1f\x8b"):
        return TableError(
            f"{spell(path.name)} is gzipped, no text; end its name in {path.suffix}.gz"
        )
    likely = likely_encodings(data)
    if not likely:
        return TableError(
            f"{spell(path.name)} is not {tried} text but binary data; save it as .csv"
        )
    if encoding in likely:
        return TableError(f"{spell(path.name)} is not {tried} text throughout; name its encoding")
    proposals = " or ".join(_proposal(data, name) for name in likely[:2])
    return TableError(f"{spell(path.name)} is not {tried} text; try {proposals}")


def _proposal(data: bytes, encoding: str) -> str:
    """The encoding and how the first foreign line reads in it."""
    lines = data.decode(encoding, "replace").lstrip("\ufeff").splitlines()
    line = next((line for line in lines if not line.isascii()), lines[0] if lines else "")
    return f'{option(encoding=encoding)} (reads "{spell(line)}")'


def _damaged(path: Path, error: Exception) -> TableError:
    return TableError(f"{spell(path.name)} is no gzip file, or a damaged one: {spell(error, 100)}")

"""The first sheet of an XLSX workbook, as rows of text: nothing is worked out, nothing is fetched.

A workbook is a zip of XML. What suppliers send is small and plain; what is neither is refused
before it is unpacked.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn
from xml.parsers import expat

from santong.benefits.errors import ImportRefused

BEGINS = b"PK\x03\x04"
# Unpacked: what a million codes come to, many times over.
MOST_BYTES = 200_000_000
MOST_COLUMNS = 200
MOST_ROWS = 1_048_576
# Excel keeps fifteen digits of a number; those after them are gone before we see the file.
MOST_DIGITS = 15
INEXACT = "\N{REPLACEMENT CHARACTER}"

_SHEET = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")
_WHOLE = re.compile(r"-?[0-9]+(?:\.0+)?")
_LETTERS = 26
# What a zip or an XML file that is broken, encrypted or lies about itself comes to.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def rows_of_sheet(content: bytes) -> Iterator[Sequence[str]]:
    """Rows of cells, empty ones too. A number that was not kept exactly reads as one odd sign.

    Raises ImportRefused.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = set(book.namelist())
            sheet = _SHEET if _SHEET in names else _first_sheet(names)
            if sum(book.getinfo(name).file_size for name in {sheet, _TEXTS} & names) > MOST_BYTES:
                raise ImportRefused(reason="the workbook is too large")
            texts = _texts(book.read(_TEXTS)) if _TEXTS in names else []
            found = _rows(book.read(sheet), texts=texts)
    except _UNREADABLE as failure:
        raise ImportRefused(reason=f"not a workbook: {type(failure).__name__}") from None
    yield from found


def _first_sheet(names: set[str]) -> str:
    sheets = sorted(name for name in names if name.startswith("xl/worksheets/") and ".xml" in name)
    if not sheets:
        raise ImportRefused(reason="the workbook has no sheet")
    return sheets[0]


def _parsed(
    content: bytes,
    *,
    opened: Callable[[str, dict[str, str]], None],
    closed: Callable[[str], None],
    said: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, marks: opened(name.rpartition("|")[2], marks)
    parser.EndElementHandler = lambda name: closed(name.rpartition("|")[2])
    parser.CharacterDataHandler = said
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)  # noqa: FBT003  expat names it so


def _refuse_doctype(*_declared: object) -> NoReturn:
    """Entities that unfold without end, or are fetched from elsewhere, are declared there."""
    raise ImportRefused(reason="the workbook declares entities")


def _texts(content: bytes) -> list[str]:
    """Texts that cells point at. Readings beside the text (phonetics) are no part of it."""
    found: list[str] = []
    parts: list[str] = []
    within: list[str] = []

    def opened(name: str, _marks: dict[str, str]) -> None:
        within.append(name)
        if name == "si":
            parts.clear()

    def closed(name: str) -> None:
        within.pop()
        if name == "si":
            found.append("".join(parts))

    def said(text: str) -> None:
        if within[-1:] == ["t"] and "rPh" not in within:
            parts.append(text)

    _parsed(content, opened=opened, closed=closed, said=said)
    return found


def _rows(content: bytes, *, texts: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = []
    cell: dict[str, str] = {}
    parts: list[str] = []
    within: list[str] = []

    def opened(name: str, marks: dict[str, str]) -> None:
        within.append(name)
        if name == "row":
            # Rows that stand empty are left out of the file; lines are counted as they are seen.
            number = int(marks.get("r") or len(found) + 1)
            if not len(found) < number <= MOST_ROWS:
                raise ImportRefused(reason="rows are out of order, or too many")
            found.extend([] for _ in range(number - len(found)))
        elif name == "c":
            cell.update(marks)
            parts.clear()

    def closed(name: str) -> None:
        within.pop()
        if name == "c":
            row = found[-1] if found else []
            place = _column(cell.get("r", ""), after=len(row))
            row.extend("" for _ in range(place - len(row)))
            row.append(_text("".join(parts), kind=cell.get("t", "n"), texts=texts))
            cell.clear()

    def said(text: str) -> None:
        if within[-1:] in (["v"], ["t"]) and "c" in within:
            parts.append(text)

    _parsed(content, opened=opened, closed=closed, said=said)
    return found


def _column(place: str, *, after: int) -> int:
    """`C7` is the third column. Cells may leave their place out: then they follow one another."""
    named = _PLACE.fullmatch(place)
    if named is None:
        return after
    number = 0
    for letter in named[1]:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    if not after < number <= MOST_COLUMNS:
        raise ImportRefused(reason="cells are out of order, or too many")
    return number - 1


def _text(written: str, *, kind: str, texts: Sequence[str]) -> str:
    match kind:
        case "s":
            place = int(written) if written.isascii() and written.isdigit() else len(texts)
            if place >= len(texts):
                raise ImportRefused(reason="a cell points at no text")
            return texts[place]
        case "n" if written:
            whole = written.partition(".")[0]
            is_exact = _WHOLE.fullmatch(written) and len(whole.lstrip("-")) <= MOST_DIGITS
            return whole if is_exact else INEXACT
        case "b" | "e":
            return INEXACT
        case _:
            return written

"""A small PDF with Chinese text, and no font in it (ISO 32000-1).

Readers bring the font: STSong-Light is one of the names that PDF has always known for simplified
Chinese, with a map from Unicode that readers have, too (9.7.5.2). So a page takes a few kilobytes,
and no font is handed on. Letters and digits are half as wide as a Chinese character.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable
from typing import Final

A4: Final = (595, 842)
_FONT: Final = (
    (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H"
        b"/DescendantFonts[4 0 R]>>"
    ),
    (
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>/FontDescriptor 5 0 R>>"
    ),
    (
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
        b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    ),
)
_FIRST_PAGE: Final = 6


class Paper:
    """Pages that are written on from above: `y` counts points from the upper edge."""

    def __init__(self) -> None:
        self._pages: list[list[str]] = [[]]

    def turn(self) -> None:
        """Go on with a new page."""
        self._pages.append([])

    def text(self, x: int, y: int, text: str, *, size: int = 10, is_right: bool = False) -> None:
        """Write a line; from the right, it ends at `x`."""
        shown = shaped(text)
        left = x - width_of(shown, size=size) if is_right else x
        code = shown.encode("utf-16-be", "replace").hex()
        self._pages[-1].append(f"BT/F1 {size} Tf 1 0 0 1 {left} {A4[1] - y} Tm<{code}>Tj ET")

    def line(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """Draw a thin line."""
        self._pages[-1].append(f"0.5 w {x} {A4[1] - y} m {to_x} {A4[1] - to_y} l S")

    def squares(self, x: int, y: int, *, side: int, dark: Iterable[tuple[int, int]]) -> None:
        """Draw dark squares by row and column, as a QR code has them."""
        for row, column in dark:
            self._pages[-1].append(
                f"{x + column * side} {A4[1] - y - (row + 1) * side} {side} {side} re f"
            )

    def to_bytes(self) -> bytes:
        """The file."""
        count = len(self._pages)
        kids = " ".join(f"{_FIRST_PAGE + 2 * place} 0 R" for place in range(count))
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
            *_FONT,
        ]
        for place, drawn in enumerate(self._pages):
            stream = zlib.compress("\n".join(drawn).encode())
            objects += [
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {A4[0]} {A4[1]}]"
                f"/Resources<</Font<</F1 3 0 R>>>>"
                f"/Contents {_FIRST_PAGE + 2 * place + 1} 0 R>>".encode(),
                f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n".encode()
                + stream
                + b"\nendstream",
            ]
        return _file(objects)


def width_of(text: str, *, size: int) -> int:
    """How wide a line is, in points."""
    halves = sum(1 if " " <= each <= "~" else 2 for each in text)
    return -(-halves * size // 2)


def shaped(text: str) -> str:
    """A line as the font can write it: signs that are not in it have a wide form that is."""
    wide = text.replace("\N{YEN SIGN}", "\N{FULLWIDTH YEN SIGN}").replace("\N{MINUS SIGN}", "-")
    return "".join(each for each in wide if unicodedata.category(each)[0] != "C")


def fitted(text: str, *, size: int, width: int) -> str:
    """As much of a line as fits, with a sign that something is missing."""
    shown = shaped(text)
    if width_of(shown, size=size) <= width:
        return shown
    while shown and width_of(f"{shown}...", size=size) > width:
        shown = shown[:-1]
    return f"{shown}..."


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"endobj\n"
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010} 00000 n \n".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF\n".encode()
    return bytes(out)

"""Codes that a till's scanner reads, as a path that a page draws."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# Four modules of nothing around it, as ISO/IEC 18004 asks.
_QUIET = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A square of `size` modules, the dark ones as an SVG path."""

    size: int
    path: str


def qr(text: str) -> Drawing:
    """A QR code of a text; a quarter of it may be dirty."""
    symbol = segno.make(text, error="q", micro=False)
    size, _ = symbol.symbol_size(border=_QUIET)
    runs = [
        run
        for row, cells in enumerate(symbol.matrix_iter(border=_QUIET))
        for run in _runs(row, [bool(cell) for cell in cells])
    ]
    return Drawing(size=int(size), path="".join(runs))


def _runs(row: int, cells: list[bool]) -> list[str]:
    found: list[str] = []
    column = 0
    while column < len(cells):
        start = column
        while column < len(cells) and cells[column]:
            column += 1
        if column > start:
            found.append(f"M{start} {row}h{column - start}v1h-{column - start}z")
        column += 1
    return found

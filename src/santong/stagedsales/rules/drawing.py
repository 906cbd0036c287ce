"""QR codes as a path that a page draws."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# Four modules of nothing around it, as ISO/IEC 18004 asks.
_QUIET = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A square of `size` modules, its dark ones as an SVG path."""

    size: int
    path: str


def qr(*, text: str) -> Drawing:
    """A QR code of a text; a seventh of it may be dirty."""
    symbol = segno.make(text, error="m", micro=False)
    size, _ = symbol.symbol_size(border=_QUIET)
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, cells in enumerate(symbol.matrix_iter(border=_QUIET))
        for column, cell in enumerate(cells)
        if cell
    )
    return Drawing(size=int(size), path=path)

"""QR codes as pages draw them."""

from __future__ import annotations

import re

import segno

from santong.storefront.rules.drawing import qr

_RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def test_every_dark_module_is_drawn_and_no_other() -> None:
    text = "8000000000123457"
    drawn = qr(text)

    dark: set[tuple[int, int]] = set()
    for column, row, width, back in _RUN.findall(drawn.path):
        assert width == back
        dark |= {(int(row), int(column) + place) for place in range(int(width))}

    symbol = segno.make(text, error="q", micro=False)
    wanted = {
        (row, column)
        for row, cells in enumerate(symbol.matrix_iter(border=4))
        for column, cell in enumerate(cells)
        if cell
    }
    assert dark == wanted
    assert "".join(match.group() for match in _RUN.finditer(drawn.path)) == drawn.path
    assert drawn.size == symbol.symbol_size(border=4)[0]

"""Cells of a table that somebody opens in a spreadsheet."""

from __future__ import annotations

from typing import Final

# What a spreadsheet would carry out.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """A text that a spreadsheet shows and does not carry out."""
    return f"'{text}" if text.startswith(_FORMULA) else text

"""Amounts as Alipay writes them: yuan with two decimals, read and written without a float."""

from __future__ import annotations

import re
from typing import Final

_WRITTEN: Final = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?", re.ASCII)


def yuan_of(*, amount_minor: int) -> str:
    """`1234` as `12.34`."""
    assert amount_minor >= 0, "a provider is told what moves, never less than nothing"
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"


def minor_of(*, yuan: str) -> int:
    """`12.34`, `12.3` or `12` as fen. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(yuan)
    if found is None:
        raise ValueError(yuan)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

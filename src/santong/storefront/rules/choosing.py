"""Which programme somebody joins who has followed a link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Offered(Protocol):
    """A programme, as far as the choice goes."""

    @property
    def code(self) -> str: ...
    @property
    def brand_id(self) -> int: ...
    @property
    def is_open(self) -> bool: ...


P = TypeVar("P", bound=Offered)


def programme_for(*, offered: Sequence[P], code: str, brand_id: int | None) -> P | None:
    """The one that the link names, else that of the store's brand, else the first that is open."""
    open_ones = [programme for programme in offered if programme.is_open]
    for wanted in (
        [programme for programme in open_ones if code and programme.code == code],
        [programme for programme in open_ones if programme.brand_id == brand_id],
        open_ones,
    ):
        if wanted:
            return wanted[0]
    return None

"""The platform's numbers for what is ours, and back.

A trade (`tid`) is known by the number that its storefront gave it, where that is a number that
clients can hold; any other order by its own id, lifted above all numbers that storefronts give.
A sub-trade (`oid`) is a line of an order, known by its own id.
"""

from __future__ import annotations

import re
from typing import Final

from santong.orders import public as orders

# Above it every tid is one of ours: a 64-bit number still, and longer than storefronts number.
OWN: Final = 9_000_000_000_000_000_000
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)


def tid_of(order: orders.Order) -> int:
    """The number by which clients know an order."""
    number = order.external_number
    if _NUMBER.fullmatch(number) and int(number) < OWN:
        return int(number)
    return OWN + order.id


def own_id(tid: int) -> int | None:
    """The order's own id, if the number is made from it."""
    return tid - OWN if tid > OWN else None


def yuan(minor: int) -> str:
    """An amount as decimal text."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"

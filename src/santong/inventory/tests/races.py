"""What every race needs: commands in scopes of their own, and what must hold afterwards."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

from santong.inventory import public as inventory
from santong.inventory.tests.factories import (
    LATER,
    NOW,
    Place,
    line,
    make_level,
    new_holder,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "12"))
REFUSALS = (inventory.InsufficientStock, inventory.NotPromisedHere, inventory.BelowZero)

fresh_keys = map(str, itertools.count(1))


def in_scope(merchant: int, command: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **arguments)

    return run


def reserve(merchant: int, holder: str, *lines: inventory.ReserveLine) -> Callable[[], Any]:
    return in_scope(merchant, inventory.reserve, holder=holder, lines=lines, expires_at=LATER)


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert inventory.check_invariants(merchant_id=merchant, now=NOW) == []


def assert_only_refusals(results: list[Any]) -> None:
    surprises = [r for r in results if isinstance(r, Exception) and not isinstance(r, REFUSALS)]
    assert surprises == []


def levels(merchant: int, count: int, *, on_hand: int) -> list[Place]:
    with tenancy.scope(merchant_id=merchant):
        return [make_level(merchant_id=merchant, on_hand=on_hand) for _ in range(count)]


def attempts(merchant: int, place: Place, count: int) -> Callable[[], list[bool]]:
    """Tries one unit for one holder after the other."""

    def run() -> list[bool]:
        got = []
        for _ in range(count):
            try:
                reserve(merchant, new_holder(), line(place))()
                got.append(True)
            except inventory.InsufficientStock:
                got.append(False)
        return got

    return run

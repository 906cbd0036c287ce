"""What every race for points needs: a club, commands in scopes of their own, what must hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.points import (
    BASE_ONLY,
    Club,
    make_club,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "6"))


def opened(merchant: int, terms: membership.Terms = BASE_ONLY) -> Club:
    with tenancy.scope(merchant_id=merchant):
        return make_club(merchant_id=merchant, terms=terms)


def in_scope(club: Club, command: Callable[[], Any]) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=club.merchant_id):
            return command()

    return run


def staff(name: str) -> tenancy.Actor:
    return tenancy.Actor(kind="staff", id=name, name=name)


def stands(club: Club) -> membership.PointsShown:
    with tenancy.scope(merchant_id=club.merchant_id):
        shown: membership.PointsShown = club.points()
        return shown


def assert_sound(club: Club) -> None:
    with tenancy.scope(merchant_id=club.merchant_id):
        assert membership.check_invariants(merchant_id=club.merchant_id) == []


def refused(results: list[Any], *kinds: type[Exception]) -> int:
    surprises = [r for r in results if isinstance(r, Exception) and not isinstance(r, kinds)]
    assert surprises == []
    return sum(isinstance(result, Exception) for result in results)

"""What another system tells of a member is so here: once, exactly, and owed where it is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, make_member, make_programme
from santong.payments import public as payments

AtOnce = Callable[..., list[Any]]
TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="base", name="普通", threshold=0),
        membership.Tier(code="gold", name="金卡", threshold=1_000),
    ),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
)


def stands_at(merchant_id: int, programme: membership.Programme, member_id: int) -> tuple[int, int]:
    accounts = {
        kind: payments.AccountKey(programme.points_asset, kind, f"member:{member_id}")
        for kind in ("available", "debt")
    }
    found = payments.balances(merchant_id=merchant_id, accounts=list(accounts.values()))
    return found[accounts["available"]].available, found[accounts["debt"]].posted


def take(merchant_id: int, programme: membership.Programme, member_id: int, **given: Any) -> bool:
    wanted: dict[str, Any] = {"key": "1", "points": 0, "tier": ""}
    return membership.take_over(
        merchant_id=merchant_id,
        programme_code=programme.code,
        member_id=member_id,
        now=NOW,
        **(wanted | given),
    )


class Case(NamedTuple):
    name: str
    points: tuple[int, ...]
    available: int
    debt: int = 0


CASES = [
    Case("an opening balance", (888,), available=888),
    Case("nothing", (0,), available=0),
    Case("more, then fewer", (100, 30, -110), available=20),
    Case("fewer than are there are owed", (100, -130), available=0, debt=-30),
    Case("what is owed is paid first", (100, -130, 50), available=20),
    Case("a part of what is owed", (-40, 15), available=0, debt=-25),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_difference_counts_once(case: Case, merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    member = make_member(merchant_id=merchant_id, programme=programme).member

    for key, points in enumerate(case.points):
        for _ in range(2):
            take(merchant_id, programme, member.id, key=str(key), points=points)

    assert stands_at(merchant_id, programme, member.id) == (case.available, case.debt)
    assert payments.check_invariants(merchant_id=merchant_id) == []
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_a_tier_of_the_programme_is_taken_over_and_no_other(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    membership.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=TERMS,
        reason="opening",
        now=NOW,
    )
    member = make_member(merchant_id=merchant_id, programme=programme).member

    tiers = []
    for key, tier in enumerate(("gold", "platinum", "base")):
        take(merchant_id, programme, member.id, key=str(key), tier=tier)
        (card,) = membership.member_by_id(merchant_id=merchant_id, member_id=member.id).cards
        tiers.append(card.tier)

    assert tiers == ["gold", "gold", "base"]
    assert membership.check_invariants(merchant_id=merchant_id) == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"points": 10**13}, "/points"), ({"key": ""}, "/key"), ({"key": "x" * 99}, "/key")],
)
def test_what_makes_no_sense_is_refused(
    merchant_id: int, given: dict[str, Any], pointer: str
) -> None:
    programme = make_programme(merchant_id=merchant_id)
    member = make_member(merchant_id=merchant_id, programme=programme).member

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        take(merchant_id, programme, member.id, **({"points": 1} | given))

    assert refused.value.pointer == pointer
    assert stands_at(merchant_id, programme, member.id) == (0, 0)


def test_whoever_has_left_takes_nothing_over(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    member = make_member(merchant_id=merchant_id, programme=programme).member
    membership.close_member(
        merchant_id=merchant_id, member_id=member.id, reason="wanted to", now=NOW
    )

    with pytest.raises(membership.CardMissing):
        take(merchant_id, programme, member.id, points=5)


def test_one_difference_told_by_many_at_once_counts_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        member = make_member(merchant_id=merchant, programme=programme).member

    def tell() -> int:
        with tenancy.scope(merchant_id=merchant):
            return sum(
                take(merchant, programme, member.id, key=str(key), points=points)
                for key, points in enumerate((50, -70, 30, -5))
            )

    told = at_once(*[tell] * 8)

    assert sum(told) == 4
    with tenancy.scope(merchant_id=merchant):
        available, debt = stands_at(merchant, programme, member.id)
        assert available + debt == 5
        assert payments.check_invariants(merchant_id=merchant) == []

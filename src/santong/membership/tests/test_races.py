"""Many at once: one person becomes one member with one card, whoever comes first."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.contracts import Programme
from santong.membership.events import MemberJoined
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    facts_told,
    make_pool,
    make_programme,
)

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "12"))


def in_scope(merchant: int, command: Callable[..., Any], **named: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(merchant_id=merchant, now=NOW, **named)

    return run


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert membership.check_invariants(merchant_id=merchant) == []


def two_programmes(merchant: int) -> list[Programme]:
    with tenancy.scope(merchant_id=merchant):
        pool = make_pool(merchant_id=merchant)
        return [make_programme(merchant_id=merchant, pool=pool) for _ in range(2)]


def test_one_person_enrolled_by_many_at_once_is_one_member(merchant: int, at_once: AtOnce) -> None:
    programmes = two_programmes(merchant)

    for person_id in range(1, ROUNDS + 1):
        joined = at_once(
            *[
                in_scope(
                    merchant,
                    membership.enrol,
                    programme_code=programmes[place % 2].code,
                    person_id=person_id,
                    source=AT_THE_TILL,
                )
                for place in range(8)
            ]
        )

        assert [each for each in joined if isinstance(each, Exception)] == []
        assert len({each.member.id for each in joined}) == 1
        assert len({each.card.id for each in joined}) == 2
        assert [each.is_new for each in joined].count(True) == 1
        assert [each.is_new_card for each in joined].count(True) == 2
    with tenancy.scope(merchant_id=merchant):
        told = facts_told(merchant_id=merchant, kind=MemberJoined)
    assert len(told) == 2 * ROUNDS
    assert_sound(merchant)

"""Whoever is erased while they join is forgotten, or somebody new; no member is nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.errors import Busy
from santong.membership import public as membership
from santong.membership.tests.factories import AT_THE_TILL, NOW, make_programme, new_phone

AtOnce = Callable[..., list[Any]]


def test_nobody_becomes_a_member_as_a_person_who_is_erased(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        programmes = [make_programme(merchant_id=merchant) for _ in range(2)]

    def join(phone: str, programme: membership.Programme) -> bool:
        try:
            with tenancy.scope(merchant_id=merchant):
                membership.join(
                    merchant_id=merchant,
                    programme_code=programme.code,
                    identifiers=[customers.Identifier("phone", phone)],
                    profile=None,
                    source=AT_THE_TILL,
                    now=NOW,
                )
        except Busy:
            return False
        return True

    def erase(person_id: int) -> None:
        with tenancy.scope(merchant_id=merchant):
            customers.erase_person(
                merchant_id=merchant, person_id=person_id, reason="asked for it", now=NOW
            )

    for round_number in range(10):
        phone = new_phone()
        with tenancy.scope(merchant_id=merchant):
            person_id = customers.resolve(
                merchant_id=merchant,
                identifiers=[customers.Identifier("phone", phone)],
                profile=None,
                source="till",
                now=NOW,
            ).person_id
        assert [join(phone, programmes[0]) for _ in range(round_number % 2)] in ([], [True])

        at_once(
            lambda one=person_id: erase(one),
            lambda this=phone: join(this, programmes[0]),
            lambda this=phone: join(this, programmes[1]),
        )

        with tenancy.scope(merchant_id=merchant):
            left = membership.members_of_persons(merchant_id=merchant, person_ids=[person_id])
            assert {member.state for member in left.values()} <= {"closed"}
            assert membership.check_invariants(merchant_id=merchant) == []

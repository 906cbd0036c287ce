"""Somebody becomes a member once, and gets a card of each programme they join."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.inventory.tests.factories import make_location_id
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.contracts import JoinSource
from santong.membership.events import MemberJoined, MemberWoken
from santong.membership.models import Card, Member, Programme
from santong.membership.rules.numbers import card_number, is_checked
from santong.membership.selectors.programmes import forget_programmes
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    facts_told,
    make_member,
    make_pool,
    make_programme,
)
from santong.stores import public as stores


def test_a_new_person_is_a_new_member_with_a_card_that_says_who_won_them(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id, card_prefix="86")
    place = make_location_id(merchant_id=merchant_id)
    code = stores.locations_by_id(merchant_id=merchant_id, location_ids=[place])[place].code

    joined = membership.enrol(
        merchant_id=merchant_id,
        programme_code=programme.code,
        person_id=7,
        source=JoinSource(kind="scan", channel="pos", location_code=code, guide_code="G1"),
        now=NOW,
    )

    assert (joined.is_new, joined.is_new_card) == (True, True)
    assert (joined.member.state, joined.member.person_id) == ("active", 7)
    assert joined.member.cards == (joined.card,)
    assert joined.card.number.startswith("86")
    assert is_checked(joined.card.number)
    assert is_checked(joined.member.number)
    (credit,) = membership.attributions_of(merchant_id=merchant_id, member_id=joined.member.id)
    assert (credit.kind, credit.location_id, credit.guide_code) == ("scan", place, "G1")
    assert facts_told(merchant_id=merchant_id, kind=MemberJoined) == [
        MemberJoined(
            member_id=joined.member.id,
            card_id=joined.card.id,
            programme_id=programme.id,
            programme_code=programme.code,
            kind="scan",
            channel="pos",
            storefront_code="",
            location_code=code,
            guide_code="G1",
            is_new=True,
        )
    ]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_who_joins_twice_has_joined_once(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    first = make_member(merchant_id=merchant_id, programme=programme, person_id=7)

    second = make_member(merchant_id=merchant_id, programme=programme, person_id=7)

    assert (second.is_new, second.is_new_card) == (False, False)
    assert second.member == first.member
    assert len(facts_told(merchant_id=merchant_id, kind=MemberJoined)) == 1


def test_a_second_brand_gives_a_second_card_to_the_same_member(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    spring = make_programme(merchant_id=merchant_id, pool=pool)
    autumn = make_programme(merchant_id=merchant_id, pool=pool)
    first = make_member(merchant_id=merchant_id, programme=spring, person_id=7)

    second = make_member(merchant_id=merchant_id, programme=autumn, person_id=7)

    assert (second.is_new, second.is_new_card) == (False, True)
    assert second.member.id == first.member.id
    assert [card.programme_code for card in second.member.cards] == [spring.code, autumn.code]
    assert [told.is_new for told in facts_told(merchant_id=merchant_id, kind=MemberJoined)] == [
        True,
        False,
    ]


def test_a_card_from_elsewhere_keeps_its_number(merchant_id: int) -> None:
    joined = make_member(merchant_id=merchant_id, card_number="vip-007")

    assert joined.card.number == "VIP-007"
    assert membership.members_of_card(merchant_id=merchant_id, number="VIP-007") == [joined.member]


def test_a_number_that_another_card_has_is_refused(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        make_member(merchant_id=merchant, programme=programme, card_number="VIP-007")

    with pytest.raises(membership.CardTaken), tenancy.scope(merchant_id=merchant):
        make_member(merchant_id=merchant, programme=programme, card_number="VIP-007")

    with tenancy.scope(merchant_id=merchant):
        assert Member.objects.of_merchant(merchant).count() == 1
        assert Card.objects.of_merchant(merchant).count() == 1


def test_a_number_that_was_imported_is_not_given_out_again(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    first = make_member(merchant_id=merchant_id, programme=programme)
    serial = int(first.card.number[1:-1])
    # Each of these takes a serial number, too, and does not use it.
    imported = [
        make_member(
            merchant_id=merchant_id,
            programme=programme,
            card_number=card_number(prefix="8", serial=serial + step),
        )
        for step in (3, 4)
    ]

    joined = make_member(merchant_id=merchant_id, programme=programme)

    assert (joined.is_new, joined.is_new_card) == (True, True)
    assert joined.card.number == card_number(prefix="8", serial=serial + 5)
    assert len({each.card.number for each in (first, joined, *imported)}) == 4


def test_who_slept_is_awake_by_joining_again(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    joined = make_member(merchant_id=merchant_id, programme=programme, person_id=7)
    Card.objects.filter(id=joined.card.id).update(state="dormant")
    Member.objects.filter(id=joined.member.id).update(state="dormant")

    again = membership.enrol(
        merchant_id=merchant_id,
        programme_code=programme.code,
        person_id=7,
        source=AT_THE_TILL,
        now=NOW + timedelta(days=400),
    )

    assert (again.member.state, again.card.state) == ("active", "active")
    assert again.card.last_active_at == NOW + timedelta(days=400)
    assert len(facts_told(merchant_id=merchant_id, kind=MemberWoken)) == 1


@pytest.mark.parametrize(
    "source",
    [
        JoinSource(kind="guide"),
        JoinSource(kind="till", guide_code="G" * 61),
        JoinSource(kind="till", channel="\0"),
        JoinSource(kind="raffle"),  # type: ignore[arg-type]  # what a caller may send all the same
    ],
)
def test_a_source_that_says_nothing_is_refused(merchant_id: int, source: JoinSource) -> None:
    programme = make_programme(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid), transaction.atomic():
        membership.enrol(
            merchant_id=merchant_id,
            programme_code=programme.code,
            person_id=7,
            source=source,
            now=NOW,
        )

    assert not Member.objects.of_merchant(merchant_id).exists()


def test_a_programme_or_a_place_that_is_not_there_is_refused(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)

    with pytest.raises(NoSuch, match="programme"), transaction.atomic():
        membership.enrol(
            merchant_id=merchant_id,
            programme_code="nowhere",
            person_id=7,
            source=AT_THE_TILL,
            now=NOW,
        )
    with pytest.raises(NoSuch, match="location"), transaction.atomic():
        membership.enrol(
            merchant_id=merchant_id,
            programme_code=programme.code,
            person_id=7,
            source=JoinSource(kind="till", location_code="nowhere"),
            now=NOW,
        )


def test_a_closed_programme_takes_nobody(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    Programme.objects.filter(id=programme.id).update(is_open=False)
    forget_programmes()

    with pytest.raises(membership.ProgrammeClosed):
        make_member(merchant_id=merchant_id, programme=programme)

"""Marketplaces are told how bound members stand, whatever changes that."""

from __future__ import annotations

from typing import Any

import pytest

from santong.customers import public as customers
from santong.gateway.models import MemberSync
from santong.gateway.services.compare_told import compare_told
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW
from santong.gateway.tests.platform import BIND, Shop, make_connected_shop, phone
from santong.gateway.tests.simulated import Simulated
from santong.kernel import facts, tenancy
from santong.kernel.models import OutboxEvent
from santong.membership.tests.factories import give_points

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(merchant: int, side: Simulated) -> Shop:
    return make_connected_shop(merchant, url=side.url)


def tell(shop: Shop) -> None:
    """Let facts be heard, those that they lead to as well, and what waits be sent."""
    heard = 0
    while heard < (written := hear_facts(shop, after=heard)):
        heard = written
    deliver(merchant_id=shop.merchant_id, clock=lambda: NOW.replace(year=2027))


def hear_facts(shop: Shop, *, after: int) -> int:
    """As the relay does: every fact, in order, to those who subscribe; twice does no harm."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        events = list(OutboxEvent.objects.filter(merchant_id=shop.merchant_id, id__gt=after))
    for event in sorted(events, key=lambda each: each.id):
        for context in ("membership", "gateway"):
            handler = facts.subscribers()[context].get(event.name)
            if handler is not None:
                kind = facts.fact_types()[event.name].cls
                fact = facts.adapter(kind).validate_python(event.body)
                with tenancy.scope(merchant_id=shop.merchant_id):
                    handler(fact, merchant_id=shop.merchant_id, now=NOW)
    return max((event.id for event in events), default=after)


def bind(shop: Shop, number: str, ouid: str, kind: str = "1") -> None:
    answer = shop.platform.call(BIND, {"mobile": number, "ouid": ouid, "type": kind})
    assert answer["bind_code"] == "SUC", answer


def told(side: Simulated) -> list[tuple[str, str]]:
    return [(heard.fields["ouid"], heard.fields["point"]) for heard in side.heard]


def compare(shop: Shop) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return sum(
            compare_told(merchant_id=shop.merchant_id, part=part, of_parts=3, now=NOW)
            for part in range(3)
        )


def gift(shop: Shop, member_id: int, points: int, **given: Any) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        give_points(
            merchant_id=shop.merchant_id,
            programme=shop.programme,
            member_id=member_id,
            points=points,
            **given,
        )


def test_a_member_is_told_of_when_bound_and_whenever_points_change(
    shop: Shop, side: Simulated
) -> None:
    number = phone()
    member_id = shop.join(number, points=10)
    bind(shop, number, "AAH1")
    tell(shop)
    gift(shop, member_id, 5)

    found = compare(shop)
    again = compare(shop)
    tell(shop)

    assert (found, again) == (1, 0)
    assert told(side) == [("AAH1", "10"), ("AAH1", "15")]
    assert compare(shop) == 0


def test_nothing_is_told_of_whoever_was_unbound(shop: Shop, side: Simulated) -> None:
    number = phone()
    member_id = shop.join(number)
    bind(shop, number, "AAH1")
    tell(shop)
    bind(shop, number, "AAH1", "2")
    tell(shop)
    gift(shop, member_id, 5)

    assert compare(shop) == 0
    tell(shop)

    assert told(side) == [("AAH1", "0")]
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert not MemberSync.objects.of_merchant(shop.merchant_id).exists()


def test_whoever_is_bound_again_before_the_fact_is_heard_is_not_forgotten(
    shop: Shop, side: Simulated
) -> None:
    number = phone()
    shop.join(number, points=3)
    bind(shop, number, "AAH1")
    bind(shop, number, "AAH1", "2")
    bind(shop, number, "AAH2")

    tell(shop)

    assert told(side) == [("AAH2", "3")]


def test_two_members_who_are_one_are_told_of_as_one_and_as_two_again(
    shop: Shop, side: Simulated
) -> None:
    numbers = phone(), phone()
    for number, points in zip(numbers, (10, 7), strict=True):
        shop.join(number, points=points)
    bind(shop, numbers[0], "AAH1")
    bind(shop, numbers[1], "AAH2")
    tell(shop)
    with tenancy.scope(merchant_id=shop.merchant_id):
        people = [
            customers.find(
                merchant_id=shop.merchant_id,
                identifiers=[customers.Identifier("phone", number)],
            )
            for number in numbers
        ]
        (kept_id,), (gone_id,) = (next(iter(found.values())) for found in people)
        merge = customers.merge(
            merchant_id=shop.merchant_id,
            first_id=kept_id,
            second_id=gone_id,
            reason="the same person",
            now=NOW,
        )
    tell(shop)
    tell(shop)

    after = dict(told(side)[2:])
    with tenancy.scope(merchant_id=shop.merchant_id):
        customers.undo_merge(
            merchant_id=shop.merchant_id, merge_id=merge.id, reason="they are not", now=NOW
        )
    tell(shop)
    tell(shop)

    assert after == {"AAH1": "17", "AAH2": "17"}
    assert dict(told(side)[-2:]) == {"AAH1": "10", "AAH2": "7"}

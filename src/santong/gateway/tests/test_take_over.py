"""Whom the older CRM binds brings along what they have there; what changes there changes here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.customers import public as customers
from santong.gateway import public as gateway
from santong.gateway.models import Operation, StandingBehind
from santong.gateway.rules.said import Said
from santong.gateway.selectors.lines import line_by_id
from santong.gateway.services.claim_work import claim_work
from santong.gateway.services.follow_standing import ask_for_standings
from santong.gateway.services.settle_work import settle_work
from santong.gateway.services.tell_crm import tell_crm
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.platform import (
    BIND,
    BIND_QUERY,
    REGISTER,
    Shop,
    make_connected_shop,
    make_older_crm,
    phone,
)
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import points_of
from santong.payments import public as payments

pytestmark = pytest.mark.usefixtures("database")

AtOnce = Callable[..., list[Any]]
TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="1", name="普通", threshold=0),
        membership.Tier(code="2", name="金卡", threshold=1_000),
    ),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
)


@pytest.fixture
def shop(merchant: int, side: Simulated) -> Shop:
    """A marketplace's shop; the older CRM behind it takes over every change of points."""
    make_older_crm(merchant, side, answers_within_ms=10_000)
    shop = make_connected_shop(merchant, behind_code="old-crm", answers_within_ms=30_000)
    with tenancy.scope(merchant_id=merchant):
        membership.publish_terms(
            merchant_id=merchant,
            programme_code=shop.programme.code,
            terms=TERMS,
            reason="opening",
            now=NOW,
        )
    return shop


def bind(shop: Shop, number: str) -> dict[str, Any]:
    return shop.platform.call(BIND, {"mobile": number, "ouid": f"AAH-{number}", "type": "1"})


def member_of(shop: Shop, number: str) -> membership.Member:
    with tenancy.scope(merchant_id=shop.merchant_id):
        wanted = customers.Identifier("phone", number)
        found = customers.find(merchant_id=shop.merchant_id, identifiers=[wanted])
        (person_id,) = found[wanted]
        found_member = membership.member_of_person(
            merchant_id=shop.merchant_id, person_id=person_id
        )
    assert found_member is not None
    return found_member


def left(shop: Shop, number: str) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return points_of(
            merchant_id=shop.merchant_id,
            programme=shop.programme,
            member_id=member_of(shop, number).id,
        )


def taken_over(shop: Shop, number: str) -> list[int]:
    """What was taken over of a member, newest last, as the ledger has it."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        account = payments.AccountKey(
            shop.programme.points_asset, "available", member_of(shop, number).owner
        )
        entries = payments.entries_page(merchant_id=shop.merchant_id, account=account)
    return [each.amount for each in reversed(entries) if each.kind == "take_over"]


def send(shop: Shop, days: int = 60) -> None:
    deliver(merchant_id=shop.merchant_id, clock=lambda: NOW + timedelta(days=days))


def ask_again(shop: Shop, days: int) -> int:
    at = datetime.now(NOW.tzinfo) + timedelta(days=days)
    with tenancy.scope(merchant_id=shop.merchant_id):
        asked = ask_for_standings(merchant_id=shop.merchant_id, now=at)
    deliver(merchant_id=shop.merchant_id, clock=lambda: at + timedelta(seconds=1))
    return asked


def test_a_first_bind_brings_the_points_and_the_level_along(shop: Shop, side: Simulated) -> None:
    number = phone()
    side.members[number] = {"point": 888, "level": "2", "mobile": number}

    bound = bind(shop, number)
    again = bind(shop, number)
    query = shop.platform.call(BIND_QUERY, {"mobile": number})
    send(shop)

    assert bound["member"] == {"point": 888, "level": "2"}
    assert (again["bind_code"], again["member"]["point"]) == ("SUC", 888)
    assert query["bind_code"] == "E02"
    assert (left(shop, number), taken_over(shop, number)) == (888, [888])
    member = member_of(shop, number)
    (card,) = member.cards
    assert (card.tier, shop.bindings(member.id)) == ("2", ["bound"])
    with tenancy.scope(merchant_id=shop.merchant_id):
        (change,) = membership.tier_changes_of(
            merchant_id=shop.merchant_id, card_id=card.id, before_id=2**63 - 1, limit=5
        )
        assert (change.to_tier, change.why) == ("2", "taken_over")
        assert membership.check_invariants(merchant_id=shop.merchant_id) == []
        assert payments.check_invariants(merchant_id=shop.merchant_id) == []
    assert side.cards == {card.number: number}


def test_what_changes_there_later_changes_here_by_the_difference(
    shop: Shop, side: Simulated
) -> None:
    number = phone()
    side.members[number] = {"point": 100, "level": "1"}
    bind(shop, number)
    send(shop)

    side.members[number] |= {"point": 130, "level": "2"}
    assert ask_again(shop, days=61) == 1
    assert ask_again(shop, days=61) == 0
    side.members[number] |= {"point": 20}
    ask_again(shop, days=62)
    ask_again(shop, days=63)

    assert taken_over(shop, number) == [100, 30, -110]
    assert left(shop, number) == 20
    (card,) = member_of(shop, number).cards
    assert card.tier == "2"


def test_what_the_answer_does_not_tell_is_asked_for(shop: Shop, side: Simulated) -> None:
    number = phone()
    side.members[number] = {"level": "2"}
    bind(shop, number)
    assert (left(shop, number), taken_over(shop, number)) == (0, [])

    side.members[number] = {"point": 55, "level": "2"}
    send(shop)

    assert (left(shop, number), taken_over(shop, number)) == (55, [55])


def test_whoever_registers_while_it_is_down_gets_what_they_have_there_when_it_is_back(
    shop: Shop, side: Simulated
) -> None:
    number = phone()
    side.members[number] = {"point": 70, "level": "2"}
    side.moods.choose = lambda: "gone"

    asked_again = shop.platform.call(BIND_QUERY, {"mobile": number})
    registered = shop.platform.call(REGISTER, {"mobile": number, "ouid": "AAH1"})
    usable = shop.platform.call(BIND_QUERY, {"mobile": number})
    for day in range(3):
        send(shop, days=60 + day)
    side.moods.choose = None
    send(shop, days=90)

    assert asked_again["bind_code"] == "E05"
    assert registered["register_code"] == "SUC"
    assert usable["bind_code"] == "E02"
    assert (left(shop, number), taken_over(shop, number)) == (70, [70])


def test_a_change_of_ours_is_not_taken_for_one_of_theirs(merchant: int, side: Simulated) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme_first = make_connected_shop(merchant)
        make_line(
            merchant,
            code="old-crm",
            kind="crm",
            storefront_code="",
            programme_code=programme_first.programme.code,
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
        )
        line, secret = make_line(
            merchant, storefront_code=programme_first.storefront, behind_code="old-crm"
        )
    shop = programme_first
    shop.platform.path = shop.platform.path.rpartition("/")[0] + f"/{line.code}"
    number = phone()
    side.members[number] = {"point": 100, "level": "1"}
    bind(shop, number)
    send(shop)
    serials = ["accrual:1", "burn:2", "accrual:3"]

    side.moods.turns = ["lost"]
    for serial_no, points in zip(serials, (40, -25, 7), strict=True):
        with tenancy.scope(merchant_id=merchant):
            membership.take_over(
                merchant_id=merchant,
                programme_code=shop.programme.code,
                member_id=member_of(shop, number).id,
                key=f"till:{serial_no}",
                points=points,
                tier="",
                now=NOW,
            )
            tell_crm(
                merchant_id=merchant,
                programme_id=shop.programme.id,
                member_id=member_of(shop, number).id,
                serial_no=serial_no,
                point=points,
                why="test",
                now=NOW,
            )
    side.members[number] |= {"point": 99}
    for days in range(61, 65):
        ask_again(shop, days=days)

    assert side.applied == serials
    assert taken_over(shop, number) == [100, 40, -25, 7, -1]
    assert left(shop, number) == 121
    assert secret == SECRET


def test_bound_twice_at_once_is_brought_along_once(
    shop: Shop, side: Simulated, at_once: AtOnce
) -> None:
    for _ in range(4):
        number = phone()
        side.members[number] = {"point": 888, "level": "2"}

        answers = at_once(*[lambda this=number: bind(shop, this)] * 4)

        assert {answer["bind_code"] for answer in answers} == {"SUC"}
        send(shop)
        assert (left(shop, number), taken_over(shop, number)) == (888, [888])


def test_a_bind_and_a_sync_at_once_agree_in_the_end(
    shop: Shop, side: Simulated, at_once: AtOnce
) -> None:
    for round_number in range(4):
        number = phone()
        side.members[number] = {"point": 500, "level": "1"}
        bind(shop, number)
        side.members[number] |= {"point": 480}

        at_once(
            lambda this=number: bind(shop, this),
            lambda: send(shop),
            lambda: send(shop),
            lambda this=number: bind(shop, this),
        )

        ask_again(shop, days=100 + 2 * round_number)
        assert left(shop, number) == 480
        assert sum(taken_over(shop, number)) == 480
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert gateway.check_invariants(merchant_id=shop.merchant_id) == []


def test_an_answer_to_a_claim_that_has_ended_is_nobodys(shop: Shop, side: Simulated) -> None:
    number = phone()
    side.members[number] = {"point": 100, "level": "1"}
    bind(shop, number)
    late = datetime.now(NOW.tzinfo) + timedelta(days=1)
    with tenancy.scope(merchant_id=shop.merchant_id):
        crm = gateway.connections(merchant_id=shop.merchant_id, now=NOW)[0]
        line = line_by_id(merchant_id=shop.merchant_id, connection_id=crm.id)
        assert line is not None
        given: dict[str, Any] = {"merchant_id": shop.merchant_id, "line": line, "most": 8}
        (register,) = claim_work(**given, until=late, now=late)
        settle_work(
            merchant_id=shop.merchant_id,
            parcel=register,
            said=Said(outcome="ok", code="SUC", document={}),
            jitter_thousandths=0,
            now=late,
        )
        (stale,) = claim_work(**given, until=late, now=late)
        (fresh,) = claim_work(**given, until=late + timedelta(hours=1), now=late)

    for parcel, points in ((fresh, 90), (stale, 70)):
        with tenancy.scope(merchant_id=shop.merchant_id):
            settle_work(
                merchant_id=shop.merchant_id,
                parcel=parcel,
                said=Said(outcome="ok", code="SUC", document={"member": {"point": points}}),
                jitter_thousandths=0,
                now=late,
            )

    assert stale.id == fresh.id
    assert taken_over(shop, number) == [100, -10]
    with tenancy.scope(merchant_id=shop.merchant_id):
        standing = StandingBehind.objects.of_merchant(shop.merchant_id).get()
        assert (standing.points, standing.asked, standing.answered) == (90, 1, 1)


@pytest.mark.parametrize(
    "member",
    [{"point": "many"}, {"point": 10**15}, {"point": True}, {"point": None}, {"level": "2"}],
)
def test_what_makes_no_sense_is_not_taken_over(shop: Shop, side: Simulated, member: Any) -> None:
    number = phone()
    side.members[number] = {"point": 5, "level": "x" * 99}
    bind(shop, number)
    side.members[number] = member

    send(shop)

    assert taken_over(shop, number) == [5]
    (card,) = member_of(shop, number).cards
    assert card.tier == ""
    with tenancy.scope(merchant_id=shop.merchant_id):
        states = Operation.objects.of_merchant(shop.merchant_id).order_by("id")
        assert list(states.values_list("state", "code"))[1] == ("refused", "no_standing")

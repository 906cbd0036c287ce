"""Points move on a second word; records are joined, given out and forgotten for a reason."""

from __future__ import annotations

import json
from datetime import date

import pytest

from santong.console.tests.desk import Desk, Shop, open_shop
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, make_programme

PHONE = "15412345678"


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def member(shop: Shop) -> membership.Member:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        programme = make_programme(merchant_id=merchant_id)
        membership.publish_terms(
            merchant_id=merchant_id,
            programme_code=programme.code,
            terms=membership.Terms(),
            reason="opening",
            now=NOW,
        )
        return membership.join(
            merchant_id=merchant_id,
            programme_code=programme.code,
            identifiers=[customers.Identifier("phone", PHONE)],
            profile=customers.Profile(name="钱多多"),
            source=membership.JoinSource(kind="console"),
            now=NOW,
        ).member


def points_of(shop: Shop, member: membership.Member) -> int:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        shown = membership.points_shown(
            merchant_id=shop.world.merchant_id, member_ids=[member.id], now=NOW
        )
        return shown[member.id].available


def ask(desk: Desk, member: membership.Member, points: str = "120") -> tuple[int, str]:
    return desk.send(
        f"/console/members/{member.id}/correct/",
        programme=member.cards[0].programme_code,
        way="give",
        points=points,
        reason="the till was down",
    )


def request_id(shop: Shop) -> int:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (found,) = membership.requests_page(
            merchant_id=shop.world.merchant_id, before_id=2**63 - 1, limit=5
        )
        return found.id


def test_points_move_when_somebody_else_says_yes(shop: Shop, member: membership.Member) -> None:
    status, asked = ask(shop.desk("customer_service"), member)
    before = points_of(shop, member)
    finance = shop.desk("finance")

    _, listed = finance.open("/console/requests/")
    _, done = finance.send(
        f"/console/requests/{request_id(shop)}/approve/", reason="seen the receipt"
    )

    assert status == 200
    assert "Another person decides" in asked
    assert before == 0
    assert "the till was down" in listed
    assert "The points have moved" in done
    assert points_of(shop, member) == 120


def test_whoever_asked_may_not_decide(shop: Shop, member: membership.Member) -> None:
    head = shop.desk("head_office")
    ask(head, member)

    status, text = head.send(f"/console/requests/{request_id(shop)}/approve/", reason="sure")

    assert status in {403, 409}
    assert "the till was down" in text
    assert points_of(shop, member) == 0


def test_a_rejected_request_moves_nothing(shop: Shop, member: membership.Member) -> None:
    ask(shop.desk("customer_service"), member)

    _, text = shop.desk("finance").send(
        f"/console/requests/{request_id(shop)}/reject/", reason="no receipt"
    )

    assert "Nothing has moved" in text
    assert points_of(shop, member) == 0


@pytest.mark.parametrize("points", ["", "0", "-5", "ten", "99999999999999"])
def test_nonsense_is_refused_and_kept_in_the_form(
    shop: Shop, member: membership.Member, points: str
) -> None:
    status, text = ask(shop.desk("customer_service"), member, points)

    assert status == 422
    assert "A field is wrong" in text


def test_all_that_is_known_is_given_as_a_file_for_a_reason(
    shop: Shop, member: membership.Member
) -> None:
    desk = shop.desk("customer_service")
    path = f"/console/members/{member.id}/export/"

    refused, _ = desk.send(path, reason="")
    answer = desk.client.post(path, {"key": "export-1", "reason": "asked in writing"})

    assert refused == 422
    assert answer["Content-Disposition"].startswith("attachment")
    assert "+8615412345678" in answer.content.decode()
    assert "customers" in json.loads(answer.content)


def test_a_person_is_forgotten_once_the_number_is_typed(
    shop: Shop, member: membership.Member
) -> None:
    desk = shop.desk("customer_service")
    path = f"/console/members/{member.id}/erase/"

    status, _ = desk.send(path, reason="asked in writing", confirmation="yes")
    _, still = desk.open(f"/console/members/{member.id}/")
    _, gone = desk.send(path, reason="asked in writing", confirmation=member.number)

    assert status == 422
    assert "154****5678" in still
    assert "This person is forgotten" in gone
    assert "154****5678" not in gone
    assert "Nobody has this number" in desk.send("/console/members/search/", number=PHONE)[1]


def test_two_records_are_compared_and_joined_on_somebodys_word(shop: Shop) -> None:
    merchant_id = shop.world.merchant_id
    profile = customers.Profile(
        name="欧阳静好",
        birthday=date(1988, 2, 29),
        province="浙江省",
        city="杭州市",
        address="测试路 18 号 2 幢 301 室",
    )
    with tenancy.scope(merchant_id=merchant_id):
        for phone in ("15410005551", "15410005552"):
            customers.resolve(
                merchant_id=merchant_id,
                identifiers=[customers.Identifier("phone", phone)],
                profile=profile,
                source="till",
                now=NOW,
            )
    customers.propose_matches(merchant_id=merchant_id, now=NOW)
    with tenancy.scope(merchant_id=merchant_id):
        (match,) = customers.matches_page(merchant_id=merchant_id)
    desk = shop.desk("customer_service")

    _, shown = desk.open("/console/matches/")
    status, _ = desk.send(f"/console/matches/{match.id}/accept/", reason="")
    _, joined = desk.send(f"/console/matches/{match.id}/accept/", reason="one voice")

    assert "154****5551" in shown
    assert "欧阳静好" not in shown
    assert "What speaks for it" in shown
    assert status == 422
    assert "They are one person" in joined
    assert "No records wait" in joined

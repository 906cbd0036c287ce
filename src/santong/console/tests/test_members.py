"""Head office, a brand and a store each see their own members, and nobody in clear text."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from santong.console.tests.desk import Desk, Shop, open_shop
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, account, make_programme, make_shop
from santong.routing.tests.factories import World
from santong.stores import public as stores

PHONE = "15412345678"


@dataclass(frozen=True, slots=True)
class Club:
    """A programme whose only member was won at the first store, and is bound to an account."""

    shop: Shop
    member: membership.Member
    binding: membership.Binding

    def path(self, part: str = "") -> str:
        return f"/console/members/{self.member.id}/{part}"

    def find(self, desk: Desk, number: str) -> tuple[int, str]:
        return desk.send("/console/members/search/", number=number)


@pytest.fixture
def club(merchant: int) -> Club:
    shop = open_shop(merchant)
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        storefront = make_shop(merchant_id=merchant, programme=programme)
        place = next(iter(_places(shop.world)))
        member = membership.join(
            merchant_id=merchant,
            programme_code=programme.code,
            identifiers=[customers.Identifier("phone", PHONE)],
            profile=customers.Profile(name="钱多多", address="测试大道 8 号"),
            source=membership.JoinSource(kind="till", location_code=place.code),
            now=NOW,
        ).member
        bound = membership.bind(
            merchant_id=merchant,
            storefront_code=storefront,
            phone=PHONE,
            identities=[account()],
            now=NOW,
        )
    return Club(shop, member, bound.binding)


def _places(world: World) -> list[stores.Location]:
    return stores.locations_page(merchant_id=world.merchant_id, search="", limit=2)


def place_ids(club: Club) -> list[int]:
    with tenancy.scope(merchant_id=club.shop.world.merchant_id):
        return [place.id for place in _places(club.shop.world)]


@pytest.mark.parametrize("number", [PHONE, "+86 154-1234-5678"])
def test_a_whole_number_finds_the_member_and_opens_the_page(club: Club, number: str) -> None:
    desk = club.shop.desk("head_office")

    status, text = club.find(desk, number)

    assert status == 200
    assert "154****5678" in text
    assert "Overview" in text
    assert PHONE not in text
    assert "钱多多" not in text


def test_a_member_and_a_card_number_find_them_too(club: Club) -> None:
    desk = club.shop.desk("head_office")

    for number in (club.member.number, club.member.cards[0].number):
        assert "Overview" in club.find(desk, number)[1]
    assert "Nobody has this number" in club.find(desk, PHONE[:-1])[1]
    assert "Nobody has this number" in club.find(desk, "")[1]


def test_a_store_finds_by_number_and_opens_only_whom_it_has_won(club: Club) -> None:
    first, second = place_ids(club)
    winner = club.shop.desk("clerk", at=first)
    other = club.shop.desk("clerk", at=second)

    _, listed = winner.open("/console/members/")

    assert "Type the whole number" in listed
    assert club.member.number not in listed
    assert winner.open(club.path())[0] == 200
    assert other.open(club.path())[0] == 404
    assert club.member.number in club.find(other, PHONE)[1]


def test_clear_text_takes_a_reason_and_is_shown_once(club: Club) -> None:
    desk = club.shop.desk("customer_service")

    refused, _ = desk.send(club.path("reveal/"), reason="")
    status, shown = desk.send(club.path("reveal/"), reason="the buyer called")
    _, later = desk.open(club.path())

    assert refused == 422
    assert status == 200
    assert "钱多多" in shown
    assert "+8615412345678" in shown
    assert "钱多多" not in later
    assert "the buyer called" in desk.open(club.path("timeline/"))[1]


def test_whoever_may_not_see_clear_text_is_not_offered_it(club: Club) -> None:
    desk = club.shop.desk("finance")

    _, text = desk.open(club.path())
    status, answer = desk.send(club.path("reveal/"), reason="curious")

    assert "Show in clear text" not in text
    assert status == 403
    assert "钱多多" not in answer


def test_an_account_is_unbound_for_a_reason_and_stays_in_the_history(club: Club) -> None:
    desk = club.shop.desk("customer_service")
    path = club.path(f"accounts/{club.binding.id}/unbind/")

    status, _ = desk.send(path, reason="")
    _, text = desk.send(path, reason="sold the phone")

    assert status == 422
    assert "The account is no longer bound" in text
    assert "unbound" in text
    assert "sold the phone" in desk.open(club.path("timeline/"))[1]


def test_a_member_leaves_and_comes_back(club: Club) -> None:
    desk = club.shop.desk("head_office")

    _, left = desk.send(club.path("close/"), reason="asked by letter")
    _, back = desk.send(club.path("reopen/"), reason="changed their mind")

    assert "The member has left all programmes" in left
    assert "has left" in left
    assert "The member is back" in back
    assert "active" in back


def test_a_merge_is_told_and_undone(club: Club) -> None:
    merchant_id = club.shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        other = customers.resolve(
            merchant_id=merchant_id,
            identifiers=[customers.Identifier("email", "qian@mail.invalid")],
            profile=None,
            source="test",
            now=NOW,
        )
        merge = customers.merge(
            merchant_id=merchant_id,
            first_id=club.member.person_id,
            second_id=other.person_id,
            reason="seen together",
            now=NOW,
        )
    desk = club.shop.desk("customer_service")

    _, before = desk.open(club.path("identity/"))
    _, after = desk.send(club.path(f"merges/{merge.id}/undo/"), reason="two sisters")
    elsewhere, _ = desk.send(club.path("merges/999999/undo/"), reason="x")

    assert "q***@mail.invalid" in before
    assert "seen together" in before
    assert "two persons again" in after
    assert "q***@mail.invalid" not in after
    assert elsewhere == 404

"""A member uses what brings them something at once, alone and once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.benefits import public as benefits
from santong.benefits.tests.factories import make_coupon
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.storefront.tests.factories import Buyer, Shop, first_member, publish, text_of

AtOnce = Callable[..., list[Any]]

NOW = datetime.now(UTC)
TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="base", name="普通", threshold=0),
        membership.Tier(code="silver", name="银卡", threshold=1_000),
        membership.Tier(code="gold", name="金卡", threshold=5_000),
    ),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
)


@pytest.fixture
def member(buyer: Buyer) -> Buyer:
    """Somebody who is in, in a programme with tiers."""
    publish(buyer.shop, TERMS)
    buyer.join()
    return buyer


def take(shop: Shop, kind: Any, terms: dict[str, object] | None, **about: Any) -> benefits.Coupon:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return make_coupon(
            merchant_id=shop.merchant_id,
            member_id=first_member(shop).id,
            kind=kind,
            terms=terms,
            now=datetime.now(UTC),
            **about,
        )


def points_coupon(shop: Shop, points: int = 1_500) -> benefits.Coupon:
    return take(shop, "points", {"pool_code": shop.programme.pool_code, "points": points})


def tier_card(shop: Shop, tier: str = "gold") -> benefits.Coupon:
    return take(shop, "experience_card", {"tier": tier, "days": 30})


def use(buyer: Buyer, coupon: benefits.Coupon, key: str = "tap") -> Any:
    return buyer.send(f"wallet/{coupon.id}/use/", key=key)


def points_of(shop: Shop) -> int:
    member_id = first_member(shop).id
    with tenancy.scope(merchant_id=shop.merchant_id):
        return membership.points_shown(
            merchant_id=shop.merchant_id, member_ids=[member_id], now=datetime.now(UTC)
        )[member_id].available


def state_of(shop: Shop, coupon: benefits.Coupon) -> str:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return benefits.coupon_by_id(merchant_id=shop.merchant_id, coupon_id=coupon.id).state


def test_points_come_with_one_tap_and_the_page_says_how_many(member: Buyer) -> None:
    coupon = points_coupon(member.shop)
    page = member.open(f"wallet/{coupon.id}/").content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]

    answer = use(member, coupon, key)
    after = member.text(f"wallet/{coupon.id}/")

    assert "Use this coupon now" in page
    assert answer["Location"] == member.shop.path(f"wallet/{coupon.id}/")
    assert "1,500 points have come to your account." in after
    assert "Use this coupon now" not in after
    assert points_of(member.shop) == 1_500
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        last = benefits.events_of(merchant_id=member.shop.merchant_id, coupon_id=coupon.id)[-1]
    assert (last.kind, last.channel, last.location_id) == ("redeemed", "online", None)


def test_a_tier_is_lent_and_the_page_says_until_when(member: Buyer) -> None:
    coupon = tier_card(member.shop)

    use(member, coupon)
    after = member.text(f"wallet/{coupon.id}/")

    card = first_member(member.shop).cards[0]
    assert card.tier == "gold"
    assert card.tier_until is not None
    assert timedelta(days=29) < card.tier_until - datetime.now(UTC) <= timedelta(days=30)
    assert re.search(r"It brought you 金卡 until \w[^.]+\.", after)


@pytest.mark.parametrize("key", ["", "tap"])
def test_the_second_tap_leads_where_the_first_did(member: Buyer, key: str) -> None:
    coupon = points_coupon(member.shop)

    first, second = (use(member, coupon, key) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert points_of(member.shop) == 1_500


def test_a_coupon_that_was_used_in_another_window_says_so(member: Buyer) -> None:
    coupon = points_coupon(member.shop)
    use(member, coupon)

    answer = use(member, coupon, "another window")

    assert answer.status_code == 409
    assert "The coupon was used, has expired or was taken back" in text_of(answer)
    assert "1,500 points have come to your account." in text_of(answer)
    assert points_of(member.shop) == 1_500


def test_a_tier_that_is_not_higher_is_refused_in_words_and_the_card_is_kept(
    member: Buyer,
) -> None:
    first, lower, same = (tier_card(member.shop, tier) for tier in ("gold", "silver", "gold"))
    use(member, first)

    answers = [use(member, each) for each in (lower, same)]

    assert [each.status_code for each in answers] == [422, 422]
    assert all(
        "You have this tier or a higher one already. Keep this card for later." in text_of(each)
        for each in answers
    )
    assert [state_of(member.shop, each) for each in (lower, same)] == ["issued", "issued"]


def test_two_tiers_are_not_tried_at_once(member: Buyer) -> None:
    lower, higher = tier_card(member.shop, "silver"), tier_card(member.shop, "gold")
    use(member, lower)

    answer = use(member, higher)

    assert answer.status_code == 409
    assert "You are trying a tier already." in text_of(answer)
    assert first_member(member.shop).cards[0].tier == "silver"
    assert state_of(member.shop, higher) == "issued"


def test_a_frozen_coupon_is_refused_in_words(member: Buyer) -> None:
    coupon = points_coupon(member.shop)
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        benefits.freeze(
            merchant_id=member.shop.merchant_id,
            coupon_id=coupon.id,
            reason="looked into",
            key="freeze",
            now=datetime.now(UTC),
        )

    offered = member.text(f"wallet/{coupon.id}/")
    answer = use(member, coupon)

    assert "Use this coupon now" not in offered
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert points_of(member.shop) == 0


@pytest.mark.parametrize("kind", ["cash", "red_packet"])
def test_what_belongs_at_a_till_is_not_used_here(member: Buyer, kind: str) -> None:
    coupon = take(member.shop, kind, None)

    offered = member.text(f"wallet/{coupon.id}/")
    answer = use(member, coupon)

    assert "Use this coupon now" not in offered
    assert answer.status_code == 404
    assert state_of(member.shop, coupon) == "issued"


def test_nobody_uses_another_members_coupon(member: Buyer) -> None:
    coupon = points_coupon(member.shop)
    other = Buyer(member.shop)
    other.join()

    answers = [other.send(f"wallet/{each}/use/", key="k") for each in (coupon.id, 0, "x", 2**63)]

    assert [each.status_code for each in answers] == [404] * 4
    assert state_of(member.shop, coupon) == "issued"


def test_a_form_from_elsewhere_uses_nothing(member: Buyer) -> None:
    coupon = points_coupon(member.shop)
    forged = Client(enforce_csrf_checks=True)
    forged.cookies["santong_member"] = member.client.cookies["santong_member"].value

    answer = forged.post(member.shop.path(f"wallet/{coupon.id}/use/"), {"key": "k"})

    assert answer.status_code == 403
    assert member.open(f"wallet/{coupon.id}/use/").status_code == 405
    assert state_of(member.shop, coupon) == "issued"


def test_a_key_that_names_somebody_is_refused(member: Buyer) -> None:
    coupon = points_coupon(member.shop)

    answer = use(member, coupon, "13812345678")

    assert answer.status_code == 422
    assert state_of(member.shop, coupon) == "issued"


@pytest.mark.parametrize(("keys", "refused"), [(["one"] * 6, 0), (list("abcdef"), 5)])
def test_six_taps_at_once_bring_the_points_once(
    member: Buyer, at_once: AtOnce, keys: list[str], refused: int
) -> None:
    coupon = points_coupon(member.shop)
    cookie = member.client.cookies["santong_member"].value

    def tap(key: str) -> Callable[[], int]:
        client = Client(headers={"accept-language": "en"})
        client.cookies["santong_member"] = cookie
        path = member.shop.path(f"wallet/{coupon.id}/use/")
        return lambda: int(client.post(path, {"key": key}).status_code)

    answers = at_once(*[tap(key) for key in keys])

    assert sorted(answers) == [302] * (6 - refused) + [409] * refused
    assert points_of(member.shop) == 1_500
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        steps = benefits.events_of(merchant_id=member.shop.merchant_id, coupon_id=coupon.id)
        assert [each.kind for each in steps].count("redeemed") == 1
        assert benefits.check_invariants(merchant_id=member.shop.merchant_id, now=NOW) == []


def test_six_taps_at_once_lend_the_tier_once(member: Buyer, at_once: AtOnce) -> None:
    first, second = tier_card(member.shop), tier_card(member.shop)
    cookie = member.client.cookies["santong_member"].value

    def tap(coupon: benefits.Coupon) -> Callable[[], int]:
        client = Client()
        client.cookies["santong_member"] = cookie
        path = member.shop.path(f"wallet/{coupon.id}/use/")
        return lambda: int(client.post(path, {"key": f"k{coupon.id}"}).status_code)

    answers = at_once(*[tap(each) for each in (first, second) * 3])

    states = sorted(state_of(member.shop, each) for each in (first, second))
    assert sorted(answers) == [302] * 3 + [422] * 3
    assert states == ["issued", "redeemed"]
    assert first_member(member.shop).cards[0].tier == "gold"


def supplied(shop: Shop, kind: str, **about: Any) -> benefits.Supply:
    """A supplier's film tickets: codes that were brought in, or asked for one by one."""
    merchant_id = shop.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        supplier = benefits.create_supplier(
            merchant_id=merchant_id, code=kind, name="影城", now=NOW
        )
        return benefits.create_supply(
            merchant_id=merchant_id,
            code=kind,
            name="影票",
            kind=kind,  # type: ignore[arg-type]
            supplier_id=supplier.id,
            now=NOW,
            **about,
        )


def test_a_suppliers_code_is_what_a_member_shows(member: Buyer) -> None:
    merchant_id = member.shop.merchant_id
    stocked = supplied(member.shop, "codes")
    asked = supplied(member.shop, "api", product="film", adapter="none")
    with tenancy.scope(merchant_id=merchant_id):
        benefits.import_codes(
            merchant_id=merchant_id,
            supply_id=stocked.id,
            content=b"code\nFILM-0001",
            file_name="codes.csv",
            key="codes",
            now=NOW,
        )
    here, on_its_way = (
        take(member.shop, "third_party_code", None, supply_id=supply.id, total=1)
        for supply in (stocked, asked)
    )
    with tenancy.scope(merchant_id=merchant_id):
        own = benefits.shown(merchant_id=merchant_id, coupon_id=here.id).code

    shown = member.text(f"wallet/{here.id}/")

    assert "FILM-0001" in shown
    assert own not in shown
    assert "Its code is on the way" in member.text(f"wallet/{on_its_way.id}/")

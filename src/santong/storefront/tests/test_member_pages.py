"""Card, points, wallet and consents, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from santong.benefits import public as benefits
from santong.benefits.tests.factories import ANOTHER, make_batch, make_coupon
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.storefront.tests.factories import Buyer, Shop, first_member, publish, text_of

NOW = datetime.now(UTC)
LADDER = (
    membership.Tier(code="base", name="普通", threshold=0),
    membership.Tier(code="silver", name="银卡", threshold=1_000, points_percent=120),
    membership.Tier(code="gold", name="金卡", threshold=5_000, points_percent=150),
)
TERMS = membership.Terms(
    tiers=LADDER,
    rules=(
        membership.AccrualRule(code="yuan", points=1, per_minor=100),
        membership.AccrualRule(code="growth", asset="experience", points=1, per_minor=100),
    ),
    maturity=membership.MaturityTerms(pending_days=7),
)


@pytest.fixture
def member(buyer: Buyer) -> Buyer:
    """Somebody who is in, in a programme with tiers."""
    publish(buyer.shop, TERMS)
    buyer.join()
    return buyer


def buy(shop: Shop, yuan: int, *, days_ago: int = 0, key: str = "p") -> None:
    bought_at = datetime.now(UTC) - timedelta(days=days_ago)
    with tenancy.scope(merchant_id=shop.merchant_id):
        membership.accrue(
            merchant_id=shop.merchant_id,
            purchase=membership.Purchase(
                source="till",
                key=f"{key}-{days_ago}-{yuan}",
                member_id=first_member(shop).id,
                programme_code=shop.programme.code,
                bought_at=bought_at,
                currency="CNY",
                lines=(membership.PurchaseLine(1, "shirt", "tops", 1, yuan * 100),),
            ),
            now=datetime.now(UTC),
        )
        membership.mature_due(merchant_id=shop.merchant_id, now=datetime.now(UTC), limit=100)


def take(shop: Shop, **about: Any) -> benefits.Coupon:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return make_coupon(
            merchant_id=shop.merchant_id,
            member_id=first_member(shop).id,
            now=datetime.now(UTC),
            **about,
        )


def running_batch(shop: Shop, **about: Any) -> benefits.Batch:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return make_batch(merchant_id=shop.merchant_id, **about)


def test_the_card_says_the_number_the_tier_and_what_is_missing(member: Buyer) -> None:
    number = first_member(member.shop).cards[0].number
    before = member.text("card/")

    buy(member.shop, 300)
    after = member.text("card/")

    grouped = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    assert grouped in before
    assert "1,000 experience to 银卡" in before
    assert "700 experience to 银卡 · 300 now" in after


def test_a_tier_says_until_when_it_is_kept_and_what_keeps_it(member: Buyer) -> None:
    buy(member.shop, 1_500)

    page = member.text("card/")

    assert "银卡" in page
    assert "3,500 experience to 金卡" in page
    assert "Yours until" in page


def test_the_highest_tier_has_nothing_above_it(member: Buyer) -> None:
    buy(member.shop, LADDER[-1].threshold)

    assert "You have reached the highest tier." in member.text("card/")


def test_points_wait_come_and_end(member: Buyer) -> None:
    buy(member.shop, 30)
    buy(member.shop, 70, days_ago=20)

    page = member.text("points/")

    assert "You can use 70 points" in page
    assert "30 more are on their way" in page
    assert "70 points can be used until" in page
    assert "Purchase, after the time for returns" in page


def test_entries_come_page_by_page_each_once(member: Buyer) -> None:
    for number in range(23):
        buy(member.shop, 10 + number, days_ago=10, key="many")

    first = member.open("points/")
    cursor = first.content.decode().split("cursor=")[1].split('"')[0]
    rest = text_of(
        member.client.get(
            member.shop.path("points/"), {"cursor": cursor}, headers={"HX-Request": "true"}
        )
    )

    amounts = {f"+{10 + number}" for number in range(23)}
    shown = {amount for amount in amounts if amount in text_of(first)}
    assert len(shown) == 20
    assert {amount for amount in amounts if amount in rest} == amounts - shown
    assert "Older" not in rest


@pytest.mark.parametrize("cursor", ["nonsense", "LTE", "AA"])
def test_a_cursor_that_is_none_is_refused(member: Buyer, cursor: str) -> None:
    assert member.open("points/", cursor=cursor).status_code == 422
    assert member.open("wallet/", cursor=cursor).status_code == 422


def test_the_wallet_has_what_can_be_used_and_what_was(member: Buyer) -> None:
    good, used = take(member.shop), take(member.shop)
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        benefits.redeem(
            merchant_id=member.shop.merchant_id,
            coupon_id=used.id,
            amount_minor=2_000,
            channel="till",
            key="used",
            now=datetime.now(UTC),
        )

    lost = take(member.shop)
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        benefits.void(
            merchant_id=member.shop.merchant_id,
            coupon_id=lost.id,
            reason="wrong",
            key="lost",
            now=datetime.now(UTC),
        )

    to_use, over = member.open("wallet/"), member.open("wallet/", show="used")
    lost_page = member.open("wallet/", show="over").content.decode()

    assert f"/wallet/{good.id}/" in to_use.content.decode()
    assert f"/wallet/{used.id}/" not in to_use.content.decode()
    assert f"/wallet/{used.id}/" in over.content.decode()
    assert "used" in text_of(over)
    assert f"/wallet/{lost.id}/" not in to_use.content.decode() + over.content.decode()
    assert f"/wallet/{lost.id}/" in lost_page
    assert f"/wallet/{used.id}/" not in lost_page


def test_a_coupon_shows_its_code_until_it_is_used(member: Buyer) -> None:
    coupon = take(member.shop)
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        code = benefits.shown(merchant_id=member.shop.merchant_id, coupon_id=coupon.id).code
    before = member.text(f"wallet/{coupon.id}/")
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        benefits.redeem(
            merchant_id=member.shop.merchant_id,
            coupon_id=coupon.id,
            amount_minor=2_000,
            channel="till",
            key="used",
            now=datetime.now(UTC),
        )

    assert code in before
    assert code not in member.text(f"wallet/{coupon.id}/")


def test_nobody_sees_another_members_coupon(member: Buyer) -> None:
    other = Buyer(member.shop)
    coupon = take(member.shop)
    other.join()

    answers = [other.open(f"wallet/{number}/") for number in (coupon.id, 0, "x", 2**63)]

    assert [each.status_code for each in answers] == [404] * 4
    assert other.text("wallet/").count("voucher") == 0


def test_a_coupon_is_taken_by_a_link_once_however_often_it_is_tapped(member: Buyer) -> None:
    batch = running_batch(member.shop, per_member=1)

    page = member.open(f"claim/{batch.code}/")
    key = page.content.decode().split('name="key" value="')[1].split('"')[0]
    first = member.send(f"claim/{batch.code}/", key=key)
    again = member.send(f"claim/{batch.code}/", key=key)
    another = member.send(f"claim/{batch.code}/", key="other")

    assert first["Location"] == again["Location"]
    assert "voucher" in member.text("wallet/")
    assert another.status_code == 409
    assert "All have been given out" in text_of(another)


def test_a_stranger_who_follows_a_link_joins_and_comes_back_to_it(buyer: Buyer) -> None:
    batch = running_batch(buyer.shop)

    door = buyer.open(f"claim/{batch.code}/")
    buyer.send("log-in/", phone=buyer.phone, next=buyer.shop.path(f"claim/{batch.code}/"))
    buyer.type_code()
    joined = buyer.agree()

    assert door["Location"].startswith(buyer.shop.path("log-in/?next="))
    assert joined["Location"] == buyer.shop.path(f"claim/{batch.code}/")
    assert "Take it" in text_of(buyer.client.get(joined["Location"]))


def test_an_offer_that_has_not_begun_or_is_over_says_so(member: Buyer) -> None:
    now = datetime.now(UTC)
    early = running_batch(member.shop, opens_at=now + timedelta(days=1))
    over = running_batch(member.shop, closes_at=now - timedelta(minutes=1))

    assert "You can take it from" in member.text(f"claim/{early.code}/")
    assert "This offer is over." in member.text(f"claim/{over.code}/")
    assert member.send(f"claim/{early.code}/", key="k").status_code == 409
    assert member.open("claim/nothing-like-it/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "terms", "words"),
    [
        ("spend_and_save", {"threshold_minor": 30_000, "off_minor": 5_050}, "¥50.50 from ¥300 on"),
        ("percent", {"off_basis_points": 1_250}, "12.5% off on everything"),
        ("cash", {"value_minor": 2_000}, "¥20 voucher"),
        ("parking", {"minutes": 90}, "90 min parking"),
        ("parking", {"minutes": 60}, "1 h parking"),
        ("gift", {"sku_code": "MUG", "quantity": 2}, "gift 2 pieces"),
        ("experience_card", {"tier": "gold", "days": 30}, "30 days tier to try"),
        ("service", {"service": "修改裤长"}, "修改裤长 service"),
        ("points", {"pool_code": "{pool}", "points": 1_500}, "1,500 points"),
    ],
)
def test_what_a_coupon_is_worth_stands_on_it(
    member: Buyer, kind: str, terms: dict[str, object], words: str
) -> None:
    pool = member.shop.programme.pool_code
    here = {
        name: value.format(pool=pool) if isinstance(value, str) else value
        for name, value in terms.items()
    }
    with tenancy.scope(merchant_id=member.shop.merchant_id):
        batch = _batch_of(member.shop.merchant_id, kind, here)
    take(member.shop, batch=batch)

    assert words in member.text("wallet/")


def test_china_says_what_is_left_to_pay(shop: Shop) -> None:
    here = Buyer(shop, language="zh-hans")
    here.join()
    with tenancy.scope(merchant_id=shop.merchant_id):
        batch = _batch_of(shop.merchant_id, "percent", {"off_basis_points": 1_500})
    take(shop, batch=batch)

    assert "8.5 折" in here.text("wallet/")


def _batch_of(merchant_id: int, kind: str, terms: dict[str, object]) -> benefits.Batch:
    """A running batch of a kind with these terms."""
    now = datetime.now(UTC)
    benefit = benefits.create_benefit(
        merchant_id=merchant_id,
        code=f"benefit-{kind}",
        name="一张券",
        kind=kind,  # type: ignore[arg-type]  # one of the words of the type
        terms=terms,
        currency="CNY",
        now=now,
    )
    drafted = benefits.draft_batch(
        merchant_id=merchant_id,
        benefit_id=benefit.id,
        code=f"batch-{kind}",
        name="一批券",
        limits=benefits.Limits(total=10),
        window=benefits.ClaimWindow(opens_at=now),
        validity=benefits.Validity(days=30),
        now=now,
    )
    with tenancy.acting_as(ANOTHER):
        benefits.approve_batch(merchant_id=merchant_id, batch_id=drafted.id, now=now)
    return benefits.activate_batch(merchant_id=merchant_id, batch_id=drafted.id, now=now)


def stands(shop: Shop, purpose: str, channel: str) -> bool:
    person_id = first_member(shop).person_id
    with tenancy.scope(merchant_id=shop.merchant_id):
        return customers.may_contact(
            merchant_id=shop.merchant_id,
            person_ids=[person_id],
            purpose=purpose,  # type: ignore[arg-type]  # one of the words of the type
            channel=channel,  # type: ignore[arg-type]  # as above
            now=datetime.now(UTC),
        )[person_id]


def test_a_consent_is_given_and_taken_back_with_one_form_each(member: Buyer) -> None:
    before = stands(member.shop, "marketing", "email")
    given = member.send("consents/", topic="marketing.email", on="on")
    after_giving = stands(member.shop, "marketing", "email")
    taken = member.send("consents/", topic="marketing.email")

    assert (before, after_giving) == (False, True)
    assert not stands(member.shop, "marketing", "email")
    assert given["Location"] == taken["Location"] == member.shop.path("consents/")
    assert "Offers by e-mail" in member.text("consents/")
    assert "taken back" in member.text("consents/")


def test_a_topic_that_is_not_offered_cannot_be_switched(member: Buyer) -> None:
    answers = [
        member.send("consents/", topic=topic, on="on") for topic in ("", "sharing", "marketing.fax")
    ]

    assert [each.status_code for each in answers] == [422] * 3


def test_my_page_shows_the_phone_masked(member: Buyer) -> None:
    page = member.text("mine/")

    assert f"{member.phone[:3]}****{member.phone[-4:]}" in page
    assert member.phone not in page
    assert "You are logged in on 1 device." in page


def test_a_card_is_shown_with_the_face_of_its_programme(member: Buyer) -> None:
    shop = member.shop
    before = member.client.get(f"/m/{shop.code}/card/").content.decode()
    with tenancy.scope(merchant_id=shop.merchant_id):
        membership.set_card_face(
            merchant_id=shop.merchant_id,
            programme_code=shop.programme.code,
            card_name="春晓",
            face=membership.CardFace(
                ground="#fff4d6", ink="#3b2a00", picture="/static/crane.svg", picture_alt="仙鹤"
            ),
            now=NOW,
        )

    after = member.client.get(f"/m/{shop.code}/card/").content.decode()
    style = member.client.get(f"/m/{shop.code}/faces.css")

    name = f"face-{shop.programme.id}"
    assert "faces.css" not in before
    assert f'class="face face-own {name}"' in after
    assert f'href="/m/{shop.code}/faces.css"' in after
    assert '<img class="picture" src="/static/crane.svg" alt="仙鹤">' in after
    assert "春晓" in after
    assert "style=" not in after
    assert style["Content-Type"] == "text/css; charset=utf-8"
    assert style.content.decode() == f".{name} {{ color: #3b2a00; background: #fff4d6; }}\n"

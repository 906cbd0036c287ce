"""A programme is opened, drafted, tried on past orders and published, with words at the field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from santong.console.forms.terms import fields_of, terms_of_fields
from santong.console.tests.desk import Desk, Shop, open_shop
from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.tests.factories import NOW, make_member, make_programme
from santong.merchants.tests.factories import make_brand
from santong.routing.tests.factories import new_order, promise

WITH_TIERS = membership.Terms(
    tiers=(
        membership.Tier(code="base", name="普通", threshold=0),
        membership.Tier(code="gold", name="金卡", threshold=5_000, points_percent=150),
    ),
    rules=(
        membership.AccrualRule(code="yuan", points=1, per_minor=100),
        membership.AccrualRule(code="growth", asset="experience", points=1, per_minor=100),
    ),
)


def buy(merchant_id: int, member: membership.Member, key: str, minor: int) -> membership.Accrued:
    purchase = membership.Purchase(
        source="till",
        key=key,
        member_id=member.id,
        programme_code=member.cards[0].programme_code,
        bought_at=NOW,
        currency="CNY",
        lines=(membership.PurchaseLine(1, "shirt", "tops", 1, minor),),
    )
    return membership.accrue(merchant_id=merchant_id, purchase=purchase, now=NOW)


def member_of(merchant_id: int) -> tuple[membership.Programme, membership.Member]:
    """A member of a programme that gives by these terms."""
    programme = make_programme(merchant_id=merchant_id)
    membership.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=WITH_TIERS,
        reason="opening",
        now=NOW,
    )
    return programme, make_member(merchant_id=merchant_id, programme=programme).member


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5)


@pytest.fixture
def programme(shop: Shop) -> membership.Programme:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return make_programme(merchant_id=shop.world.merchant_id)


def versions(shop: Shop, programme: membership.Programme) -> list[membership.PublishedTerms]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return membership.terms_page(
            merchant_id=shop.world.merchant_id,
            programme_id=programme.id,
            before_id=2**63 - 1,
            limit=10,
        )


def send(desk: Desk, programme: membership.Programme, step: str, **changed: str) -> tuple[int, str]:
    form = fields_of(WITH_TIERS) | {"reason": "the year begins", "days": "90", "percent": "80"}
    form |= {name.replace("__", "."): text for name, text in changed.items()}
    return desk.send(f"/console/programmes/{programme.id}/draft/{step}/", **form)


def test_a_form_says_exactly_the_terms_that_it_was_filled_from() -> None:
    rule = replace(
        WITH_TIERS.rules[0],
        conditions=membership.Conditions(
            channels=("till", "h5"), weekdays=(5, 6), birthday="month", amount_minor_min=10_000
        ),
        caps=membership.Caps(per_day=500),
        priority=3,
    )
    terms = replace(
        WITH_TIERS,
        rules=(rule, *WITH_TIERS.rules[1:]),
        expiry=membership.ExpiryTerms(kind="end_of_year", reminder_days=(60, 7)),
        claw_back="negative",
    )

    assert terms_of_fields(fields_of(terms), standing=terms) == terms


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("burn.max_percent", "ten"),
        ("tiers.1.threshold", ""),
        ("expiry.kind", "sometimes"),
        ("expiry.on", "2026-13-01"),
        ("rules.0.weekdays", "1, x"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(name: str, text: str) -> None:
    fields = fields_of(WITH_TIERS) | {name: text}

    with pytest.raises(FieldInvalid) as refused:
        terms_of_fields(fields, standing=WITH_TIERS)

    assert refused.value.pointer == f"/{name}"


def test_head_office_opens_a_pool_and_a_brands_programme(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        brand = make_brand(shop.world.merchant_id)
    desk = shop.desk("head_office")

    desk.send("/console/programmes/open-pool/", code="club", name="Club points")
    form = {"brand": str(brand.id), "pool": "club", "code": "silk", "name": "Silk Club"}
    more = {"card_name": "", "card_prefix": "8x", "dormant_after_days": "365"}
    status, refused = desk.send("/console/programmes/open/", **form, **more)
    _, opened = desk.send("/console/programmes/open/", **form, **(more | {"card_prefix": "88"}))

    assert status == 422
    assert "A field is wrong" in refused
    assert "The programme is open" in opened
    assert "Try on past orders" in opened
    _, books = desk.open("/console/liability/?pool=club")
    assert "0 points outstanding" in books


def test_a_draft_is_published_for_a_reason_and_shown(
    shop: Shop, programme: membership.Programme
) -> None:
    desk = shop.desk("head_office")

    status, _ = send(desk, programme, "publish", reason="")
    _, text = send(desk, programme, "publish")

    (published,) = versions(shop, programme)
    assert status == 422
    assert "Version 1 is in force" in text
    assert "金卡" in text
    assert published.terms.tiers == WITH_TIERS.tiers
    assert published.reason == "the year begins"


def test_a_refused_draft_keeps_what_was_typed_and_says_what_a_field_takes(
    shop: Shop, programme: membership.Programme
) -> None:
    desk = shop.desk("head_office")

    status, text = send(desk, programme, "publish", burn__max_percent="120", reason="typed")

    assert status == 422
    assert "between 0 and 100" in text
    assert versions(shop, programme) == []


def test_a_draft_is_tried_on_what_members_bought(shop: Shop) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        programme, member = member_of(merchant_id)
        promise(shop.world, replace(new_order(shop.world), member_reference=member.number))
    desk = shop.desk("head_office")

    _, text = send(desk, programme, "simulate", days="365")

    assert "1 paid order of 1 members" in text
    assert "Points given" in text
    assert "Cost, if 80 of 100 points are used" in text
    assert len(versions(shop, programme)) == 1


def test_without_orders_of_members_the_page_says_so(
    shop: Shop, programme: membership.Programme
) -> None:
    _, text = send(shop.desk("head_office"), programme, "simulate")

    assert "nothing to try the draft on" in text


@pytest.mark.parametrize("role", ["clerk", "finance", "customer_service"])
def test_others_see_programmes_and_change_nothing(
    shop: Shop, programme: membership.Programme, role: str
) -> None:
    desk = shop.desk(role)

    status, text = desk.open(f"/console/programmes/{programme.id}/")

    assert status == 200
    assert "Change what it promises" not in text
    assert desk.open(f"/console/programmes/{programme.id}/draft/")[0] == 403
    assert send(desk, programme, "publish")[0] == 403
    assert versions(shop, programme) == []


def test_points_are_explained_rule_by_rule(shop: Shop) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        _, member = member_of(merchant_id)
        first = buy(merchant_id, member, "p-1", 600_000)
        second = buy(merchant_id, member, "p-2", 10_000)
        membership.claw_back(
            merchant_id=merchant_id,
            source="till",
            key="p-2",
            return_key="r-1",
            quantity_by_line={1: 1},
            now=NOW,
        )
    desk = shop.desk("customer_service")
    path = f"/console/members/{member.id}/points/"

    _, points = desk.open(path)
    _, explained = desk.open(f"{path}{second.id}/")
    elsewhere, _ = desk.open(f"{path}{second.id + 999}/")

    assert first.points == 6_000
    assert "+6,000" in points
    assert "yuan +100" in explained
    assert "金卡 +50" in explained
    assert "Worked out again just now from the terms of that day: the same." in explained
    assert "r-1" in explained
    assert elsewhere == 404


FACE = {"card_name": "Spring", "ground": "#083f33", "ink": "#ffffff"}


def test_a_card_gets_its_face_and_one_that_nobody_could_read_is_refused(
    shop: Shop, programme: membership.Programme
) -> None:
    desk = shop.desk("head_office")
    page = f"/console/programmes/{programme.id}/"
    picture = {"picture": "/static/crane.svg", "picture_alt": "A crane"}

    status, refused = desk.send(f"{page}card/", **(FACE | {"ink": "#14735a"}))
    clerk, _ = shop.desk("clerk").send(f"{page}card/", **FACE)
    _, saved = desk.send(f"{page}card/", **FACE, **picture)

    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (found,) = membership.programmes(merchant_id=shop.world.merchant_id)
        trail = audit.trail_of(
            merchant_id=shop.world.merchant_id, subject="programme", subject_ids=[programme.id]
        )
    assert (status, clerk) == (422, 403)
    assert "a contrast of at least 4.5 to 1. Theirs is 2." in refused
    assert "The card looks so from now on." in saved
    assert (found.card_name, found.face) == (
        "Spring",
        membership.CardFace(ground="#083f33", ink="#ffffff", **picture),
    )
    assert [each.action for each in trail][-1] == "membership.set_card_face"

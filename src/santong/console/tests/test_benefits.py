"""A batch takes its steps with a second person; a coupon is given, and used once, in a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from santong.benefits import public as benefits
from santong.console.tests.desk import Desk, Shop, open_shop
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import make_programme

NOW = datetime.now(UTC)


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def batch(shop: Shop) -> benefits.Batch:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        benefit = benefits.create_benefit(
            merchant_id=merchant_id,
            code="cash-50",
            name="Fifty off",
            kind="cash",
            terms={"value_minor": 5_000},
            currency="CNY",
            now=NOW,
        )
        return benefits.draft_batch(
            merchant_id=merchant_id,
            benefit_id=benefit.id,
            code="autumn",
            name="Autumn fifty",
            limits=benefits.Limits(total=10, per_member=1),
            window=benefits.ClaimWindow(opens_at=NOW - timedelta(days=1)),
            validity=benefits.Validity(days=30),
            now=NOW,
        )


@pytest.fixture
def member(shop: Shop) -> membership.Member:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        return membership.join(
            merchant_id=merchant_id,
            programme_code=make_programme(merchant_id=merchant_id).code,
            identifiers=[customers.Identifier("phone", "15412345678")],
            profile=None,
            source=membership.JoinSource(kind="console"),
            now=NOW,
        ).member


def step(desk: Desk, batch: benefits.Batch, name: str, reason: str = "as planned") -> str:
    return desk.send(f"/console/benefits/{batch.id}/{name}/", reason=reason)[1]


def open_batch(shop: Shop, batch: benefits.Batch) -> None:
    step(shop.desk("finance"), batch, "approve")
    step(shop.desk("head_office"), batch, "activate")


def give(shop: Shop, batch: benefits.Batch, member: membership.Member) -> tuple[int, str]:
    return shop.desk("customer_service").send(
        f"/console/members/{member.id}/give/", batch=str(batch.id)
    )


def code_of(shop: Shop, member: membership.Member) -> str:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        (entry,) = benefits.wallet(merchant_id=merchant_id, member_id=member.id, now=NOW)
        assert entry.code is not None
        return entry.code


def test_a_batch_goes_from_draft_to_its_end(shop: Shop, batch: benefits.Batch) -> None:
    head, finance = shop.desk("head_office"), shop.desk("finance")

    approved = step(finance, batch, "approve")
    active = step(head, batch, "activate")
    refused = step(head, batch, "pause", reason="")
    paused = step(head, batch, "pause")
    ended = step(head, batch, "end")

    assert "Autumn fifty approved" in approved
    assert "Autumn fifty active" in active
    assert "A field is wrong" in refused
    assert "Autumn fifty paused" in paused
    assert "Autumn fifty ended" in ended


def test_who_may_not_take_a_step_is_not_offered_it(shop: Shop, batch: benefits.Batch) -> None:
    clerk = shop.desk("clerk", at=shop.world.near)

    status, text = clerk.open(f"/console/benefits/{batch.id}/")
    answer, _ = clerk.send(f"/console/benefits/{batch.id}/approve/", reason="mine")

    assert status == 200
    assert "Approve" not in text
    assert answer == 403


def test_a_coupon_is_given_within_its_limit(
    shop: Shop, batch: benefits.Batch, member: membership.Member
) -> None:
    open_batch(shop, batch)

    _, given = give(shop, batch, member)
    status, again = give(shop, batch, member)

    assert "The member has it" in given
    assert "Autumn fifty" in given
    assert status == 409
    assert "The member has it" not in again
    assert code_of(shop, member) not in given


def test_a_coupon_is_used_once_where_the_clerk_works(
    shop: Shop, batch: benefits.Batch, member: membership.Member
) -> None:
    open_batch(shop, batch)
    give(shop, batch, member)
    clerk = shop.desk("clerk", at=shop.world.near)
    form = {"code": code_of(shop, member), "amount_minor": "5000"}

    wrong, told = clerk.send("/console/redeem/look/", code="NOT-A-CODE")
    _, found = clerk.send("/console/redeem/look/", code=form["code"])
    elsewhere, _ = clerk.send("/console/redeem/use/", **form, place=str(shop.world.far))
    _, used = clerk.send("/console/redeem/use/", **form, place=str(shop.world.near))
    again, _ = clerk.send("/console/redeem/use/", **form, place=str(shop.world.near))

    assert wrong == 404
    assert "Autumn fifty" not in told
    assert "Autumn fifty" in found
    assert elsewhere == 404
    assert "The coupon is used" in used
    assert again == 409

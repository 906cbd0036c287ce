"""A batch is drafted by one, approved by another, and gives out while it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.contracts import ClaimWindow, Kind, Limits, Validity
from santong.benefits.events import BatchChanged
from santong.benefits.selectors.limits import given_of, slots_of
from santong.benefits.tests.factories import (
    ANOTHER,
    NOW,
    facts_told,
    make_batch,
    make_benefit,
    make_coupon,
    make_draft,
)
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch

STEPS: dict[str, Callable[..., benefits.Batch]] = {
    "activate": benefits.activate_batch,
    "pause": benefits.pause_batch,
    "resume": benefits.resume_batch,
    "end": benefits.end_batch,
}


def approve(merchant_id: int, batch: benefits.Batch) -> benefits.Batch:
    with tenancy.acting_as(ANOTHER):
        return benefits.approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)


def test_whoever_drafts_a_batch_does_not_approve_it(merchant_id: int) -> None:
    batch = make_draft(merchant_id=merchant_id)

    with pytest.raises(benefits.SecondPersonNeeded), transaction.atomic():
        benefits.approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)
    approved = approve(merchant_id, batch)

    assert (approved.state, approved.created_by, approved.approved_by) == (
        "approved",
        "system:system",
        "staff:another",
    )


def test_a_batch_goes_its_way_and_tells_it(merchant_id: int) -> None:
    batch = make_draft(merchant_id=merchant_id)
    approve(merchant_id, batch)

    for step in ("activate", "pause", "resume", "end"):
        STEPS[step](merchant_id=merchant_id, batch_id=batch.id, now=NOW)

    told = facts_told(merchant_id=merchant_id, kind=BatchChanged)
    assert [each.state for each in told] == ["approved", "active", "paused", "active", "ended"]


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("draft", ["activate", "pause", "resume"]),
        ("approved", ["pause", "resume"]),
        ("active", ["activate", "resume"]),
        ("paused", ["activate", "pause"]),
        ("ended", ["activate", "pause", "resume", "end"]),
    ],
)
def test_a_step_begins_where_it_may(merchant_id: int, state: str, refused: list[str]) -> None:
    batch = make_draft(merchant_id=merchant_id)
    if state != "draft":
        approve(merchant_id, batch)
    way = {"active": ["activate"], "paused": ["activate", "pause"], "ended": ["end"]}
    for step in way.get(state, []):
        STEPS[step](merchant_id=merchant_id, batch_id=batch.id, now=NOW)

    for step in refused:
        with pytest.raises(benefits.BatchStatePassed) as passed, transaction.atomic():
            STEPS[step](merchant_id=merchant_id, batch_id=batch.id, now=NOW)
        assert passed.value.state == state


def test_a_paused_batch_gives_out_nothing_and_its_coupons_live_on(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id)
    coupon = make_coupon(merchant_id=merchant_id, batch=batch)
    benefits.pause_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)

    with pytest.raises(benefits.BatchNotOpen), transaction.atomic():
        make_coupon(merchant_id=merchant_id, batch=batch)
    used = benefits.redeem(
        merchant_id=merchant_id, coupon_id=coupon.id, channel="store", key="r", now=NOW
    )

    assert used.is_new


def test_codes_of_somebody_else_need_a_supply(merchant_id: int) -> None:
    batch = make_draft(merchant_id=merchant_id, kind="third_party_code")
    approve(merchant_id, batch)

    with pytest.raises(benefits.SupplyMissing), transaction.atomic():
        benefits.activate_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)


def test_a_raised_limit_gives_out_that_many_and_no_more(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=5)
    for _ in range(5):
        make_coupon(merchant_id=merchant_id, batch=batch)

    benefits.raise_limit(
        merchant_id=merchant_id, batch_id=batch.id, limit_total=23, reason="more", now=NOW
    )
    for _ in range(18):
        make_coupon(merchant_id=merchant_id, batch=batch)
    with pytest.raises(benefits.LimitReached), transaction.atomic():
        make_coupon(merchant_id=merchant_id, batch=batch)

    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 23
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


@pytest.mark.parametrize("limit", [5, 4])
def test_a_limit_is_only_raised(merchant_id: int, limit: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=5)

    with pytest.raises(FieldInvalid), transaction.atomic():
        benefits.raise_limit(
            merchant_id=merchant_id, batch_id=batch.id, limit_total=limit, reason="", now=NOW
        )


def test_rebalanced_slots_hold_what_is_left_evenly(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=160)
    for _ in range(60):
        make_coupon(merchant_id=merchant_id, batch=batch)

    benefits.rebalance(merchant_id=merchant_id, batch_id=batch.id)

    slots = slots_of(merchant_id=merchant_id, batch_id=batch.id)
    left = [slot.quota - slot.used for slot in slots]
    assert sum(left) == 100
    assert max(left) - min(left) <= 1
    assert benefits.rebalance(merchant_id=merchant_id, batch_id=batch.id) == 0


@pytest.mark.parametrize(
    ("kind", "terms", "pointer"),
    [
        ("spend_and_save", {"threshold_minor": 30_000}, "/terms/off_minor"),
        ("spend_and_save", {"threshold_minor": 100, "off_minor": 200}, "/terms/off_minor"),
        ("percent", {"off_basis_points": 10_001}, "/terms/off_basis_points"),
        ("percent", {"off_basis_points": 0.1}, "/terms/off_basis_points"),
        ("percent", {"off_basis_points": True}, "/terms/off_basis_points"),
        ("cash", {"value_minor": 0}, "/terms/value_minor"),
        ("cash", {"value_minor": 1, "colour": "red"}, "/terms/colour"),
        ("parking", {"minutes": "120"}, "/terms/minutes"),
        ("gift", {"sku_code": ""}, "/terms/sku_code"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    merchant_id: int, kind: Kind, terms: dict[str, object], pointer: str
) -> None:
    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_benefit(merchant_id=merchant_id, kind=kind, terms=terms)

    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({"limits": Limits(total=0)}, "/limits/total"),
        ({"limits": Limits(per_member=-1)}, "/limits/per_member"),
        ({"window": ClaimWindow(opens_at=NOW, closes_at=NOW)}, "/window/closes_at"),
        ({"validity": Validity(days=0)}, "/validity/days"),
        ({"validity": Validity(days=1, valid_until=NOW)}, "/validity/days"),
        ({"validity": Validity(valid_from=NOW, valid_until=NOW)}, "/validity/valid_until"),
        ({"budget_minor": 0}, "/budget_minor"),
        ({"grace_days": -1}, "/grace_days"),
        ({"code": "a b"}, "/code"),
        ({"name": " "}, "/name"),
    ],
)
def test_batches_that_make_no_sense_are_refused(
    merchant_id: int, named: dict[str, object], pointer: str
) -> None:
    benefit = make_benefit(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        benefits.draft_batch(
            merchant_id=merchant_id,
            benefit_id=benefit.id,
            **{
                "code": "batch",
                "name": "券",
                "limits": Limits(total=1),
                "window": ClaimWindow(opens_at=NOW),
                "validity": Validity(days=1),
                "now": NOW + timedelta(0),
                **named,
            },  # type: ignore[arg-type]
        )

    assert refused.value.pointer == pointer


def test_a_code_names_one_thing(merchant_id: int) -> None:
    batch = make_draft(merchant_id=merchant_id)

    with pytest.raises(benefits.CodeTaken), transaction.atomic():
        benefits.draft_batch(
            merchant_id=merchant_id,
            benefit_id=batch.benefit_id,
            code=batch.code,
            name="券",
            limits=Limits(),
            window=ClaimWindow(opens_at=NOW),
            validity=Validity(),
            now=NOW,
        )
    with pytest.raises(NoSuch), transaction.atomic():
        benefits.pause_batch(merchant_id=merchant_id, batch_id=404, now=NOW)

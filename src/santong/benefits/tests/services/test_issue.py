"""One batch for many members: set by set, resumable, within every limit."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.events import CouponsIssued
from santong.benefits.models import IssueTarget
from santong.benefits.selectors.limits import given_of
from santong.benefits.tests.factories import (
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    new_key,
)
from santong.kernel.errors import FieldInvalid

MEMBERS = tuple(range(2_000_001, 2_000_041))


def begin(
    merchant_id: int, batch: benefits.Batch, members: tuple[int, ...] = MEMBERS, key: str = ""
) -> benefits.IssueProgress:
    return benefits.issue(
        merchant_id=merchant_id,
        batch_id=batch.id,
        member_ids=members,
        channel="console",
        key=key or new_key(),
        now=NOW,
    )


def go_on(merchant_id: int, run_id: int, *, limit: int) -> benefits.IssueProgress:
    return benefits.continue_issue(merchant_id=merchant_id, run_id=run_id, limit=limit, now=NOW)


def whys(merchant_id: int, run_id: int) -> dict[str, int]:
    rows = IssueTarget.objects.filter(merchant_id=merchant_id, run_id=run_id, state="refused")
    found: dict[str, int] = {}
    for row in rows:
        found[row.why] = found.get(row.why, 0) + 1
    return found


def test_a_mass_issue_goes_on_part_by_part(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=100, per_member=1)
    begun = begin(merchant_id, batch, key="double-eleven")

    parts = [go_on(merchant_id, begun.run_id, limit=15) for _ in range(4)]

    assert (begun.state, begun.total, begun.issued) == ("running", 40, 0)
    assert [(part.issued, part.state) for part in parts] == [
        (15, "running"),
        (30, "running"),
        (40, "done"),
        (40, "done"),
    ]
    assert begin(merchant_id, batch, key="double-eleven") == parts[-1]
    told = facts_told(merchant_id=merchant_id, kind=CouponsIssued)
    assert sorted(member for each in told for member in each.member_ids) == list(MEMBERS)
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_whoever_has_had_their_share_is_refused(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=100, per_member=1)
    for member_id in MEMBERS[:3]:
        make_coupon(merchant_id=merchant_id, batch=batch, member_id=member_id)
    run_id = begin(merchant_id, batch).run_id

    done = go_on(merchant_id, run_id, limit=100)

    assert (done.state, done.issued, done.refused) == ("done", 37, 3)
    assert whys(merchant_id, run_id) == {"member": 3}
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


@pytest.mark.parametrize(
    ("limits", "why"), [({"total": 25}, "total"), ({"total": 100, "per_day": 25}, "day")]
)
def test_exactly_the_limit_is_issued(merchant_id: int, limits: dict[str, int], why: str) -> None:
    batch = make_batch(merchant_id=merchant_id, **limits)
    run_id = begin(merchant_id, batch).run_id

    done = [go_on(merchant_id, run_id, limit=30) for _ in range(2)][-1]

    assert (done.state, done.issued, done.refused) == ("done", 25, 15)
    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 25
    assert sum(whys(merchant_id, run_id).values()) == 15
    assert whys(merchant_id, run_id)[why] >= 10
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_issued_coupons_can_be_used(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id)
    run_id = begin(merchant_id, batch, MEMBERS[:1]).run_id
    go_on(merchant_id, run_id, limit=10)

    (entry,) = benefits.wallet(merchant_id=merchant_id, member_id=MEMBERS[0], now=NOW)
    used = benefits.redeem(
        merchant_id=merchant_id, coupon_id=entry.coupon_id, channel="store", key="r", now=NOW
    )

    assert (entry.state, used.member_id) == ("usable", MEMBERS[0])


def test_a_closed_batch_refuses_everybody(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id)
    run_id = begin(merchant_id, batch).run_id
    benefits.pause_batch(merchant_id=merchant_id, batch_id=batch.id, now=NOW)

    done = go_on(merchant_id, run_id, limit=100)

    assert (done.issued, done.refused) == (0, 40)
    assert whys(merchant_id, run_id) == {"closed": 40}


def test_a_key_names_one_mass_issue(merchant_id: int) -> None:
    batch, other = make_batch(merchant_id=merchant_id), make_batch(merchant_id=merchant_id)
    begin(merchant_id, batch, key="one")

    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        begin(merchant_id, other, key="one")
    with pytest.raises(FieldInvalid), transaction.atomic():
        begin(merchant_id, batch, ())

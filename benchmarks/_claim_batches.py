"""A merchant with batches that run, and many coupons that others hold already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from santong_launcher.postgres import Cluster

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

PLENTY = 100_000_000
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the merchant's batches are."""

    merchant_id: int
    schema: str
    cell: int


def open_ground() -> Ground:
    """A merchant who gives out coupons."""
    from santong.kernel import cells, tenancy
    from santong.merchants import public as merchants

    cell = cells.all_cells()[0]
    merchant_id = cells.register_merchant(code="bench", cell=cell)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id,
            code="bench",
            name="Bench",
            currency="CNY",
            now=datetime.now(UTC),
        )
    return Ground(merchant_id, cell.schema, cell.number)


def run_batch(*, ground: Ground, code: str, limit: int, per_member: int | None = 1) -> int:
    """A batch that one has drafted, another approved, and that gives out as of now."""
    from santong.benefits import public as benefits
    from santong.kernel import tenancy

    merchant_id, now = ground.merchant_id, datetime.now(UTC)
    another = tenancy.Actor(kind="staff", id="another", name="Another")
    with tenancy.scope(merchant_id=merchant_id):
        benefit = benefits.create_benefit(
            merchant_id=merchant_id,
            code=code,
            name="满减券",
            kind="spend_and_save",
            terms={"threshold_minor": 30_000, "off_minor": 5_000},
            currency="CNY",
            now=now,
        )
        batch = benefits.draft_batch(
            merchant_id=merchant_id,
            benefit_id=benefit.id,
            code=code,
            name="双十一券",
            limits=benefits.Limits(total=limit, per_member=per_member),
            window=benefits.ClaimWindow(opens_at=now - timedelta(days=1)),
            validity=benefits.Validity(days=30),
            now=now,
        )
        with tenancy.acting_as(another):
            benefits.approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
        benefits.activate_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
    return batch.id


def fill(*, cluster: Cluster, ground: Ground, code: str, coupons: int) -> float:
    """So many coupons that members were given before, by mass issue; how many a second."""
    from santong.benefits import public as benefits
    from santong.kernel import tenancy

    merchant_id, now = ground.merchant_id, datetime.now(UTC)
    batch_id = run_batch(ground=ground, code=code, limit=coupons)
    with tenancy.scope(merchant_id=merchant_id):
        progress = benefits.issue(
            merchant_id=merchant_id,
            batch_id=batch_id,
            member_ids=range(1, coupons + 1),
            channel="console",
            key=code,
            now=now,
        )
    began = datetime.now(UTC)
    while progress.state == "running":
        with tenancy.scope(merchant_id=merchant_id):
            progress = benefits.continue_issue(
                merchant_id=merchant_id, run_id=progress.run_id, limit=AT_ONCE, now=now
            )
    seconds = (datetime.now(UTC) - began).total_seconds()
    _settle(cluster, ground)
    return progress.issued / seconds


def _settle(cluster: Cluster, ground: Ground) -> None:
    """What autovacuum and the next checkpoint would otherwise do while it is measured."""
    with psycopg.connect(cluster.owner_url, autocommit=True) as owner:
        owner.execute(f'SET search_path TO "{ground.schema}"')
        owner.execute(
            "VACUUM (ANALYZE) benefits_coupon, benefits_couponevent, benefits_membercount,"
            " benefits_batchslot, benefits_batch, kernel_outboxevent"
        )
    with psycopg.connect(cluster.superuser_url, autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")

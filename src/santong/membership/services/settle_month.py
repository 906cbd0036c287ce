"""Close a pool's month."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import MonthOpen
from santong.membership.events import MonthSettled
from santong.membership.models import Pool, Settlement, SettlementLine
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.selectors.settlements import bounds, month_of, settlement_statement
from santong.membership.selectors.terms import pool_terms_of
from santong.membership.services.signature import signature

# Whoever began to write before midnight has ended by then.
AFTERWARDS = timedelta(days=1)


@all_or_nothing
def settle_month(
    *, merchant_id: int, pool_code: str, month: date, now: datetime
) -> contracts.SettlementStatement:
    """Freeze what the brands of a pool owe one another for a month; closed once, it stays.

    Raises MonthOpen (until a day after its end), NoSuch (pool, its terms). Emits MonthSettled.
    Locks the pool.
    """
    month = month_of(month)
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    terms = pool_terms_of(merchant_id=merchant_id, pool_id=pool.id)
    since, until = bounds(month, timezone=terms.timezone)
    if now < until + AFTERWARDS:
        raise MonthOpen(month=month.isoformat())
    Pool.objects.of_merchant(merchant_id).filter(id=pool.id).lock().get()
    stands = settlement_statement(merchant_id=merchant_id, pool_code=pool_code, month=month)
    if stands.is_closed:
        return stands
    row = Settlement.objects.create(
        merchant_id=merchant_id,
        pool_id=pool.id,
        month=month,
        counted_from=since,
        counted_until=until,
        currency=stands.currency,
        expired_points=stands.expired_points,
        breakage_minor_per_1000=stands.breakage_minor_per_1000,
        closed_by=signature(),
        closed_at=now,
    )
    SettlementLine.objects.bulk_create(
        [
            SettlementLine(
                merchant_id=merchant_id,
                settlement_id=row.id,
                brand_id=brand.brand_id,
                earned_points=brand.earned_points,
                burned_points=brand.burned_points,
                pays_minor=brand.pays_minor,
                gets_minor=brand.gets_minor,
                breakage_minor=brand.breakage_minor,
                net_minor=brand.net_minor,
            )
            for brand in stands.brands
        ]
    )
    audit.record(
        audit.Change(
            action="membership.settle_month",
            subject="pool",
            subject_id=pool.id,
            reason=month.isoformat(),
            after={"settlement_id": row.id},
        ),
        now=now,
    )
    outbox.publish(MonthSettled(pool_id=pool.id, settlement_id=row.id, month=month), now=now)
    return settlement_statement(merchant_id=merchant_id, pool_code=pool_code, month=month)

"""Agree on what happens to points that nobody uses."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import Pool, PoolTerms
from santong.membership.rules.purchases import clean_reason
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.services.signature import signature
from santong.merchants import public as merchants

MOST_RATE = 1_000_000


@all_or_nothing
def publish_pool_terms(
    *, merchant_id: int, pool_code: str, breakage_minor_per_1000: int, reason: str, now: datetime
) -> contracts.PoolTerms:
    """Say what those who earned get back for 1,000 points that expired; 0 leaves it to the pool.

    Months are those of the merchant's time zone, amounts in its currency.

    Raises NoSuch (pool), FieldInvalid. Locks the pool.
    """
    if not 0 <= breakage_minor_per_1000 <= MOST_RATE:
        raise FieldInvalid(pointer="/breakage_minor_per_1000", reason=f"between 0 and {MOST_RATE}")
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    Pool.objects.of_merchant(merchant_id).filter(id=pool.id).lock().get()
    merchant = merchants.merchant(merchant_id=merchant_id)
    versions = PoolTerms.objects.of_merchant(merchant_id).filter(pool=pool.id)
    row = PoolTerms.objects.create(
        merchant_id=merchant_id,
        pool_id=pool.id,
        version=versions.count() + 1,
        breakage_minor_per_1000=breakage_minor_per_1000,
        currency=merchant.currency,
        timezone=merchant.timezone,
        reason=clean_reason(reason),
        published_by=signature(),
        published_at=now,
    )
    audit.record(
        audit.Change(
            action="membership.publish_pool_terms",
            subject="pool",
            subject_id=pool.id,
            reason=row.reason,
            after={"breakage_minor_per_1000": breakage_minor_per_1000},
        ),
        now=now,
    )
    published: contracts.PoolTerms = row.as_contract()
    return published

"""One brand lets another act for its members."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import AuthorisationStands
from santong.membership.models import Authorisation, Pool
from santong.membership.rules.purchases import clean_reason
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.services.record_authorisation import record_authorisation
from santong.merchants import public as merchants

MOST_RATE = 1_000_000


@all_or_nothing
def authorise(
    *,
    merchant_id: int,
    pool_code: str,
    by_brand_id: int,
    to_brand_id: int,
    may_see: bool,
    may_accrue: bool,
    may_burn: bool,
    earn_rate: int,
    burn_rate: int,
    valid_from: datetime,
    valid_until: datetime | None,
    reason: str,
    now: datetime,
) -> contracts.Authorisation:
    """Let a brand see, accrue or burn for another's members, from a moment on, at these rates.

    Rates are minor units for 1,000 points. A brand's own terms in the pool are given to itself.
    Two authorisations between the same brands never hold at once.

    Raises NoSuch, AuthorisationStands, FieldInvalid. Locks the pool.
    """
    _check(earn_rate=earn_rate, burn_rate=burn_rate, valid_from=valid_from, until=valid_until)
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    for brand_id in (by_brand_id, to_brand_id):
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    Pool.objects.of_merchant(merchant_id).filter(id=pool.id).lock().get()
    standing = Authorisation.objects.of_merchant(merchant_id).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from),
        pool=pool.id,
        by_brand=by_brand_id,
        to_brand=to_brand_id,
    )
    if valid_until is not None:
        standing = standing.filter(valid_from__lt=valid_until)
    if standing.exists():
        raise AuthorisationStands(by_brand_id=by_brand_id, to_brand_id=to_brand_id)
    row = Authorisation.objects.create(
        merchant_id=merchant_id,
        pool_id=pool.id,
        by_brand_id=by_brand_id,
        to_brand_id=to_brand_id,
        may_see=may_see,
        may_accrue=may_accrue,
        may_burn=may_burn,
        earn_rate=earn_rate,
        burn_rate=burn_rate,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=clean_reason(reason),
    )
    record_authorisation(row=row, action="membership.authorise", reason=row.reason, now=now)
    given: contracts.Authorisation = row.as_contract()
    return given


def _check(*, earn_rate: int, burn_rate: int, valid_from: datetime, until: datetime | None) -> None:
    for pointer, rate in (("/earn_rate", earn_rate), ("/burn_rate", burn_rate)):
        if not 0 <= rate <= MOST_RATE:
            raise FieldInvalid(pointer=pointer, reason=f"between 0 and {MOST_RATE}")
    if until is not None and until <= valid_from:
        raise FieldInvalid(pointer="/valid_until", reason="ends before it begins")

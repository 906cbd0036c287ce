"""One brand lets another act for its members."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import AuthorisationStands
from santong.membership.models import Authorisation, Pool
from santong.membership.rules.authorisation import check_period, check_rates
from santong.membership.rules.purchases import clean_reason
from santong.membership.selectors.authorisations import authorisation_between
from santong.membership.selectors.programmes import pool_by_code
from santong.membership.services.record_authorisation import record_authorisation
from santong.merchants import public as merchants


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
    check_rates(earn_rate=earn_rate, burn_rate=burn_rate)
    check_period(valid_from=valid_from, valid_until=valid_until)
    pool = pool_by_code(merchant_id=merchant_id, code=pool_code)
    for brand_id in (by_brand_id, to_brand_id):
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    Pool.objects.of_merchant(merchant_id).filter(id=pool.id).lock().get()
    if authorisation_between(
        merchant_id=merchant_id,
        pool_id=pool.id,
        brands=(by_brand_id, to_brand_id),
        valid_from=valid_from,
        valid_until=valid_until,
    ):
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

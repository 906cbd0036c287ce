"""A brand lets another do something else, or at other rates."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import AuthorisationEnded, AuthorisationStands
from santong.membership.models import Authorisation, Pool
from santong.membership.rules.authorisation import check_period, check_rates
from santong.membership.rules.purchases import clean_reason
from santong.membership.selectors.authorisations import (
    authorisation_between,
    authorisation_by_id,
)
from santong.membership.services.record_authorisation import record_authorisation


@all_or_nothing
def change_authorisation(
    *,
    merchant_id: int,
    authorisation_id: int,
    may_see: bool,
    may_accrue: bool,
    may_burn: bool,
    earn_rate: int,
    burn_rate: int,
    valid_until: datetime | None,
    reason: str,
    now: datetime,
) -> contracts.Authorisation:
    """Let other terms hold between two brands from `now`: what held ends, and stays on record.

    One that has not begun yet begins at its own time, with the new terms.

    Raises NoSuch, AuthorisationEnded, AuthorisationStands, FieldInvalid. Locks the pool.
    """
    check_rates(earn_rate=earn_rate, burn_rate=burn_rate)
    reason = clean_reason(reason)
    named = authorisation_by_id(merchant_id=merchant_id, authorisation_id=authorisation_id)
    Pool.objects.of_merchant(merchant_id).filter(id=named.pool_id).lock().get()
    row = Authorisation.objects.of_merchant(merchant_id).filter(id=authorisation_id).lock().get()
    begins = max(now, row.valid_from)
    if row.valid_until is not None and row.valid_until <= begins:
        raise AuthorisationEnded(authorisation_id=str(authorisation_id))
    check_period(valid_from=begins, valid_until=valid_until)
    if authorisation_between(
        merchant_id=merchant_id,
        pool_id=row.pool_id,
        brands=(row.by_brand_id, row.to_brand_id),
        valid_from=begins,
        valid_until=valid_until,
        besides=row.id,
    ):
        raise AuthorisationStands(by_brand_id=row.by_brand_id, to_brand_id=row.to_brand_id)
    changed = row if row.valid_from >= now else _next(row, begins)
    changed.may_see, changed.may_accrue, changed.may_burn = may_see, may_accrue, may_burn
    changed.earn_rate, changed.burn_rate = earn_rate, burn_rate
    changed.valid_until, changed.reason = valid_until, reason
    changed.save()
    record_authorisation(
        row=changed, action="membership.change_authorisation", reason=reason, now=now
    )
    contract: contracts.Authorisation = changed.as_contract()
    return contract


def _next(row: Authorisation, begins: datetime) -> Authorisation:
    """End what holds, and begin what follows."""
    row.valid_until = begins
    row.save(update_fields=["valid_until"])
    return Authorisation(
        merchant_id=row.merchant_id,
        pool_id=row.pool_id,
        by_brand_id=row.by_brand_id,
        to_brand_id=row.to_brand_id,
        valid_from=begins,
    )

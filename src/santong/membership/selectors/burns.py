"""Points that were spent, or are about to be."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.models import Burn
from santong.membership.selectors.programmes import programme_by_id


def burn_by_key(*, merchant_id: int, source: str, key: str) -> contracts.Burned:
    """What this source and key stand for. Raises NoSuch."""
    row = Burn.objects.of_merchant(merchant_id).filter(source=source, key=key).first()
    if row is None:
        raise NoSuch(kind="burn", key=key[:40])
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    contract: contracts.Burned = row.as_contract(programme_code=programme.code)
    return contract


def burn_by_id(*, merchant_id: int, burn_id: int) -> contracts.Burned:
    """One burn. Raises NoSuch."""
    row = Burn.objects.of_merchant(merchant_id).filter(id=burn_id).first()
    if row is None:
        raise NoSuch(kind="burn", key=str(burn_id))
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    contract: contracts.Burned = row.as_contract(programme_code=programme.code)
    return contract

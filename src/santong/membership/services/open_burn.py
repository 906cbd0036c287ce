"""What all ways of spending points begin with. One name, one burn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.errors import PointsKeyTaken
from santong.membership.models import Burn, Card
from santong.membership.rules.authorisation import Rates
from santong.membership.selectors.authorisations import rates_for
from santong.membership.selectors.programmes import programme_by_code, programme_by_id
from santong.membership.selectors.terms import terms_of
from santong.membership.services.lock_current import lock_current, usable_card


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """A locked member with the card, the terms and the brand by which points are spent."""

    member_id: int
    card: Card
    programme: contracts.Programme
    terms: contracts.Terms
    brand_id: int
    rates: Rates


def burn_named(
    *, merchant_id: int, source: str, key: str, request_hash: str
) -> contracts.Burned | None:
    """The burn that this source and key stand for already. Raises PointsKeyTaken."""
    row = Burn.objects.of_merchant(merchant_id).filter(source=source, key=key).first()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise PointsKeyTaken(source=source, key=key)
    return burned_of(merchant_id=merchant_id, row=row)


def spender(
    *, merchant_id: int, member_id: int, programme_code: str, brand_code: str, now: datetime
) -> Spender:
    """Lock who spends. Raises NoSuch, CardMissing, NothingPromised, NotAuthorised, Busy."""
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    current = lock_current(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    card = usable_card(
        merchant_id=merchant_id,
        member_id=current,
        programme_id=programme.id,
        programme_code=programme_code,
    )
    brand_id, rates = rates_for(
        merchant_id=merchant_id, programme=programme, brand_code=brand_code, act="burn", at=now
    )
    return Spender(
        member_id=current,
        card=card,
        programme=programme,
        terms=terms_of(merchant_id=merchant_id, programme_id=programme.id).terms,
        brand_id=brand_id,
        rates=rates,
    )


def lock_burn(*, merchant_id: int, source: str, key: str) -> Burn:
    """Lock the member of a burn, then give the burn as it is now. Raises NoSuch, Busy."""
    rows = Burn.objects.of_merchant(merchant_id).filter(source=source, key=key)
    member_id = rows.values_list("member_id", flat=True).first()
    if member_id is None:
        raise NoSuch(kind="burn", key=key[:40])
    lock_current(merchant_id=merchant_id, member_ids=[member_id])
    return rows.get()


def burned_of(*, merchant_id: int, row: Burn, is_new: bool = False) -> contracts.Burned:
    """A row as other contexts know it."""
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    contract: contracts.Burned = row.as_contract(programme_code=programme.code, is_new=is_new)
    return contract

"""Whether one brand may act for another's members, and at which rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.membership.contracts.programmes import Authorisation

Act = Literal["see", "accrue", "burn"]


@dataclass(frozen=True, slots=True)
class Rates:
    """Minor units for 1,000 points: paid to the pool when earned, by the pool when burned."""

    earn: int
    burn: int


NO_RATES = Rates(0, 0)


def rates_of(
    authorisations: Iterable[Authorisation],
    *,
    home_brand_id: int,
    acting_brand_id: int,
    act: Act,
    at: datetime,
) -> Rates | None:
    """The rates at which a brand may act for a member of another; None where it may not.

    A brand always acts for its own members: at its own rates in the pool, or at none.
    """
    live = next(
        (
            each
            for each in authorisations
            if each.by_brand_id == home_brand_id
            and each.to_brand_id == acting_brand_id
            and each.valid_from <= at
            and (each.valid_until is None or at < each.valid_until)
        ),
        None,
    )
    if home_brand_id == acting_brand_id:
        return Rates(live.earn_rate, live.burn_rate) if live else NO_RATES
    if live is None or not _lets(live, act):
        return None
    return Rates(live.earn_rate, live.burn_rate)


def _lets(authorisation: Authorisation, act: Act) -> bool:
    match act:
        case "see":
            return authorisation.may_see
        case "accrue":
            return authorisation.may_accrue
        case "burn":
            return authorisation.may_burn

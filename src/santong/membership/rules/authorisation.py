"""Whether one brand may act for another's members, and at which rates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.errors import FieldInvalid
from santong.membership.contracts.members import Programme
from santong.membership.contracts.programmes import Authorisation

MOST_RATE = 1_000_000

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


def seen_programmes(
    programmes: Iterable[Programme],
    authorisations: Sequence[Authorisation],
    *,
    brand_ids: Collection[int],
    at: datetime,
) -> frozenset[int]:
    """The programmes whose members some brands see: their own, and those whose brands let them."""
    return frozenset(
        programme.id
        for programme in programmes
        if any(
            rates_of(
                (each for each in authorisations if each.pool_id == programme.pool_id),
                home_brand_id=programme.brand_id,
                acting_brand_id=brand_id,
                act="see",
                at=at,
            )
            is not None
            for brand_id in brand_ids
        )
    )


def check_rates(*, earn_rate: int, burn_rate: int) -> None:
    """Rates are minor units for 1,000 points.

    Raises FieldInvalid.
    """
    for pointer, rate in (("/earn_rate", earn_rate), ("/burn_rate", burn_rate)):
        if not 0 <= rate <= MOST_RATE:
            raise FieldInvalid(pointer=pointer, reason=f"between 0 and {MOST_RATE}")


def check_period(*, valid_from: datetime, valid_until: datetime | None) -> None:
    """What is given ends after it begins. Raises FieldInvalid."""
    if valid_until is not None and valid_until <= valid_from:
        raise FieldInvalid(pointer="/valid_until", reason="ends before it begins")


def _lets(authorisation: Authorisation, act: Act) -> bool:
    match act:
        case "see":
            return authorisation.may_see
        case "accrue":
            return authorisation.may_accrue
        case "burn":
            return authorisation.may_burn

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.prepaid import public as prepaid
from santong.simulation.rules.demo.shape import CURRENCY

STORED, GIFTS = "cx-stored", "gift"
BEARER_DAYS: Final = 3 * 365 + 1
# Of a member's card: so much is paid, so much is given on top.
OFFERS: Final = (
    prepaid.Offer(code="500-50", pay_minor=50_000, bonus_minor=5_000, bonus_days=180),
    prepaid.Offer(code="1000-120", pay_minor=100_000, bonus_minor=12_000, bonus_days=180),
)
GIFT_MINOR: Final = 20_000
_KINDS: Final[
    tuple[tuple[str, str, Literal["prepaid", "gift"], tuple[prepaid.Offer, ...]], ...]
] = (
    (STORED, "澄岫储值卡", "prepaid", OFFERS),
    (GIFTS, "礼品卡", "gift", ()),
)


def open_demo_cards(*, merchant_id: int, now: datetime) -> None:
    """A programme of stored value and one of gift cards, both on sale; once."""
    with tenancy.scope(merchant_id=merchant_id):
        if prepaid.programmes(merchant_id=merchant_id):
            return
        brand = merchants.brands(merchant_id=merchant_id)[0]
        for code, name, kind, offers in _KINDS:
            _open(
                merchant_id,
                prepaid.NewProgramme(
                    code=code,
                    name=name,
                    brand_id=brand.id,
                    kind=kind,
                    currency=CURRENCY,
                    party="head_office",
                    issuer_kind="group",
                ),
                offers=offers,
                now=now,
            )


@all_or_nothing
def sell_demo_cards(
    *, merchant_id: int, person_ids: Sequence[int], gifts: int, now: datetime
) -> list[prepaid.Sold]:
    """Cards of members with something on top, then gift cards for whoever bears them.

    Asked again, the cards are found, without their secrets.
    """
    registered = [
        prepaid.sell(
            merchant_id=merchant_id,
            programme_code=STORED,
            key=f"demo-stored-{person_id}",
            amount_minor=(offer := OFFERS[number % len(OFFERS)]).pay_minor,
            offer_code=offer.code,
            person_id=person_id,
            now=now,
        )
        for number, person_id in enumerate(person_ids)
    ]
    borne = [
        prepaid.sell(
            merchant_id=merchant_id,
            programme_code=GIFTS,
            key=f"demo-gift-{number}",
            amount_minor=GIFT_MINOR,
            now=now,
        )
        for number in range(gifts)
    ]
    return [*registered, *borne]


def _open(
    merchant_id: int,
    new: prepaid.NewProgramme,
    *,
    offers: tuple[prepaid.Offer, ...],
    now: datetime,
) -> None:
    prepaid.open_programme(merchant_id=merchant_id, new=new, now=now)
    prepaid.publish_terms(
        merchant_id=merchant_id,
        programme_code=new.code,
        terms=prepaid.Terms(
            profile=prepaid.PROFILES["mainland_china"],
            offers=offers,
            most_minor=500_000,
            bearer_days=BEARER_DAYS,
        ),
        reason="opening",
        now=now,
    )

"""A buyer joins an offer: units, an order, and so much time for the deposit."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from santong.kernel import audit, crypto, outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.presales import contracts
from santong.presales.errors import PresaleKeyTaken
from santong.presales.events import PresaleJoined
from santong.presales.models import Presale
from santong.presales.rules.amounts import amounts_of, forfeit_minor
from santong.presales.rules.windows import closes_at, deposit_by
from santong.presales.selectors.buyers import buyer_index
from santong.presales.selectors.offers import offer_by_id
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.lock import lock_key
from santong.presales.services.take_units import take_units
from santong.routing import public as routing

_NUMBER_BYTES: Final = 5


@all_or_nothing
def join(
    *,
    merchant_id: int,
    offer_id: int,
    key: str,
    quantity_by_sku: Mapping[str, int],
    recipient: orders.Recipient,
    now: datetime,
    member_reference: str | None = None,
    seller_location_code: str | None = None,
    guide_code: str = "",
) -> contracts.Presale:
    """Take units of an offer for a buyer, once for the key; the deposit is asked for next.

    The units are taken by one statement, so that all buyers together never have more than the
    limit. Goods in stock are held until the deposit's time is over; goods to come are not.

    Raises NoSuch, FieldInvalid, NotOnOffer, SoldOut, TooManyUnits, PresaleKeyTaken, and what
    placing an order raises. Emits PresaleJoined. Locks the key, the offer, the buyer's count, then
    stock levels.
    """
    offer = offer_by_id(merchant_id=merchant_id, offer_id=offer_id)
    if not 0 < len(key) <= contracts.LONGEST_KEY:
        raise FieldInvalid(pointer="/key", reason=f"1 to {contracts.LONGEST_KEY} characters")
    buyer = _buyer_index(merchant_id, recipient)
    wish = _wish(merchant_id, offer_id, quantity_by_sku, buyer)
    lock_key(merchant_id=merchant_id, key=key)
    before = Presale.objects.of_merchant(merchant_id).filter(key=key).first()
    if before is not None:
        if bytes(before.request_hash) != wish:
            raise PresaleKeyTaken(key=key)
        return presale_by_id(merchant_id=merchant_id, presale_id=before.id)
    lines = _lines(offer.terms, quantity_by_sku)
    take_units(
        merchant_id=merchant_id,
        offer_id=offer_id,
        buyer_index=buyer,
        units=sum(line.quantity for line in lines),
        now=now,
    )
    # Its terms may have been revised while we waited for the units.
    offer = offer_by_id(merchant_id=merchant_id, offer_id=offer_id)
    lines = _lines(offer.terms, quantity_by_sku)
    until = deposit_by(terms=offer.terms, now=now)
    number = _number(merchant_id, offer, key)
    order = _place(
        merchant_id,
        offer,
        orders.NewOrder(
            storefront_code=offer.storefront_code,
            external_number=number,
            placed_at=now,
            currency=offer.terms.currency,
            lines=_order_lines(lines),
            recipient=recipient,
            member_reference=member_reference,
            seller_location_code=seller_location_code,
            guide_code=guide_code,
        ),
        now,
    )
    orders.extend_hold(
        merchant_id=merchant_id,
        order_id=order.id,
        hold_until=closes_at(until=until),
        give_up_at=closes_at(until=until),
        reason="presale: until its deposit's time is over",
        now=now,
    )
    row = Presale(
        merchant_id=merchant_id,
        offer_id=offer.id,
        version_id=offer.version_id,
        key=key,
        request_hash=wish,
        number=number,
        order_id=order.id,
        buyer_index=buyer,
        seller_location_id=order.seller_location_id,
        state="asked",
        joined_at=now,
        deposit_by=until,
        **_frozen(offer.terms, lines),
    )
    row.save(force_insert=True)
    _tell(row, offer, now)
    return presale_by_id(merchant_id=merchant_id, presale_id=row.id)


def _buyer_index(merchant_id: int, recipient: orders.Recipient) -> bytes:
    """One buyer is one telephone number, however it is written."""
    known = buyer_index(merchant_id=merchant_id, phone=recipient.phone)
    if not known:
        raise FieldInvalid(pointer="/recipient/phone", reason="missing")
    return known


def _wish(
    merchant_id: int, offer_id: int, quantity_by_sku: Mapping[str, int], buyer: bytes
) -> bytes:
    said = f"{offer_id}|{sorted(quantity_by_sku.items())}|{buyer.hex()}"
    return crypto.blind_index(merchant_id=merchant_id, value=said, purpose="presales.join")


def _lines(
    terms: contracts.Terms, quantity_by_sku: Mapping[str, int]
) -> tuple[contracts.PresaleLine, ...]:
    offered = {line.sku_code: line for line in terms.lines}
    if not quantity_by_sku:
        raise FieldInvalid(pointer="/lines", reason="at least one")
    for code, quantity in quantity_by_sku.items():
        if code not in offered:
            raise FieldInvalid(pointer="/lines", reason=f"{code[:60]} is not on offer")
        if not 0 < quantity <= contracts.MOST_UNITS:
            raise FieldInvalid(pointer="/lines", reason=f"1 to {contracts.MOST_UNITS} units")
    return tuple(
        contracts.PresaleLine(quantity=quantity_by_sku[code], **asdict(line))
        for code, line in offered.items()
        if code in quantity_by_sku
    )


def _order_lines(lines: Sequence[contracts.PresaleLine]) -> tuple[orders.NewLine, ...]:
    """The growth is each line's own discount: spread over the order it would move between lines."""
    return tuple(
        orders.NewLine(
            sku_code=line.sku_code,
            quantity=line.quantity,
            unit_price_minor=line.price_minor,
            discount_minor=line.quantity * (line.worth_minor - line.deposit_minor),
        )
        for line in lines
    )


def _number(merchant_id: int, offer: contracts.Offer, key: str) -> str:
    """The order's number at its storefront: the same for the same key, and nobody can guess it."""
    told = crypto.blind_index(
        merchant_id=merchant_id, value=f"{offer.id}|{key}", purpose="presales.number"
    )
    return f"PS-{offer.id}-{base64.b32encode(told[:_NUMBER_BYTES]).decode()}"


def _place(
    merchant_id: int, offer: contracts.Offer, new: orders.NewOrder, now: datetime
) -> orders.Order:
    """Goods to come are promised from nowhere: what is there belongs to who buys it today."""
    if offer.terms.stock == "to_come":
        placed, _ = orders.place_order(merchant_id=merchant_id, order=new, now=now)
    else:
        placed, _ = routing.promise_order(merchant_id=merchant_id, order=new, now=now)
    return placed


def _frozen(terms: contracts.Terms, lines: Sequence[contracts.PresaleLine]) -> dict[str, object]:
    amounts = amounts_of(lines=lines)
    return {
        "currency": terms.currency,
        "lines": [asdict(line) for line in lines],
        "units": sum(line.quantity for line in lines),
        "price_minor": amounts.price_minor,
        "deposit_minor": amounts.deposit_minor,
        "worth_minor": amounts.worth_minor,
        "balance_minor": amounts.balance_minor,
        "forfeit_minor": forfeit_minor(
            deposit_minor=amounts.deposit_minor,
            forfeit=terms.forfeit,
            forfeit_bp=terms.forfeit_bp,
        ),
        "balance_from": terms.balance_from,
        "balance_until": terms.balance_until,
        "closes_at": closes_at(until=terms.balance_until),
    }


def _tell(row: Presale, offer: contracts.Offer, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="presales.join",
            subject="presale",
            subject_id=row.id,
            reason=offer.code,
            after={"state": row.state, "units": row.units, "order_id": row.order_id},
        ),
        now=now,
    )
    outbox.publish(
        PresaleJoined(
            presale_id=row.id,
            offer_id=offer.id,
            version=offer.version,
            order_id=row.order_id,
            units=row.units,
            currency=row.currency,
            deposit_minor=row.deposit_minor,
            worth_minor=row.worth_minor,
            balance_minor=row.balance_minor,
            deposit_by=row.deposit_by,
        ),
        now=now,
    )

"""What is wrong with an order as a channel hands it in, before anything is looked up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from santong.orders.contracts import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_NUMBER,
    MOST_LINES,
    MOST_MINOR,
    MOST_UNITS,
    Mode,
    NewLine,
    NewOrder,
    NewPayment,
    Recipient,
)
from santong.orders.errors import Problem
from santong.orders.rules.pricing import wrong_sums

LONGEST_CODE = 60
LONGEST_PLACE = 60
LONGEST_PAYMENT_ID = 100
LONGEST_PROVIDER = 40
LONGEST_PHONE = 40
LONGEST_POSTCODE = 20

_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def problems_of(*, new: NewOrder) -> tuple[Problem, ...]:
    """Every wrong field of an order. Sums are looked at once all amounts make sense."""
    found = [*_of_head(new), *_of_recipient(new.recipient, mode=new.mode)]
    amounts = [*_of_amounts(new)]
    if new.payment is not None:
        found += _of_payment(new.payment, currency=new.currency, pointer="/payment")
    return (*found, *(amounts or wrong_sums(new)))


def problems_of_payment(*, payment: NewPayment, currency: str) -> tuple[Problem, ...]:
    """Every wrong field of a payment for an order in a currency."""
    return tuple(_of_payment(payment, currency=currency, pointer=""))


def _of_head(new: NewOrder) -> Iterator[Problem]:
    yield from _text("/storefront_code", new.storefront_code, LONGEST_CODE, is_needed=True)
    yield from _text("/external_number", new.external_number, LONGEST_NUMBER, is_needed=True)
    yield from _instant("/placed_at", new.placed_at)
    if not _CURRENCY.fullmatch(new.currency):
        yield Problem(pointer="/currency", reason="not_a_currency")
    if new.mode not in get_args(Mode):
        yield Problem(pointer="/mode", reason="unknown")
    is_pickup = new.mode == "pickup"
    yield from _text(
        "/pickup_location_code", new.pickup_location_code or "", LONGEST_CODE, is_needed=is_pickup
    )
    if new.pickup_location_code and not is_pickup:
        yield Problem(pointer="/pickup_location_code", reason="only_for_pickup")
    yield from _text("/seller_location_code", new.seller_location_code or "", LONGEST_CODE)
    yield from _text("/guide_code", new.guide_code or "", LONGEST_CODE)
    yield from _text("/member_reference", new.member_reference or "", LONGEST_NAME)
    yield from _text("/points_key", new.points_key or "", LONGEST_NAME)
    if bool(new.points_key) != bool(new.points_minor):
        missing = "points_key" if new.points_minor else "points_minor"
        yield Problem(pointer=f"/{missing}", reason="missing")
    yield from _text("/buyer_note", new.buyer_note, LONGEST_NOTE)


def _of_recipient(recipient: Recipient, *, mode: Mode) -> Iterator[Problem]:
    is_shipped = mode == "ship"
    at = "/recipient"
    yield from _text(f"{at}/name", recipient.name, LONGEST_NAME, is_needed=is_shipped)
    yield from _text(f"{at}/phone", recipient.phone, LONGEST_PHONE)
    yield from _text(f"{at}/province", recipient.province, LONGEST_PLACE)
    yield from _text(f"{at}/city", recipient.city, LONGEST_PLACE, is_needed=is_shipped)
    yield from _text(f"{at}/district", recipient.district, LONGEST_PLACE)
    yield from _text(f"{at}/address", recipient.address, LONGEST_ADDRESS, is_needed=is_shipped)
    yield from _text(f"{at}/postcode", recipient.postcode, LONGEST_POSTCODE)
    if not _COUNTRY.fullmatch(recipient.country):
        yield Problem(pointer=f"{at}/country", reason="not_a_country")
    if (recipient.latitude is None) != (recipient.longitude is None):
        missing = "latitude" if recipient.latitude is None else "longitude"
        yield Problem(pointer=f"{at}/{missing}", reason="missing")
    yield from _degrees(f"{at}/latitude", recipient.latitude, most=90)
    yield from _degrees(f"{at}/longitude", recipient.longitude, most=180)


def _of_amounts(new: NewOrder) -> Iterator[Problem]:
    yield from _amount("/freight_minor", new.freight_minor)
    yield from _amount("/discount_minor", new.discount_minor)
    yield from _amount("/points_minor", new.points_minor)
    if _is_whole(new.discount_minor) and new.points_minor > new.discount_minor:
        yield Problem(pointer="/points_minor", reason="beyond_the_discount")
    if not new.lines:
        yield Problem(pointer="/lines", reason="missing")
    if len(new.lines) > MOST_LINES:
        yield Problem(pointer="/lines", reason="too_many")
        return
    for place, line in enumerate(new.lines):
        yield from _of_line(line, pointer=f"/lines/{place}")


def _of_line(line: NewLine, *, pointer: str) -> Iterator[Problem]:
    yield from _text(f"{pointer}/sku_code", line.sku_code, LONGEST_CODE, is_needed=True)
    if not _is_whole(line.quantity) or line.quantity < 1:
        yield Problem(pointer=f"{pointer}/quantity", reason="not_positive")
    elif line.quantity > MOST_UNITS:
        yield Problem(pointer=f"{pointer}/quantity", reason="too_large")
    yield from _amount(f"{pointer}/unit_price_minor", line.unit_price_minor)
    yield from _amount(f"{pointer}/discount_minor", line.discount_minor)


def _of_payment(payment: NewPayment, *, currency: str, pointer: str) -> Iterator[Problem]:
    yield from _text(
        f"{pointer}/external_id", payment.external_id, LONGEST_PAYMENT_ID, is_needed=True
    )
    yield from _text(f"{pointer}/provider", payment.provider, LONGEST_PROVIDER)
    yield from _instant(f"{pointer}/paid_at", payment.paid_at)
    yield from _amount(f"{pointer}/amount_minor", payment.amount_minor)
    if payment.amount_minor == 0:
        yield Problem(pointer=f"{pointer}/amount_minor", reason="not_positive")
    if payment.currency != currency:
        yield Problem(pointer=f"{pointer}/currency", reason="not_the_orders_currency")


def _text(pointer: str, text: str, longest: int, *, is_needed: bool = False) -> Iterator[Problem]:
    if is_needed and not text.strip():
        yield Problem(pointer=pointer, reason="missing")
    if len(text) > longest:
        yield Problem(pointer=pointer, reason="too_long")
    if _UNSTORABLE.search(text):
        yield Problem(pointer=pointer, reason="nul_or_half_a_character")


def _instant(pointer: str, instant: datetime) -> Iterator[Problem]:
    if instant.tzinfo is None or instant.utcoffset() is None:
        yield Problem(pointer=pointer, reason="no_offset")


def _amount(pointer: str, amount: int) -> Iterator[Problem]:
    if not _is_whole(amount):
        yield Problem(pointer=pointer, reason="not_whole")
    elif amount < 0:
        yield Problem(pointer=pointer, reason="below_zero")
    elif amount > MOST_MINOR:
        yield Problem(pointer=pointer, reason="too_large")


def _is_whole(number: object) -> bool:
    """A bool is an int to Python, and a mistake to us."""
    return isinstance(number, int) and not isinstance(number, bool)


def _degrees(pointer: str, degrees: float | None, *, most: int) -> Iterator[Problem]:
    if degrees is not None and not (math.isfinite(degrees) and -most <= degrees <= most):
        yield Problem(pointer=pointer, reason="out_of_range")

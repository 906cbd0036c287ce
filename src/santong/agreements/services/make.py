"""A new version of a document's agreement, as a row with its terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Max

from santong.agreements import contracts
from santong.agreements.errors import NothingSold
from santong.agreements.models import AgreementTerm, ServiceAgreement
from santong.agreements.rules.amounts import limit_minor
from santong.agreements.rules.records import term_of
from santong.agreements.rules.terms import checked_terms
from santong.agreements.selectors.phones import phone_index
from santong.agreements.selectors.settings import settings_of, template_by_code
from santong.agreements.services.books import next_number
from santong.agreements.services.signature import signature
from santong.kernel.errors import FieldInvalid
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.stores import public as stores

LONGEST_DOCUMENT: Final = 60
LONGEST_NAME: Final = 100
MOST_MINOR: Final = 10**12
_DOCUMENT: Final = re.compile(r"[a-z_]+:[A-Za-z0-9_.-]+")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 -]{4,19}")


def make(
    *, merchant_id: int, new: contracts.NewAgreement, state: str, now: datetime
) -> ServiceAgreement:
    """The row of a new version, unsaved; its document is locked. Raises FieldInvalid and others."""
    new = _of_order(merchant_id, new)
    _check(new)
    if new.template_code:
        template_by_code(
            merchant_id=merchant_id, code=new.template_code, version=new.template_version or None
        )
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(document=new.document)
    row = ServiceAgreement(
        merchant_id=merchant_id,
        number=next_number(merchant_id=merchant_id),
        document=new.document,
        version=(rows.aggregate(last=Max("version"))["last"] or 0) + 1,
        state=state,
        category=new.category,
        template_code=new.template_code,
        template_version=new.template_version,
        currency=new.currency,
        total_minor=new.total_minor,
        timezone=_timezone(merchant_id, new.location_id),
        location_id=new.location_id,
        made_by=signature(),
        made_at=now,
    )
    if new.buyer.name or new.buyer.phone:
        row.seal_buyer(name=new.buyer.name, phone=new.buyer.phone)
        row.phone_index = phone_index(merchant_id=merchant_id, phone=new.buyer.phone)
    return row


def keep_terms(row: ServiceAgreement, terms: Sequence[contracts.Term], *, now: datetime) -> None:
    """The terms of a saved row, checked, in place of those that it had. Raises FieldInvalid."""
    settings = settings_of(merchant_id=row.merchant_id)
    checked = checked_terms(
        terms,
        total_minor=row.total_minor,
        max_window_days=settings.max_window_days,
        today=now.astimezone(ZoneInfo(row.timezone)).date(),
    )
    AgreementTerm.objects.of_merchant(row.merchant_id).filter(agreement=row).delete()
    AgreementTerm.objects.bulk_create(
        [
            AgreementTerm(
                merchant_id=row.merchant_id,
                agreement=row,
                **term_of(term),
                limit_minor=limit_minor(term, row.total_minor),
            )
            for term in checked
        ]
    )


def _check(new: contracts.NewAgreement) -> None:
    if len(new.document) > LONGEST_DOCUMENT or not _DOCUMENT.fullmatch(new.document):
        raise FieldInvalid(pointer="/document", reason="a kind and a number, as `order:17`")
    if new.category not in contracts.CATEGORIES:
        raise FieldInvalid(pointer="/category", reason="one of " + ", ".join(contracts.CATEGORIES))
    if not _CURRENCY.fullmatch(new.currency):
        raise FieldInvalid(pointer="/currency", reason="three letters")
    if not 0 < new.total_minor <= MOST_MINOR:
        raise FieldInvalid(pointer="/total_minor", reason="above nothing")
    name, phone = new.buyer.name, new.buyer.phone
    if len(name) > LONGEST_NAME or (name and not name.isprintable()):
        raise FieldInvalid(pointer="/buyer/name", reason=f"at most {LONGEST_NAME} characters")
    if phone and not _PHONE.fullmatch(phone):
        raise FieldInvalid(pointer="/buyer/phone", reason="a telephone number")


def _of_order(merchant_id: int, new: contracts.NewAgreement) -> contracts.NewAgreement:
    """An order says itself what it comes to, and where it was sold."""
    order_id = orders.order_of_document(document=new.document)
    if order_id is None:
        if new.document.startswith("order:"):
            raise FieldInvalid(pointer="/document", reason="no order")
        return new
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.state == "cancelled":
        raise NothingSold(document=new.document)
    return contracts.NewAgreement(
        document=new.document,
        terms=new.terms,
        total_minor=order.total_minor,
        currency=order.currency,
        category=new.category,
        template_code=new.template_code,
        template_version=new.template_version,
        location_id=new.location_id or order.seller_location_id,
        buyer=new.buyer,
    )


def _timezone(merchant_id: int, location_id: int | None) -> str:
    """The shop's: that of the place where it was sold, or the merchant's."""
    if location_id is not None:
        found = stores.locations_by_id(merchant_id=merchant_id, location_ids=[location_id])
        if location_id not in found:
            raise FieldInvalid(pointer="/location_id", reason="no place of this merchant")
        return found[location_id].timezone
    return merchants.merchant(merchant_id=merchant_id).timezone

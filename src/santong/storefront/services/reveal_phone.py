"""Whose phone a notice goes to. Each context writes the reading into the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.fieldservice import public as fieldservice
from santong.orders import public as orders
from santong.presales import public as presales
from santong.stagedsales import public as stagedsales
from santong.storefront.rules.phones import e164

REASON: Final = "a message to the buyer"


def reveal_phone(*, merchant_id: int, subject: str, now: datetime) -> str:
    """The phone (E.164) of the buyer of a thing; none, where none is known or it was erased.

    Raises NoSuch.
    """
    kind, _, number = subject.partition(":")
    return e164(_REVEALS[kind](merchant_id, int(number), now)) or ""


def _of_visit(merchant_id: int, visit_id: int, now: datetime) -> str:
    return fieldservice.reveal_contact(
        merchant_id=merchant_id, visit_id=visit_id, reason=REASON, now=now
    ).contact.phone


def _of_sale(merchant_id: int, sale_id: int, now: datetime) -> str:
    return stagedsales.reveal_buyer(
        merchant_id=merchant_id, sale_id=sale_id, reason=REASON, now=now
    ).phone


def _of_order(merchant_id: int, order_id: int, now: datetime) -> str:
    return orders.reveal_recipient(
        merchant_id=merchant_id, order_id=order_id, reason=REASON, now=now
    ).recipient.phone


def _of_case(merchant_id: int, case_id: int, now: datetime) -> str:
    case = aftersales.case_by_id(merchant_id=merchant_id, case_id=case_id)
    return _of_order(merchant_id, case.order_id, now)


def _of_presale(merchant_id: int, presale_id: int, now: datetime) -> str:
    presale = presales.presale_by_id(merchant_id=merchant_id, presale_id=presale_id)
    return _of_order(merchant_id, presale.order_id, now)


def _of_agreement(merchant_id: int, agreement_id: int, now: datetime) -> str:
    """To whom it was offered; where nobody said so, to whom the document goes."""
    agreement = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=agreement_id)
    known = agreements.reveal_buyer(
        merchant_id=merchant_id, agreement_id=agreement_id, reason=REASON, now=now
    )
    kind, _, number = agreement.document.partition(":")
    if known.phone or agreement.erased_at or kind not in {"order", "stagedsale"}:
        return known.phone
    return _REVEALS[kind](merchant_id, int(number), now)


_REVEALS: Final = {
    "agreement": _of_agreement,
    "case": _of_case,
    "order": _of_order,
    "presale": _of_presale,
    "stagedsale": _of_sale,
    "visit": _of_visit,
}

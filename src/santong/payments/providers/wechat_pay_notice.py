"""What WeChat Pay tells by itself: JSON, signed over headers and body, its content sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.payments.contracts.providers import Access, BadSignature, Notice, Refused
from santong.payments.providers.wechat_pay_line import is_by_wechat_pay, opened
from santong.payments.rules.said_by_providers import Said, document_of, part, word
from santong.payments.rules.said_by_wechat_pay import payment_seen, refund_seen, transfer_seen

LARGEST_NOTICE: Final = 64 * 1024


def read(*, access: Access, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
    """A notice. Raises BadSignature, and Refused where it is none of ours or of no use."""
    if not body or len(body) > LARGEST_NOTICE:
        raise BadSignature("size")
    if not is_by_wechat_pay(access=access, headers=headers, body=body, now=now):
        raise BadSignature("signature")
    try:
        said = document_of(text=body.decode())
        number, kind = word(said, "id"), word(said, "event_type")
    except ValueError:
        raise Refused("notice_not_understood") from None
    try:
        content = document_of(text=opened(access=access, resource=part(said, "resource")))
    except ValueError:
        raise Refused("notice_does_not_open") from None
    _look_whose(access, content)
    try:
        return _notice(access, number, kind, content)
    except ValueError:
        raise Refused("notice_not_understood") from None


def _look_whose(access: Access, content: Said) -> None:
    """One platform key signs for all merchants; the content says whose it is."""
    merchant = word(content, "mchid") or word(content, "mch_id")
    if not merchant or merchant != access.settings.get("mchid"):
        raise Refused("another_merchant")
    application = word(content, "appid")
    if application and application != access.settings.get("appid"):
        raise Refused("another_application")


def _notice(access: Access, number: str, kind: str, content: Said) -> Notice:
    if not number:
        raise ValueError("id")
    if kind.startswith("TRANSACTION."):
        return Notice(
            number=number,
            about="payment",
            reference=_reference(content, "out_trade_no"),
            payment=payment_seen(said=content, currency=access.currency),
        )
    if kind.startswith("REFUND."):
        return Notice(
            number=number,
            about="refund",
            reference=_reference(content, "out_refund_no"),
            move=refund_seen(said=content, currency=access.currency),
        )
    if kind.startswith("MCHTRANSFER."):
        return Notice(
            number=number,
            about="transfer",
            reference=_reference(content, "out_bill_no"),
            move=transfer_seen(said=content),
        )
    raise Refused("notice_of_another_kind")


def _reference(content: Said, name: str) -> str:
    found = word(content, name)
    if not found:
        raise ValueError(name)
    return found

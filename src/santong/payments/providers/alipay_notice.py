"""What Alipay tells by itself: a form, signed over its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from santong.payments.contracts.providers import (
    Access,
    BadSignature,
    Notice,
    Refused,
    Seen,
    SeenMove,
)
from santong.payments.providers.alipay_line import is_by_alipay
from santong.payments.rules.alipay_signing import SIGN_TYPE, notice_text
from santong.payments.rules.said_by_alipay import authorisation_seen, trade_seen, transfer_seen
from santong.payments.rules.said_by_providers import document_of

LARGEST_NOTICE: Final = 64 * 1024
_MOST_FIELDS: Final = 200


def read(*, access: Access, body: bytes) -> Notice:
    """A notice. Raises BadSignature, and Refused where it is none of ours or of no use."""
    fields = _fields(body)
    if fields.get("sign_type") != SIGN_TYPE:
        raise BadSignature("sign_type")
    text = notice_text(fields=fields)
    if not is_by_alipay(access=access, text=text, signature=fields.get("sign", "")):
        raise BadSignature("sign")
    _look_whose(access, fields)
    try:
        return _notice(fields)
    except ValueError:
        raise Refused("notice_not_understood") from None


def _fields(body: bytes) -> dict[str, str]:
    """The fields of a form. One that comes twice is refused: two readers might take one each."""
    if not body or len(body) > LARGEST_NOTICE:
        raise BadSignature("size")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise BadSignature("form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadSignature("form")
    return fields


def _look_whose(access: Access, fields: Mapping[str, str]) -> None:
    """One key may sign for many; the application and the seller say whose it is."""
    if fields.get("app_id") != access.settings.get("app_id"):
        raise Refused("another_application")
    seller, told = access.settings.get("seller_id", ""), fields.get("seller_id", "")
    if seller and told and seller != told:
        raise Refused("another_seller")


def _notice(fields: Mapping[str, str]) -> Notice:
    number = fields.get("notify_id", "")
    if not number:
        raise ValueError("notify_id")
    if fields.get("msg_method") == "alipay.fund.trans.order.changed":
        return _of_transfer(number, document_of(text=fields.get("biz_content", "")))
    if fields.get("notify_type") == "fund_auth_freeze" or fields.get("operation_type") == "FREEZE":
        return _of_payment(number, fields.get("out_order_no", ""), authorisation_seen(said=fields))
    if fields.get("out_biz_no") and fields.get("refund_fee"):
        return _of_refund(number, fields["out_biz_no"])
    return _of_payment(number, fields.get("out_trade_no", ""), trade_seen(said=fields))


def _of_payment(number: str, reference: str, seen: Seen) -> Notice:
    if not reference:
        raise ValueError("reference")
    return Notice(number=number, about="payment", reference=reference, payment=seen)


def _of_refund(number: str, reference: str) -> Notice:
    """That money went back. How much by this refund is not told, so it is asked."""
    move = SeenMove(state="working")
    return Notice(number=number, about="refund", reference=reference, move=move)


def _of_transfer(number: str, said: Mapping[str, object]) -> Notice:
    reference = said.get("out_biz_no")
    if not isinstance(reference, str) or not reference:
        raise ValueError("reference")
    return Notice(
        number=number, about="transfer", reference=reference, move=transfer_seen(said=said)
    )

"""Money that leaves a WeChat Pay account: back to buyers, to whom a share is due, to anybody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from santong.payments.contracts.providers import (
    Access,
    RefundAsk,
    Refused,
    SeenMove,
    TransferAsk,
    Unreachable,
)
from santong.payments.providers.statement_files import plain_file
from santong.payments.providers.wechat_pay_line import Library, address, ask, library
from santong.payments.providers.wechat_pay_payments import look_at_reference
from santong.payments.rules.provider_settings import pairs_of
from santong.payments.rules.said_by_providers import Said, word
from santong.payments.rules.said_by_wechat_pay import (
    is_unknown,
    refund_seen,
    share_seen,
    transfer_seen,
)

UNKNOWN: Final = SeenMove(state="unknown")
KINDS: Final = ("MERCHANT_ID", "PERSONAL_OPENID")
# From this amount on WeChat Pay wants the receiver's name, which we do not keep.
NAMED_FROM_MINOR: Final = 200_000
_ALPHANUMERIC: Final = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)
_THEIR_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,64}", re.ASCII)
_LONGEST_REASON: Final = 80
_LONGEST_REMARK: Final = 32


def give_back(*, access: Access, wanted: RefundAsk, now: datetime) -> SeenMove:
    """Give back a part of a payment, or all of it. Raises Unreachable, Refused."""
    look_at_reference(reference=wanted.reference)
    amount = {
        "refund": wanted.amount_minor,
        "total": wanted.paid_minor,
        "currency": access.currency,
    }
    said = ask(
        access=access,
        now=now,
        tell=lambda their: their.refund(
            out_refund_no=wanted.reference,
            out_trade_no=wanted.payment_reference,
            amount=amount,
            reason=_plain(wanted.reason, _LONGEST_REASON),
        ),
    )
    return _read(said, lambda it: refund_seen(said=it, currency=access.currency))


def query_given_back(*, access: Access, reference: str, now: datetime) -> SeenMove:
    """How a refund stands. Raises Unreachable, Refused."""
    look_at_reference(reference=reference)
    said = _found(access, now, lambda their: their.query_refund(reference))
    if said is None:
        return UNKNOWN
    return _read(said, lambda it: refund_seen(said=it, currency=access.currency))


def give(*, access: Access, wanted: TransferAsk, now: datetime) -> SeenMove:
    """Give a share of a payment, or pay out of the account. Raises Unreachable, Refused."""
    if wanted.payment_reference or wanted.their_payment_reference:
        return _share(access, wanted, now)
    if _ALPHANUMERIC.fullmatch(wanted.reference) is None:
        raise Refused("reference_not_allowed")
    if wanted.amount_minor >= NAMED_FROM_MINOR:
        raise Refused("receiver_name_needed")
    if not access.settings.get("transfer_scene_id"):
        raise Refused("settings_not_complete")
    said = ask(access=access, now=now, tell=_transfer(access, wanted))
    return _read(said, lambda it: transfer_seen(said=it))


def query_given(
    *, access: Access, reference: str, their_payment_reference: str, now: datetime
) -> SeenMove:
    """How a share or a transfer stands. Raises Unreachable, Refused."""
    look_at_reference(reference=reference)
    if not their_payment_reference:
        said = _found(
            access, now, lambda their: their.mch_transfer_bills_query(out_bill_no=reference)
        )
        return UNKNOWN if said is None else _read(said, lambda it: transfer_seen(said=it))
    _look_at_their_number(their_payment_reference)
    share = _found(
        access,
        now,
        lambda their: their.profitsharing_order_query(
            transaction_id=their_payment_reference, out_order_no=reference
        ),
    )
    return UNKNOWN if share is None else _read(share, lambda it: _share_seen(it, access))


def statement_of(*, access: Access, day: date, now: datetime) -> bytes:
    """The day's payments and refunds, as lines of text. Raises Unreachable, Refused."""
    said = ask(
        access=access, now=now, tell=lambda their: their.trade_bill(bill_date=day.isoformat())
    )
    url, digest = word(said, "download_url"), word(said, "hash_value")
    if not url.startswith(address(access=access) + "/"):
        raise Unreachable("statement_elsewhere")
    status, packed = library(access=access, now=now).download_bill(url)
    if status != 200:  # noqa: PLR2004  (what is well says so everywhere)
        raise Unreachable(f"http_{status}")
    plain = plain_file(packed=packed)
    if word(said, "hash_type") != "SHA1" or _digest(plain) != digest.lower():
        raise Unreachable("statement_not_whole")
    return plain


def _transfer(access: Access, wanted: TransferAsk) -> Callable[[Library], tuple[int, bytes]]:
    report = [
        {"info_type": name, "info_content": value}
        for name, value in pairs_of(text=access.settings.get("transfer_report", ""))
    ]

    def tell(their: Library) -> tuple[int, bytes]:
        answer: tuple[int, bytes] = their.mch_transfer_bills(
            out_bill_no=wanted.reference,
            transfer_scene_id=access.settings["transfer_scene_id"],
            openid=_receiver(wanted.receiver)[1],
            transfer_amount=wanted.amount_minor,
            transfer_remark=_plain(wanted.reason, _LONGEST_REMARK),
            transfer_scene_report_infos=report,
        )
        return answer

    return tell


def _share(access: Access, wanted: TransferAsk, now: datetime) -> SeenMove:
    """The last share frees what is left for the account's holder; it may be of nothing."""
    look_at_reference(reference=wanted.reference)
    _look_at_their_number(wanted.their_payment_reference)
    reason = _plain(wanted.reason, _LONGEST_REASON)

    def tell(their: Library) -> tuple[int, bytes]:
        answer: tuple[int, bytes]
        if not wanted.amount_minor:
            answer = their.profitsharing_unfreeze(
                transaction_id=wanted.their_payment_reference,
                out_order_no=wanted.reference,
                description=reason,
            )
            return answer
        kind, name = _receiver(wanted.receiver)
        receiver: dict[str, Any] = {
            "type": kind,
            "account": name,
            "amount": wanted.amount_minor,
            "description": reason,
        }
        answer = their.profitsharing_order(
            transaction_id=wanted.their_payment_reference,
            out_order_no=wanted.reference,
            receivers=[receiver],
            unfreeze_unsplit=wanted.is_last_share,
        )
        return answer

    said = ask(access=access, now=now, tell=tell)
    return _read(said, lambda it: _share_seen(it, access))


def _share_seen(said: Said, access: Access) -> SeenMove:
    return share_seen(said=said, holder=access.settings.get("mchid", ""))


def _found(
    access: Access, now: datetime, tell: Callable[[Library], tuple[int, bytes]]
) -> Said | None:
    try:
        return ask(access=access, now=now, tell=tell)
    except Refused as refused:
        if is_unknown(code=refused.code):
            return None
        raise


def _read(said: Said, reading: Callable[[Said], SeenMove]) -> SeenMove:
    try:
        return reading(said)
    except ValueError:
        raise Unreachable("answer_not_readable") from None


def _receiver(written: str) -> tuple[str, str]:
    """`MERCHANT_ID:19…`, `PERSONAL_OPENID:o…`; digits alone are a merchant."""
    kind, sign, name = written.partition(":")
    if sign and kind in KINDS and name:
        return kind, name
    if not written:
        raise Refused("receiver_not_named")
    return KINDS[0] if written.isdigit() else KINDS[1], written


def _look_at_their_number(number: str) -> None:
    if _THEIR_NUMBER.fullmatch(number) is None:
        raise Refused("payment_not_named")


def _digest(plain: bytes) -> str:
    # Which digest it is, is theirs to say; the address of the file was signed.
    return hashlib.sha1(plain, usedforsecurity=False).hexdigest()


def _plain(reason: str, longest: int) -> str:
    return "".join(each for each in reason if each.isprintable())[:longest] or "-"

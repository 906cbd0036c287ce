"""Money that leaves an Alipay account: back to buyers, to whom a share is due, to anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from santong.payments.contracts.providers import (
    Access,
    RefundAsk,
    Refused,
    SeenMove,
    TransferAsk,
    Unreachable,
)
from santong.payments.providers.alipay_line import address, ask
from santong.payments.providers.alipay_payments import look_at_reference
from santong.payments.providers.line import file_from
from santong.payments.providers.statement_files import plain_file
from santong.payments.rules.said_by_alipay import (
    is_unknown,
    refund_found,
    refund_seen,
    share_found,
    transfer_seen,
)
from santong.payments.rules.said_by_providers import Said, word
from santong.payments.rules.yuan import yuan_of

UNKNOWN: Final = SeenMove(state="unknown")
_PRODUCT: Final = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
_THEIR_HOSTS: Final = (".alipay.com", ".alipayobjects.com")
_LONGEST_REASON: Final = 100
# A share may be given by user number, log-in name or open number; so may a transfer.
_IDENTITY_BY_KIND: Final = {
    "userId": "ALIPAY_USER_ID",
    "loginName": "ALIPAY_LOGON_ID",
    "openId": "ALIPAY_OPEN_ID",
}


def give_back(*, access: Access, wanted: RefundAsk, now: datetime) -> SeenMove:
    """Give back a part of a payment, or all of it. Raises Unreachable, Refused."""
    look_at_reference(reference=wanted.reference)
    fields = {
        "out_trade_no": wanted.payment_reference,
        "out_request_no": wanted.reference,
        "refund_amount": yuan_of(amount_minor=wanted.amount_minor),
        "refund_reason": _reason(wanted.reason),
    }
    said = ask(access=access, method="alipay.trade.refund", fields=fields, now=now)
    return _read(said, lambda it: refund_seen(said=it, amount_minor=wanted.amount_minor))


def query_given_back(
    *, access: Access, reference: str, payment_reference: str, now: datetime
) -> SeenMove:
    """How a refund stands. Raises Unreachable, Refused."""
    look_at_reference(reference=reference)
    fields = {
        "out_trade_no": payment_reference,
        "out_request_no": reference,
        "query_options": ["gmt_refund_pay"],
    }
    said = _found(access, "alipay.trade.fastpay.refund.query", fields, now)
    return UNKNOWN if said is None else _read(said, lambda it: refund_found(said=it))


def give(*, access: Access, wanted: TransferAsk, now: datetime) -> SeenMove:
    """Give a share of a payment, or pay out of the account. Raises Unreachable, Refused."""
    look_at_reference(reference=wanted.reference)
    if wanted.payment_reference or wanted.their_payment_reference:
        return _share(access, wanted, now)
    kind, name = _receiver(wanted.receiver)
    fields = {
        "out_biz_no": wanted.reference,
        "trans_amount": yuan_of(amount_minor=wanted.amount_minor),
        **_PRODUCT,
        "order_title": _reason(wanted.reason),
        "payee_info": {"identity": name, "identity_type": _IDENTITY_BY_KIND[kind]},
    }
    said = ask(access=access, method="alipay.fund.trans.uni.transfer", fields=fields, now=now)
    return _read(said, lambda it: transfer_seen(said=it))


def query_given(
    *, access: Access, reference: str, their_payment_reference: str, now: datetime
) -> SeenMove:
    """How a share or a transfer stands. Raises Unreachable, Refused."""
    look_at_reference(reference=reference)
    if their_payment_reference:
        share = {"out_request_no": reference, "trade_no": their_payment_reference}
        said = _found(access, "alipay.trade.order.settle.query", share, now)
        return UNKNOWN if said is None else _read(said, lambda it: share_found(said=it))
    transfer = {"out_biz_no": reference, **_PRODUCT}
    said = _found(access, "alipay.fund.trans.common.query", transfer, now)
    return UNKNOWN if said is None else _read(said, lambda it: transfer_seen(said=it))


def statement_of(*, access: Access, day: date, now: datetime) -> bytes:
    """The day's payments and refunds: lines of text in GBK. Raises Unreachable, Refused."""
    fields = {"bill_type": "trade", "bill_date": day.isoformat()}
    method = "alipay.data.dataservice.bill.downloadurl.query"
    said = ask(access=access, method=method, fields=fields, now=now)
    url = word(said, "bill_download_url")
    if not _is_theirs(url, access):
        raise Unreachable("statement_elsewhere")
    return plain_file(packed=file_from(url=url, headers={"User-Agent": "santong"}))


def _share(access: Access, wanted: TransferAsk, now: datetime) -> SeenMove:
    """A share is carried out after the answer; what became of it is asked.

    The last one gives what is left of the payment to the account's holder; it may be of nothing.
    """
    if not wanted.their_payment_reference:
        raise Refused("payment_not_named")
    kind, name = _receiver(wanted.receiver) if wanted.amount_minor else ("", "")
    line = {
        "royalty_type": "transfer",
        "trans_in_type": kind,
        "trans_in": name,
        "amount": yuan_of(amount_minor=wanted.amount_minor),
        "desc": _reason(wanted.reason),
    }
    fields: dict[str, object] = {
        "out_request_no": wanted.reference,
        "trade_no": wanted.their_payment_reference,
        "royalty_parameters": [line] if wanted.amount_minor else [],
        "royalty_mode": "async",
    }
    if wanted.is_last_share:
        fields["extend_params"] = {"royalty_finish": "true"}
    if not wanted.amount_minor:
        del fields["royalty_parameters"]
    said = ask(access=access, method="alipay.trade.order.settle", fields=fields, now=now)
    return SeenMove(
        state="working" if wanted.amount_minor else "done",
        their_reference=word(said, "settle_no") or word(said, "trade_no"),
    )


def _found(access: Access, method: str, fields: Mapping[str, object], now: datetime) -> Said | None:
    try:
        return ask(access=access, method=method, fields=fields, now=now)
    except Refused as refused:
        if is_unknown(sub_code=refused.code):
            return None
        raise


def _read(said: Said, reading: Callable[[Said], SeenMove]) -> SeenMove:
    try:
        return reading(said)
    except ValueError:
        raise Unreachable("answer_not_readable") from None


def _receiver(written: str) -> tuple[str, str]:
    """`userId:2088…`, `loginName:…`, `openId:…`; a number that begins as theirs do is one."""
    kind, sign, name = written.partition(":")
    if sign and kind in _IDENTITY_BY_KIND and name:
        return kind, name
    if not written:
        raise Refused("receiver_not_named")
    return ("userId" if written.isdigit() and written.startswith("2088") else "loginName"), written


def _is_theirs(url: str, access: Access) -> bool:
    """Whether a file lies with Alipay: the address was signed, and is looked at all the same."""
    there, here = urlsplit(url), urlsplit(address(access=access))
    if there.hostname and there.hostname == here.hostname:
        return there.scheme == here.scheme
    return there.scheme == "https" and (there.hostname or "").endswith(_THEIR_HOSTS)


def _reason(reason: str) -> str:
    return "".join(each for each in reason if each.isprintable())[:_LONGEST_REASON] or "-"

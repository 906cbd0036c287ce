"""Money that buyers pay by Alipay: asked for, frozen, taken, looked after, called off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.payments.contracts.providers import Access, Ask, Refused, Seen, Shown, Unreachable
from santong.payments.providers.alipay_line import address, ask, signed_fields
from santong.payments.rules.said_by_alipay import (
    authorisation_seen,
    is_unknown,
    scan_seen,
    trade_seen,
)
from santong.payments.rules.said_by_providers import CHINA, Said, word
from santong.payments.rules.yuan import yuan_of

UNKNOWN: Final = Seen(state="unknown")
_REFERENCE: Final = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_LONGEST_TITLE: Final = 128
_SHORTEST_MINUTES: Final = 1
_LONGEST_MINUTES: Final = 15 * 24 * 60
# Paid, closed, or asked before with other words: how it stands is asked.
_IS_THERE: Final = frozenset(
    {
        *("ACQ.TRADE_HAS_SUCCESS", "ACQ.TRADE_HAS_CLOSE", "ACQ.TRADE_HAS_FINISHED"),
        *("ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID"),
        *("ACQ.REASON_ILLEGAL_STATUS", "ORDER_ALREADY_SUCCESS", "ORDER_ALREADY_FINISH"),
        *("ORDER_ALREADY_CLOSED", "AUTH_ORDER_HAS_FINISH"),
    }
)


def ask_buyer(*, access: Access, wanted: Ask, now: datetime) -> tuple[Shown, Seen]:
    """Ask the buyer in the way that was wanted. Raises Unreachable, Refused."""
    look_at_reference(reference=wanted.reference)
    if access.currency != "CNY":
        raise Refused("currency_not_offered")
    try:
        if wanted.authorise_only:
            return _freeze(access, wanted, now)
        return _charge(access, wanted, now)
    except Refused as refused:
        if refused.code not in _IS_THERE:
            raise
    seen = query_payment(access=access, reference=wanted.reference, now=now)
    return Shown(way=wanted.way), seen


def query_payment(*, access: Access, reference: str, now: datetime) -> Seen:
    """How a payment stands, as a trade or as money that is frozen. Raises Unreachable, Refused."""
    trade = _trade(access, reference, now)
    if trade.state != "unknown":
        return trade
    return _frozen(access, reference, now)[0]


def capture_payment(*, access: Access, reference: str, amount_minor: int, now: datetime) -> Seen:
    """Take what is frozen or a part of it, and free the rest. Raises Unreachable, Refused."""
    trade = _trade(access, reference, now)
    if trade.state == "paid":
        return trade
    frozen, said = _frozen(access, reference, now)
    if frozen.state != "authorised":
        return frozen
    fields = {
        "out_trade_no": reference,
        "auth_no": frozen.their_reference,
        "auth_confirm_mode": "COMPLETE",
        "product_code": _authorise_product(access),
        "subject": word(said, "order_title") or reference,
        "total_amount": yuan_of(amount_minor=amount_minor),
    }
    told_at = access.notify_url
    try:
        taken = ask(
            access=access, method="alipay.trade.pay", fields=fields, now=now, told_at=told_at
        )
        return _read(taken, scan=True)
    except Refused as refused:
        if refused.code not in _IS_THERE:
            raise
    return _trade(access, reference, now)


def close_payment(*, access: Access, reference: str, now: datetime) -> Seen:
    """See that it is not paid any more. Raises Unreachable, Refused.

    A code or a page that no buyer has opened is not known to Alipay and cannot be closed; it ends
    by itself when its time has come.
    """
    trade = _trade(access, reference, now)
    if trade.state == "waiting":
        fields = {"out_trade_no": reference}
        _try(access, "alipay.trade.close", fields, now)
        return _trade(access, reference, now)
    if trade.state != "unknown":
        return trade
    frozen, said = _frozen(access, reference, now)
    if frozen.state == "waiting":
        fields = {"out_order_no": reference, "out_request_no": reference, "remark": "closed"}
        _try(access, "alipay.fund.auth.operation.cancel", fields, now)
    elif frozen.state == "authorised":
        fields = {
            "auth_no": frozen.their_reference,
            "out_request_no": f"{reference}V",
            "amount": word(said, "rest_amount") or yuan_of(amount_minor=frozen.amount_minor),
            "remark": "closed",
        }
        _try(access, "alipay.fund.auth.order.unfreeze", fields, now)
    else:
        return frozen
    return _frozen(access, reference, now)[0]


def look_at_reference(*, reference: str) -> None:
    """Our numbers are letters, digits, lines. Raises Refused."""
    if _REFERENCE.fullmatch(reference) is None:
        raise Refused("reference_not_allowed")


def _charge(access: Access, wanted: Ask, now: datetime) -> tuple[Shown, Seen]:
    fields: dict[str, object] = {
        "out_trade_no": wanted.reference,
        "subject": _title(wanted.subject),
        "total_amount": yuan_of(amount_minor=wanted.amount_minor),
    }
    if access.settings.get("shares") == "yes":
        # What is paid stays frozen at Alipay until its shares have been given.
        fields["extend_params"] = {"royalty_freeze": "true"}
    if wanted.way == "scan":
        fields |= {"auth_code": wanted.token, "scene": "bar_code"}
        return Shown(way="scan"), _read(_asked(access, "pay", fields, now), scan=True)
    fields["time_expire"] = wanted.expires_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    if wanted.way == "qr":
        said = _asked(access, "precreate", fields, now)
        return _shown(wanted, word(said, "qr_code"))
    if wanted.way == "app" and wanted.token:
        fields |= {"product_code": "JSAPI_PAY", "op_app_id": access.settings.get("app_id", "")}
        fields["buyer_id" if wanted.token.startswith("2088") else "buyer_open_id"] = wanted.token
        return _shown(wanted, word(_asked(access, "create", fields, now), "trade_no"))
    if wanted.way == "app":
        fields["product_code"] = "QUICK_MSECURITY_PAY"
        return _shown(wanted, _signed(access, "alipay.trade.app.pay", fields, now, ""))
    if wanted.way == "page":
        is_desktop = access.settings.get("page") == "desktop"
        fields["product_code"] = "FAST_INSTANT_TRADE_PAY" if is_desktop else "QUICK_WAP_WAY"
        method = "alipay.trade.page.pay" if is_desktop else "alipay.trade.wap.pay"
        text = _signed(access, method, fields, now, wanted.return_url)
        return _shown(wanted, f"{address(access=access)}?{text}")
    raise Refused("way_not_offered")


def _freeze(access: Access, wanted: Ask, now: datetime) -> tuple[Shown, Seen]:
    if access.settings.get("authorise") != "yes":
        raise Refused("authorise_not_offered")
    minutes = int((wanted.expires_at - now).total_seconds()) // 60
    fields: dict[str, object] = {
        "out_order_no": wanted.reference,
        "out_request_no": wanted.reference,
        "order_title": _title(wanted.subject),
        "amount": yuan_of(amount_minor=wanted.amount_minor),
        "product_code": _authorise_product(access),
        "pay_timeout": f"{min(max(minutes, _SHORTEST_MINUTES), _LONGEST_MINUTES)}m",
    }
    if wanted.way == "scan":
        fields |= {"auth_code": wanted.token, "auth_code_type": "bar_code"}
        said = _told(access, "alipay.fund.auth.order.freeze", fields, now)
        return Shown(way="scan"), _read_frozen(said)
    if wanted.way == "qr":
        said = _told(access, "alipay.fund.auth.order.voucher.create", fields, now)
        return _shown(wanted, word(said, "code_value"))
    if wanted.way == "app":
        text = _signed(access, "alipay.fund.auth.order.app.freeze", fields, now, "")
        return _shown(wanted, text)
    raise Refused("way_not_offered")


def _try(access: Access, method: str, fields: Mapping[str, object], now: datetime) -> None:
    """Call it off, unless that is too late; how it stands is asked afterwards."""
    try:
        ask(access=access, method=method, fields=fields, now=now)
    except Refused as refused:
        if refused.code not in _IS_THERE and not is_unknown(sub_code=refused.code):
            raise


def _trade(access: Access, reference: str, now: datetime) -> Seen:
    look_at_reference(reference=reference)
    fields = {"out_trade_no": reference}
    try:
        said = ask(access=access, method="alipay.trade.query", fields=fields, now=now)
    except Refused as refused:
        if is_unknown(sub_code=refused.code):
            return UNKNOWN
        raise
    return _read(said, scan=False)


def _frozen(access: Access, reference: str, now: datetime) -> tuple[Seen, Said]:
    if access.settings.get("authorise") != "yes":
        return UNKNOWN, {}
    fields = {
        "out_order_no": reference,
        "out_request_no": reference,
        "operation_type": "FREEZE",
    }
    method = "alipay.fund.auth.operation.detail.query"
    try:
        said = ask(access=access, method=method, fields=fields, now=now)
    except Refused as refused:
        if is_unknown(sub_code=refused.code):
            return UNKNOWN, {}
        raise
    return _read_frozen(said), said


def _asked(access: Access, verb: str, fields: Mapping[str, object], now: datetime) -> Said:
    return _told(access, f"alipay.trade.{verb}", fields, now)


def _told(access: Access, method: str, fields: Mapping[str, object], now: datetime) -> Said:
    return ask(access=access, method=method, fields=fields, now=now, told_at=access.notify_url)


def _signed(
    access: Access, method: str, fields: Mapping[str, object], now: datetime, return_url: str
) -> str:
    return signed_fields(
        access=access,
        method=method,
        fields=fields,
        now=now,
        told_at=access.notify_url,
        return_url=return_url,
    )


def _shown(wanted: Ask, payload: str) -> tuple[Shown, Seen]:
    if not payload:
        raise Unreachable("nothing_to_show")
    return Shown(way=wanted.way, payload=payload), Seen(state="waiting")


def _read(said: Said, *, scan: bool) -> Seen:
    try:
        return scan_seen(said=said) if scan else trade_seen(said=said)
    except ValueError:
        raise Unreachable("answer_not_readable") from None


def _read_frozen(said: Said) -> Seen:
    try:
        return authorisation_seen(said=said)
    except ValueError:
        raise Unreachable("answer_not_readable") from None


def _authorise_product(access: Access) -> str:
    return access.settings.get("authorise_product") or "PREAUTH_PAY"


def _title(subject: str) -> str:
    """Without what Alipay takes for signs of its own."""
    plain = "".join(each for each in subject if each.isprintable() and each not in "/=&")
    return plain[:_LONGEST_TITLE] or "-"

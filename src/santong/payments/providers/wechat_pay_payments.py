"""Money that buyers pay by WeChat Pay: asked for, looked after, called off."""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from santong.payments.contracts.providers import Access, Ask, Refused, Seen, Shown, Unreachable
from santong.payments.providers.wechat_pay_line import APP, PAGE, QR, SCAN, Library, ask, library
from santong.payments.rules.said_by_providers import CHINA, Said, word
from santong.payments.rules.said_by_wechat_pay import is_unknown, payment_seen

UNKNOWN: Final = Seen(state="unknown")
_REFERENCE: Final = re.compile(r"[0-9A-Za-z_*-]{6,32}", re.ASCII)
_LONGEST_TITLE: Final = 127
_SHORTEST: Final = timedelta(minutes=1)
# Paid or closed: how it stands is asked.
_IS_THERE: Final = frozenset(
    {*("ORDERPAID", "ORDER_PAID", "ORDER_CLOSED", "ORDERCLOSED", "ORDER_REVERSED")}
)


def ask_buyer(*, access: Access, wanted: Ask, now: datetime) -> tuple[Shown, Seen]:
    """Ask the buyer in the way that was wanted. Raises Unreachable, Refused."""
    look_at_reference(reference=wanted.reference)
    if wanted.authorise_only:
        raise Refused("authorise_not_offered")
    if not access.notify_url and wanted.way != "scan":
        raise Refused("notify_url_missing")
    fields: dict[str, Any] = {
        "description": _title(wanted.subject),
        "out_trade_no": wanted.reference,
        "amount": {"total": wanted.amount_minor, "currency": access.currency},
        **_of_way(access, wanted),
    }
    if wanted.way != "scan":
        ends_at = max(wanted.expires_at, now + _SHORTEST).astimezone(CHINA)
        fields["time_expire"] = ends_at.isoformat(timespec="seconds")
    if access.settings.get("shares") == "yes":
        # What is paid stays frozen until its shares have been given.
        fields["settle_info"] = {"profit_sharing": True}
    try:
        said = ask(access=access, now=now, tell=lambda their: their.pay(**fields))
    except Refused as refused:
        if refused.code not in _IS_THERE:
            raise
        seen = query_payment(access=access, reference=wanted.reference, now=now)
        return Shown(way=wanted.way), seen
    if wanted.way == "scan":
        return Shown(way="scan"), _read(said, access)
    return Shown(way=wanted.way, payload=_payload(access, wanted, said, now)), Seen(state="waiting")


def query_payment(*, access: Access, reference: str, now: datetime) -> Seen:
    """How a payment stands. Raises Unreachable, Refused."""
    return _found(access, reference, now)[0]


def close_payment(*, access: Access, reference: str, now: datetime) -> Seen:
    """See that it is not paid any more. Raises Unreachable, Refused.

    A code that the till has scanned is called off otherwise than one that was shown.
    """
    seen, said = _found(access, reference, now)
    if seen.state != "waiting":
        return seen

    def tell(their: Library) -> tuple[int, bytes]:
        is_scanned = word(said, "trade_type") in {"CODEPAY", "MICROPAY"}
        answer: tuple[int, bytes] = (
            their.codepay_reverse(reference) if is_scanned else their.close(reference)
        )
        return answer

    try:
        ask(access=access, now=now, tell=tell)
    except Refused as refused:
        if refused.code not in _IS_THERE and not is_unknown(code=refused.code):
            raise
    return query_payment(access=access, reference=reference, now=now)


def look_at_reference(*, reference: str) -> None:
    """Our numbers are letters and digits, which stand in an address. Raises Refused."""
    if _REFERENCE.fullmatch(reference) is None:
        raise Refused("reference_not_allowed")


def _of_way(access: Access, wanted: Ask) -> dict[str, Any]:
    if wanted.way == "qr":
        return {"pay_type": QR}
    if wanted.way == "app":
        if not wanted.token:
            raise Refused("payer_not_named")
        return {"pay_type": APP, "payer": {"openid": wanted.token}}
    if wanted.way == "page":
        scene = {"payer_client_ip": _address_of_buyer(wanted), "h5_info": {"type": "Wap"}}
        return {"pay_type": PAGE, "scene_info": scene}
    if wanted.way == "scan":
        store = {"id": access.settings.get("store_id") or access.account_code}
        scene = {"device_id": access.account_code, "store_info": store}
        return {"pay_type": SCAN, "payer": {"auth_code": wanted.token}, "scene_info": scene}
    raise Refused("way_not_offered")


def _address_of_buyer(wanted: Ask) -> str:
    """WeChat Pay opens its page only for the address that asked for it."""
    try:
        return str(ipaddress.ip_address(wanted.token))
    except ValueError:
        raise Refused("payer_address_missing") from None


def _payload(access: Access, wanted: Ask, said: Said, now: datetime) -> str:
    if wanted.way == "qr":
        found = word(said, "code_url")
    elif wanted.way == "page":
        found = word(said, "h5_url")
        if found and wanted.return_url:
            found += f"&redirect_url={quote(wanted.return_url, safe='')}"
    else:
        found = _for_app(access, word(said, "prepay_id"), now)
    if not found:
        raise Unreachable("nothing_to_show")
    return found


def _for_app(access: Access, prepay_id: str, now: datetime) -> str:
    """What the mini program hands to WeChat, signed by us."""
    if not prepay_id:
        return ""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    appid, package = access.settings.get("appid", ""), f"prepay_id={prepay_id}"
    sign = library(access=access, now=now).sign([appid, stamp, nonce, package])
    return json.dumps(
        {
            "appId": appid,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": sign,
        }
    )


def _found(access: Access, reference: str, now: datetime) -> tuple[Seen, Said]:
    look_at_reference(reference=reference)
    try:
        said = ask(access=access, now=now, tell=lambda their: their.query(out_trade_no=reference))
    except Refused as refused:
        if is_unknown(code=refused.code):
            return UNKNOWN, {}
        raise
    return _read(said, access), said


def _read(said: Said, access: Access) -> Seen:
    try:
        return payment_seen(said=said, currency=access.currency)
    except ValueError:
        raise Unreachable("answer_not_readable") from None


def _title(subject: str) -> str:
    return "".join(each for each in subject if each.isprintable())[:_LONGEST_TITLE] or "-"

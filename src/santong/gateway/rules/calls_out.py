"""How a call of ours is written: to a platform's router, or to an older CRM."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.kernel.signing import SIGN, SignMethod, spi_sign, timestamp_of, top_sign

MEMBER_SYNC: Final = "tmall.mei.crm.member.sync"
MEMBER_SYNC_BY_OUID: Final = "tmall.mei.crm.member.sync.privy"
POINT_CALLBACK: Final = "tmall.mei.crm.callback.point.change"
POINT_OPERATE: Final = "alibaba.member.point.operate"
MEMBER_QUERY: Final = "tmall.mei.crm.member.query"
MEMBER_REGISTER: Final = "tmall.mei.crm.member.register"
BIND_QUERY: Final = "tmall.mei.crm.member.bind.query"
BIND: Final = "tmall.mei.crm.bind"
# Classic tiers, not growth values.
CLASSIC: Final = "1"


def platform_call(
    *,
    method: str,
    app_key: str,
    secret: str,
    session: str,
    sign_method: SignMethod,
    fields: Mapping[str, object],
    now: datetime,
) -> tuple[dict[str, str], dict[str, str]]:
    """The system parameters, signed, and the business parameters of a call to a router."""
    business = {name: text for name, value in fields.items() if (text := _written(value))}
    system = {
        "method": method,
        "app_key": app_key,
        "timestamp": timestamp_of(now=now),
        "format": "json",
        "v": "2.0",
        "sign_method": sign_method,
    }
    if session:
        system["session"] = session
    signed = top_sign(method=sign_method, secret=secret, params={**system, **business})
    return {**system, SIGN: signed}, business


def crm_call(
    *, method: str, app_key: str, secret: str, fields: Mapping[str, object], now: datetime
) -> tuple[dict[str, str], bytes]:
    """The system parameters, signed, and the JSON body of a call to an older CRM."""
    body = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":")).encode()
    system = {
        "method": method,
        "app_key": app_key,
        "timestamp": timestamp_of(now=now),
        "format": "json",
        "v": "1.0",
        "sign_method": "md5",
    }
    signed = spi_sign(secret=secret, params=system, headers={}, body=body)
    return {**system, SIGN: signed}, body


def digest_of(*, points: int, level: str, card_number: str) -> str:
    """What two standings have in common that are told alike."""
    told = json.dumps([points, level, card_number]).encode()
    return hashlib.blake2b(told, digest_size=16).hexdigest()


def member_state(
    *,
    identity: Mapping[str, str],
    points: int,
    level: str,
    card_number: str,
    state_version: int,
) -> tuple[str, dict[str, object]]:
    """The method and the fields that tell a marketplace how a member stands.

    The version grows with every telling, so that whoever hears two knows which is the later one.
    """
    fields: dict[str, object] = {
        "point": points,
        "level": level,
        "level_type": CLASSIC,
        "version": state_version,
        "extend": json.dumps({"card": card_number}) if card_number else "",
    }
    if ouid := identity.get("ouid"):
        return MEMBER_SYNC_BY_OUID, {**fields, "ouid": ouid}
    return MEMBER_SYNC, {**fields, "mix_nick": identity.get("mix_nick", "")}


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

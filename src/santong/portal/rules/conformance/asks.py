"""One call of the suite: what it says, and how it is bent on purpose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from santong.kernel.signing import SIGN, spi_sign, timestamp_of

# How a call differs from one as the platform makes it.
Twist = Literal[
    "none",
    "wrong_secret",
    "changed_body",
    "other_app_key",
    "no_sign",
    "old",
    "empty_value",
    "signed_header",
    "form",
    "not_json",
]
OLD: Final = timedelta(minutes=30)
WRONG_SECRET: Final = "0" * 32
OTHER_APP_KEY: Final = "10000001"
TRACE: Final = "santong-conformance"
_JSON: Final = "application/json;charset=utf-8"
_FORM: Final = "application/x-www-form-urlencoded;charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A call: its method and business fields, its twist, and how often at the same moment."""

    method: str
    fields: Mapping[str, str]
    twist: Twist = "none"
    at_once: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What goes over the wire: in the query, in the headers, and as a form or a body."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came back: nothing but `failure` where no answer came."""

    milliseconds: int
    status: int = 0
    content_type: str = ""
    document: Mapping[str, object] | None = None
    failure: str = ""
    text: str = field(default="", repr=False)


def wire_of(*, ask: Ask, app_key: str, secret: str, now: datetime) -> Wire:
    """The call as it is sent, signed as the platform signs, but for its twist."""
    is_form = ask.twist == "form"
    body = b"" if is_form else _json(ask.fields)
    if ask.twist == "not_json":
        body = b'{"seller_name": '
    system = {
        "method": ask.method,
        "app_key": OTHER_APP_KEY if ask.twist == "other_app_key" else app_key,
        "timestamp": timestamp_of(now=now - OLD if ask.twist == "old" else now),
        "format": "json",
        "v": "1.0",
        "sign_method": "md5",
    }
    if ask.twist == "empty_value":
        system["session"] = ""
    signed_headers = {"x-trace": TRACE} if ask.twist == "signed_header" else {}
    sign = spi_sign(
        secret=WRONG_SECRET if ask.twist == "wrong_secret" else secret,
        params={**system, **ask.fields} if is_form else system,
        headers=signed_headers,
        body=body,
    )
    if ask.twist == "changed_body":
        body = _json({**ask.fields, "extend": "changed"})
    if ask.twist != "no_sign":
        system[SIGN] = sign
    headers = {"Content-Type": _FORM if is_form else _JSON, "User-Agent": "santong"}
    if signed_headers:
        headers |= {"top-sign-list": "x-trace", "x-trace": TRACE}
    return Wire(
        query=system,
        headers=headers,
        body=body,
        form=ask.fields if is_form else {},
    )


def _json(fields: Mapping[str, str]) -> bytes:
    return json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":")).encode()

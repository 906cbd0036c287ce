"""One call of the router as it goes over the wire: signed, and written for people to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from string import ascii_letters, digits
from typing import Final, Literal

from santong.kernel.signing import SIGN, SignMethod, timestamp_of
from santong.portal.rules.signing.steps import MASK, OPENS, Signing, signing_of

Carried = Literal["form", "json"]
CARRIED: Final[tuple[Carried, ...]] = ("form", "json")
Style = Literal["json", "simplify", "xml"]
STYLES: Final[tuple[Style, ...]] = ("json", "simplify", "xml")
FORM_TYPE: Final = "application/x-www-form-urlencoded;charset=utf-8"
JSON_TYPE: Final = "application/json;charset=utf-8"
PATH: Final = "/router/rest"
_SAFE: Final = frozenset((ascii_letters + digits + "-_.*").encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be called, and how it is carried: as SDKs do, or with a JSON body."""

    method: str
    arguments: Mapping[str, str]
    carried: Carried = "form"
    style: Style = "json"
    way: SignMethod = "md5"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCall:
    """A signed call. `query`, `body` are what is really sent; they are for no page."""

    wanted: Wanted
    system: Mapping[str, str]
    query: str
    content_type: str
    body: str
    signing: Signing

    @property
    def signature(self) -> str:
        return self.signing.signature


def signed_call(
    *, wanted: Wanted, app_key: str, secret: str, session: str, now: datetime
) -> SignedCall:
    """The call with its signature: system parameters in the query, arguments in the body."""
    arguments = {name: value for name, value in wanted.arguments.items() if value}
    system = {
        "method": wanted.method,
        "app_key": app_key,
        **({"session": session} if session else {}),
        "timestamp": timestamp_of(now=now),
        "v": "2.0",
        "sign_method": wanted.way,
        **_style(wanted.style),
    }
    is_json = wanted.carried == "json"
    body = _json(arguments) if is_json and arguments else ""
    signing = signing_of(
        way=wanted.way,
        secret=secret,
        params=system if is_json else {**system, **arguments},
        body=body.encode(),
    )
    return SignedCall(
        wanted=wanted,
        system=system,
        query=encoded({**system, SIGN: signing.signature}),
        content_type=JSON_TYPE if is_json else FORM_TYPE,
        body=body if is_json else encoded(arguments),
        signing=signing,
    )


def written_request(call: SignedCall, *, host: str) -> str:
    """The whole HTTP request, with what opens something masked."""
    head = [
        f"POST {PATH}?{_masked_query(call)} HTTP/1.1",
        f"Host: {host}",
        f"Content-Type: {call.content_type}",
        f"Content-Length: {len(call.body.encode())}",
    ]
    return "\r\n".join(head).replace("\r\n", "\n") + f"\n\n{call.body}"


def masked_address(call: SignedCall, *, site: str) -> str:
    """The address with the query, with what opens something masked."""
    return f"{site}{PATH}?{_masked_query(call)}"


def encoded(params: Mapping[str, str]) -> str:
    """A query or a form, as every client writes it."""
    return "&".join(f"{_percent(name)}={_percent(value)}" for name, value in params.items())


def _masked_query(call: SignedCall) -> str:
    shown = {name: MASK if name in OPENS else value for name, value in call.system.items()}
    return encoded({**shown, SIGN: call.signature})


def _style(style: Style) -> dict[str, str]:
    if style == "xml":
        return {"format": "xml"}
    return {"format": "json", **({"simplify": "true"} if style == "simplify" else {})}


def _json(arguments: Mapping[str, str]) -> str:
    """Structured arguments are JSON within the document, not a text of it."""
    said = {name: _value(value) for name, value in arguments.items()}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _value(text: str) -> object:
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _percent(text: str) -> str:
    return "".join(
        chr(byte) if byte in _SAFE else "+" if byte == ord(" ") else f"%{byte:02X}"
        for byte in text.encode()
    )

"""A signature as somebody would make it by hand. No text that leaves here has a secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from santong.kernel.signing import SIGN, SignMethod, top_sign

MASK: Final = "***"
# What opens something is not shown either, though it is signed.
OPENS: Final = frozenset({"session", "access_token", "refresh_token"})

Left = Literal["", "empty", "sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPart:
    """One parameter in the order of signing; `left_out` says why it is not signed."""

    name: str
    value: str
    left_out: Left = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is signed and what comes out. `text` has the body at its end, if one is signed."""

    way: SignMethod
    parts: tuple[SignedPart, ...]
    text: str
    around: str
    signature: str
    has_body: bool


def signing_of(
    *,
    way: SignMethod,
    secret: str,
    params: Mapping[str, str],
    body: bytes = b"",
    hidden: frozenset[str] = OPENS,
) -> Signing:
    """Each step of a signature, with the secret and the values of `hidden` parameters masked."""
    ordered = sorted(params, key=code_units)
    parts = tuple(
        SignedPart(
            name=name,
            value=MASK if name in hidden and params[name] else params[name],
            left_out=_left(name, params[name]),
        )
        for name in ordered
    )
    said = "".join(part.name + part.value for part in parts if not part.left_out)
    text = without(said + body.decode(errors="replace"), secrets=(secret,))
    return Signing(
        way=way,
        parts=parts,
        text=text,
        around=MASK if way == "md5" else "",
        signature=top_sign(method=way, secret=secret, params=params, body=body),
        has_body=bool(body),
    )


def without(text: str, *, secrets: tuple[str, ...]) -> str:
    """A text in which no secret can be read, wherever somebody has put it."""
    for secret in secrets:
        text = text.replace(secret, MASK) if secret else text
    return text


def code_units(name: str) -> bytes:
    """Names sort by code unit, as the platform's own libraries sort."""
    return name.encode("utf-16-be", "surrogatepass")


def _left(name: str, value: str) -> Left:
    if name == SIGN:
        return "sign"
    return "" if value else "empty"

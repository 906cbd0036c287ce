"""What people do wrong when they sign: each mistake as the text that it would have signed.

A signature that is not ours is compared with that of every mistake; the one that agrees is what
was done. Each is one mistake alone, or one beside empty values that were signed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import ascii_letters, digits
from typing import Final

from santong.kernel.signing import SIGN, SIGN_METHODS, SignMethod, top_sign
from santong.portal.rules.signing.steps import code_units

Params = Mapping[str, str]
_SAFE: Final = frozenset((ascii_letters + digits + "-_.~").encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A stable code, and what it was about: a parameter or a way of signing."""

    code: str
    about: str = ""


def mistake_of(
    *, given: str, way: SignMethod, secret: str, params: Params, body: bytes
) -> Mistake | None:
    """The mistake that gives exactly this signature, if it is one that we know."""
    wanted = given.upper()
    for mistake, signature in _tries(way, secret, params, body):
        if signature == wanted:
            return mistake
    return None


def _tries(
    way: SignMethod, secret: str, params: Params, body: bytes
) -> Iterator[tuple[Mistake, str]]:
    filled = {name: value for name, value in params.items() if name != SIGN and value}
    every = {name: value for name, value in params.items() if name != SIGN}
    for other in SIGN_METHODS:
        if other != way:
            told = top_sign(method=other, secret=secret, params=params, body=body)
            yield Mistake(code="other_way", about=other), told
    for keeps_empty, named in ((False, filled), (True, every)):
        if keeps_empty and every == filled:
            break
        for mistake, text in _texts(named, body):
            yield mistake, _digest(way, secret, text)
    yield from _secrets(way, secret, _joined(filled) + body)


def _texts(named: Params, body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """What is digested, with one thing wrong about it."""
    in_order = _in_order(named)
    yield Mistake(code="as_sent"), _join(named.items()) + body
    blind = sorted(named.items(), key=lambda pair: pair[0].lower())
    yield Mistake(code="order_ignores_case"), _join(blind) + body
    backwards = sorted(named.items(), key=lambda pair: code_units(pair[0]), reverse=True)
    yield Mistake(code="backwards"), _join(backwards) + body
    written = "&".join(f"{name}={value}" for name, value in in_order).encode()
    yield Mistake(code="with_separators"), written + body
    yield Mistake(code="values_only"), "".join(value for _, value in in_order).encode() + body
    if body:
        yield Mistake(code="without_body"), _join(in_order)
    yield from _values(in_order, body)
    for name in named:
        rest = [pair for pair in in_order if pair[0] != name]
        yield Mistake(code="left_out", about=name), _join(rest) + body


def _values(in_order: list[tuple[str, str]], body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Values that were written otherwise than they arrived: all of them, or one."""
    for code, written in _WRITTEN.items():
        places = [place for place, (_, value) in enumerate(in_order) if written(value) != value]
        for place in places:
            name, value = in_order[place]
            one = [*in_order[:place], (name, written(value)), *in_order[place + 1 :]]
            yield Mistake(code=code, about=name), _join(one) + body
        if len(places) > 1:
            changed = [(name, written(value)) for name, value in in_order]
            yield Mistake(code=code), _join(changed) + body
    try:
        yield Mistake(code="other_charset", about="GBK"), _join(in_order, "gbk") + body
    except UnicodeEncodeError:
        return


def _secrets(way: SignMethod, secret: str, text: bytes) -> Iterator[tuple[Mistake, str]]:
    """The right text, with the secret at the wrong place."""
    key = secret.encode()
    yield Mistake(code="secret_in_front_only"), _md5(key + text)
    yield Mistake(code="secret_behind_only"), _md5(text + key)
    yield Mistake(code="without_secret"), _md5(text)
    if way != "md5":
        around = key + text + key
        yield Mistake(code="secret_around_hmac"), _digest(way, secret, around)


def _digest(way: SignMethod, secret: str, text: bytes) -> str:
    key = secret.encode()
    if way == "md5":
        return _md5(key + text + key)
    digest = hashlib.md5 if way == "hmac" else hashlib.sha256
    return hmac.new(key, text, digest).hexdigest().upper()


def _md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def _in_order(named: Params) -> list[tuple[str, str]]:
    return sorted(named.items(), key=lambda pair: code_units(pair[0]))


def _joined(named: Params) -> bytes:
    return _join(_in_order(named))


def _join(pairs: object, charset: str = "utf-8") -> bytes:
    return "".join(name + value for name, value in pairs).encode(charset)  # type: ignore[attr-defined]


def _percent(value: str, *, blank: str) -> str:
    letters = (
        chr(byte) if byte in _SAFE else blank if byte == ord(" ") else f"%{byte:02X}"
        for byte in value.encode()
    )
    return "".join(letters)


def _encoded(value: str) -> str:
    return _percent(value, blank="%20")


def _form_encoded(value: str) -> str:
    return _percent(value, blank="+")


def _with_plus(value: str) -> str:
    """What was a plus sign before it went over the wire unencoded."""
    return value.replace(" ", "+")


_WRITTEN: Final[Mapping[str, Callable[[str], str]]] = {
    "encoded": _encoded,
    "form_encoded": _form_encoded,
    "plus_unencoded": _with_plus,
    "trimmed": str.strip,
    "lower_case": str.lower,
    "no_line_ends": lambda value: value.replace("\r\n", "\n"),
}

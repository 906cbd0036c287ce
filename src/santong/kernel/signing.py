"""Signatures of the open platform's calls, both ways (TOP, Qimen, SPI).

A call is signed over its parameters, sorted by name, and its raw body. Two rules differ in what
they leave out: a call to the platform drops empty values, a call from the platform keeps them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

SignMethod = Literal["md5", "hmac", "hmac-sha256"]
SIGN_METHODS: Final[tuple[SignMethod, ...]] = ("md5", "hmac", "hmac-sha256")

SIGN: Final = "sign"
CHINA: Final = timezone(timedelta(hours=8))
TIMESTAMP: Final = "%Y-%m-%d %H:%M:%S"
ALLOWANCE: Final = timedelta(minutes=10)
_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
# A text of digits that long is no instant of ours.
_DIGITS_MOST: Final = 15


def top_sign(
    *,
    method: SignMethod,
    secret: str,
    params: Mapping[str, str],
    body: bytes = b"",
    keeps_empty: bool = False,
) -> str:
    """The signature of a call to the platform's router, in upper-case hex.

    `params` are those of query and form together, decoded, without files; `sign` itself is left
    out. A raw JSON or XML body is signed as it was sent, a form's is not.
    """
    named = {
        name: value
        for name, value in params.items()
        if name and name != SIGN and (value or keeps_empty)
    }
    text = _joined(named).encode() + body
    key = secret.encode()
    if method == "md5":
        # The protocol's own choice; nothing of ours rests on it alone.
        return hashlib.md5(key + text + key, usedforsecurity=False).hexdigest().upper()
    digest = hashlib.md5 if method == "hmac" else hashlib.sha256
    return hmac.new(key, text, digest).hexdigest().upper()


def spi_sign(
    *,
    secret: str,
    params: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
    charset: str = "utf-8",
) -> str:
    """The signature of a call that the platform makes: MD5, with empty values kept.

    `headers` are those that `top-sign-list` names, URL-decoded, a missing one empty; `charset` is
    the content type's. Raises UnicodeEncodeError if the parameters do not fit it.
    """
    named = {**headers, **{name: value for name, value in params.items() if name != SIGN}}
    key = secret.encode(charset)
    text = key + _joined(named).encode(charset) + body + key
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def is_same_signature(*, given: str, expected: str) -> bool:
    """Whether two signatures are equal, in a time that does not tell where they differ.

    Lower case is taken too: whether the platform refuses it is not known.
    """
    return hmac.compare_digest(given.upper().encode(errors="replace"), expected.encode())


def signed_headers(*, listed: str) -> tuple[str, ...]:
    """The headers that `top-sign-list` names."""
    return tuple(name for name in (part.strip() for part in listed.split(",")) if name)


def instant_of(*, timestamp: str) -> datetime | None:
    """When a call says it was made: China's clock, or milliseconds since 1970."""
    if timestamp.isascii() and timestamp.isdigit():
        if len(timestamp) > _DIGITS_MOST:
            return None
        try:
            return datetime.fromtimestamp(int(timestamp) // 1000, UTC)
        except (OverflowError, ValueError):
            return None
    try:
        # As everybody writes it, and ten times as fast to read.
        if _WRITTEN.fullmatch(timestamp):
            return datetime.fromisoformat(timestamp).replace(tzinfo=CHINA)
        return datetime.strptime(timestamp, TIMESTAMP).replace(tzinfo=CHINA)
    except ValueError:
        return None


def timestamp_of(*, now: datetime) -> str:
    """An instant as a call says it: China's clock."""
    return now.astimezone(CHINA).strftime(TIMESTAMP)


def is_fresh(*, timestamp: str, now: datetime, allowance: timedelta = ALLOWANCE) -> bool:
    """Whether a call was made within the allowance, before or after our clock."""
    made_at = instant_of(timestamp=timestamp)
    return made_at is not None and abs(now - made_at) <= allowance


def _joined(named: Mapping[str, str]) -> str:
    """Names and values, sorted by code unit as the platform's own libraries sort."""
    return "".join(name + named[name] for name in sorted(named, key=_code_units))


def _code_units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")

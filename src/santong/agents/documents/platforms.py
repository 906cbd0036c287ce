"""Who a platform says it is: its profile, fetched as the specification wants it fetched.

Over HTTPS, without following anywhere else, from a public address, within a time, and remembered
for a while, whether it was good or not. A platform on this machine may speak plain HTTP, where the
installation lets its networks be called.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from santong.agents.contracts import LONGEST_URL
from santong.agents.errors import PlatformTrouble
from santong.kernel import outbound
from santong.kernel.remembered import Remembered

WITHIN_SECONDS: Final = 3.0
MOST_BYTES: Final = 128 * 1024
_GOOD_SECONDS: Final = 300.0
_BAD_SECONDS: Final = 60.0
_MOST_KEPT: Final = 500
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class _Read:
    """A profile, or why there is none."""

    profile: Any = None
    trouble: str = ""


class _Trouble(Exception):
    """Why there is no profile; raised, so that only a good one is remembered for long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_profiles: Remembered[str, Any] = Remembered(seconds=_GOOD_SECONDS, most=_MOST_KEPT)
_tried: Remembered[str, _Read] = Remembered(seconds=_BAD_SECONDS, most=_MOST_KEPT)


def profile_of(*, url: str, before_fetching: Callable[[], None]) -> Any:
    """A platform's profile, as it was at most five minutes ago. Raises PlatformTrouble.

    Runs outside any transaction: it may wait for somebody else's server. What is not remembered is
    fetched once `before_fetching` has let it: anybody may name an address, and each takes its time.
    """
    if not _is_allowed(url):
        raise PlatformTrouble(trouble="invalid_profile_url")

    def fetched() -> _Read:
        before_fetching()
        return _fetched(url)

    try:
        return _profiles.get(url, lambda: _good(_tried.get(url, fetched)))
    except _Trouble as trouble:
        raise PlatformTrouble(trouble=trouble.code) from None


def _good(read: _Read) -> Any:
    if read.trouble:
        raise _Trouble(read.trouble)
    return read.profile


def _is_allowed(url: str) -> bool:
    if not url or len(url) > LONGEST_URL:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_plain = parts.scheme == "http" and host in _LOOPBACK
    return bool(host) and not parts.username and (parts.scheme == "https" or is_plain)


def _fetched(url: str) -> _Read:
    try:
        answer = outbound.call(
            method="GET",
            url=url,
            headers={"Accept": "application/json", "User-Agent": "Santong UCP"},
            body=b"",
            within_seconds=WITHIN_SECONDS,
            most_bytes=MOST_BYTES,
        )
    except outbound.Failed as failed:
        is_address = failed.code in {"no_such_host", "address_not_allowed"}
        return _Read(trouble="invalid_profile_url" if is_address else "profile_unreachable")
    if answer.status != HTTPStatus.OK:
        return _Read(trouble="profile_unreachable")
    try:
        return _Read(profile=json.loads(answer.body))
    except (ValueError, RecursionError):
        return _Read(trouble="profile_malformed")

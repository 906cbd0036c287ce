"""The checks that a call passes before it is carried out, but for those that ask a table.

Their order is the router's (ADR 0065): method, application, version, time, format, signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from santong.kernel.signing import (
    SIGN,
    SIGN_METHODS,
    SignMethod,
    instant_of,
    is_fresh,
    is_same_signature,
    top_sign,
)
from santong.topgateway import errors
from santong.topgateway.contracts import Style
from santong.topgateway.errors import Refused
from santong.topgateway.rules.received import Received

VERSION: Final = "2.0"
OLDER_VERSIONS: Final = frozenset({"1.0"})
DEFAULT_SIGN_METHOD: Final = "md5"


def method_name(received: Received) -> str:
    """The method that is called. Raises Refused."""
    name = received.said("method")
    if not name:
        raise Refused(errors.MISSING_METHOD, "isv.missing-method", "method")
    return name


def app_key(received: Received) -> str:
    """The application that calls, as it says. Raises Refused."""
    key = received.said("app_key")
    if not key:
        raise Refused(errors.MISSING_APP_KEY, "isv.missing-app-key", "app_key")
    return key


def check_version(received: Received) -> None:
    """Raises Refused unless the call is of the version that is spoken here."""
    version = received.said("v")
    if version == VERSION:
        return
    if not version:
        raise Refused(errors.MISSING_VERSION, "isv.missing-version", "v")
    if version in OLDER_VERSIONS:
        raise Refused(errors.UNSUPPORTED_VERSION, "isv.unsupported-version", f"v: {VERSION}")
    raise Refused(errors.INVALID_VERSION, "isv.invalid-version", f"v: {VERSION}")


def check_time(received: Received, *, now: datetime) -> None:
    """Raises Refused unless the call was made within ten minutes of our clock."""
    timestamp = received.said("timestamp")
    if not timestamp:
        raise Refused(errors.MISSING_TIMESTAMP, "isv.missing-timestamp", "timestamp")
    if is_fresh(timestamp=timestamp, now=now):
        return
    if instant_of(timestamp=timestamp) is None:
        why = "timestamp: yyyy-MM-dd HH:mm:ss in GMT+8, or milliseconds since 1970"
        raise Refused(errors.INVALID_TIMESTAMP, "isv.invalid-timestamp", why)
    why = "timestamp: more than 10 minutes from the time here"
    raise Refused(errors.INVALID_TIMESTAMP, "isv.timestamp-out-of-range", why)


def style_of(received: Received) -> Style:
    """How the caller wants its answer; XML where it does not say. Raises Refused."""
    wanted = received.said("format") or "xml"
    if wanted == "xml":
        return "xml"
    if wanted == "json":
        return "simple" if received.said("simplify") == "true" else "json"
    raise Refused(errors.INVALID_FORMAT, "isv.invalid-format", "format: xml or json")


def check_signature(received: Received, *, secrets: Iterable[str]) -> None:
    """Raises Refused unless one of the application's secrets has signed the call.

    Empty values are left out, as the platform has it; a client that signs them is understood, too.
    Every secret is tried, so that the time does not tell which one it was.
    """
    given = received.said(SIGN)
    if not given:
        raise Refused(errors.MISSING_SIGNATURE, "isv.missing-signature", "sign")
    way = _sign_method(received)
    has_empty = any(not value for value in received.params.values())
    found = [
        is_same_signature(
            given=given,
            expected=top_sign(
                method=way,
                secret=secret,
                params=received.params,
                body=received.body,
                keeps_empty=keeps_empty,
            ),
        )
        for secret in secrets
        for keeps_empty in ((False, True) if has_empty else (False,))
    ]
    if not any(found):
        raise Refused(errors.INVALID_SIGNATURE, "isv.invalid-signature", "sign")


def check_address(*, address: str, ranges: Iterable[IPv4Network | IPv6Network]) -> None:
    """Raises Refused where the application is called from a network that it has not named."""
    allowed = tuple(ranges)
    if not allowed:
        return
    try:
        caller = ip_address(address)
    except ValueError:
        raise _strange(address) from None
    if not any(caller in each for each in allowed):
        raise _strange(address)


def _strange(address: str) -> Refused:
    why = f"the address {address[:45]} is not on the application's list"
    return Refused(errors.ISV_PERMISSIONS, "isv.permission-ip-whitelist-limit", why)


def _sign_method(received: Received) -> SignMethod:
    way = received.said("sign_method") or DEFAULT_SIGN_METHOD
    if way not in SIGN_METHODS:
        why = f"sign_method: {', '.join(SIGN_METHODS)}"
        raise Refused(errors.INVALID_SIGNATURE, "isv.invalid-sign-method", why)
    return way

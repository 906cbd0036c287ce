"""From where an app may call, and to where a browser may be sent back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network
from typing import Final

from santong.kernel.errors import FieldInvalid
from santong.openplatform.contracts import LONGEST_URI, MOST_RANGES, MOST_REDIRECTS, Network

_HTTPS: Final = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*|\?[!-~]*)?", re.ASCII)
_LOOPBACK: Final = re.compile(
    r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[!-~]*|\?[!-~]*)?", re.ASCII
)
# An app on a telephone has a scheme of its own, named after a domain (RFC 8252, 7.1).
_PRIVATE: Final = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9-]+)+:/[!-~]*", re.ASCII)
_FORBIDDEN: Final = frozenset("#\\\"<>`{}|^' ;,")


def networks_of(ranges: Iterable[str]) -> tuple[Network, ...]:
    """Ranges of addresses as they were checked when they were written."""
    return tuple(ip_network(each) for each in ranges)


def checked_ranges(ranges: Sequence[str]) -> list[str]:
    """Ranges of addresses, each written in the one way. Raises FieldInvalid."""
    if len(ranges) > MOST_RANGES:
        raise FieldInvalid(pointer="/ip_ranges", reason=f"at most {MOST_RANGES}")
    found: list[str] = []
    for place, each in enumerate(ranges):
        try:
            found.append(str(ip_network(each.strip())))
        except ValueError:
            raise FieldInvalid(
                pointer=f"/ip_ranges/{place}", reason="an address or a range like 10.1.0.0/16"
            ) from None
    return list(dict.fromkeys(found))


def is_within(*, address: str, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of the ranges; without ranges every address does."""
    if not networks:
        return True
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(asked, "ipv4_mapped", None)
    return any((mapped or asked) in network for network in networks)


def checked_redirects(uris: Sequence[str]) -> list[str]:
    """Where browsers may be sent back to, each taken as it is written. Raises FieldInvalid."""
    if len(uris) > MOST_REDIRECTS:
        raise FieldInvalid(pointer="/redirect_uris", reason=f"at most {MOST_REDIRECTS}")
    for place, uri in enumerate(uris):
        if not is_redirect(uri):
            raise FieldInvalid(
                pointer=f"/redirect_uris/{place}",
                reason="https, http to this machine, or a scheme with a dot; no fragment",
            )
    return list(dict.fromkeys(uris))


def is_redirect(uri: str) -> bool:
    """Whether browsers may be sent to an address at all."""
    if len(uri) > LONGEST_URI or _FORBIDDEN & set(uri):
        return False
    return any(shape.fullmatch(uri) for shape in (_HTTPS, _LOOPBACK, _PRIVATE))

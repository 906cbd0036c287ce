"""One HTTP request out: to an address that is allowed, within a time, and no further.

Python's own client, because three things are wanted that a richer one hides: the address that was
looked at is the one that is called, a redirect is an answer like any other, and the time is that of
the whole call and not of each part of it.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

LARGEST_ANSWER: Final = 256 * 1024
_TLS: Final = ssl.create_default_context()

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; names of headers are small."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Failed(Exception):
    """No answer, or none that can be read; `code` says why and names nobody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def post(
    *,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    within_seconds: float,
    also_allowed: Sequence[str] = (),
) -> Answer:
    """Send a body and give what is answered within the time, as `call` does. Raises Failed."""
    return call(
        method="POST",
        url=url,
        headers=headers,
        body=body,
        within_seconds=within_seconds,
        also_allowed=also_allowed,
    )


def call(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    within_seconds: float,
    most_bytes: int = LARGEST_ANSWER,
    also_allowed: Sequence[str] = (),
) -> Answer:
    """Send a body and give what is answered within the time. Raises Failed.

    The name is resolved once; a private address is called only if the installation allows it, so
    that nobody who may set up a connection reaches what only this machine can reach. Networks that
    are `also_allowed` are for addresses that nobody typed.
    """
    ends_at = time.monotonic() + within_seconds
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = _allowed(parts.hostname or "", port, also=also_allowed)
    except (OSError, ValueError):
        raise Failed("no_such_host") from None
    if address is None:
        raise Failed("address_not_allowed")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _To(parts.hostname or "", port, address, is_tls=parts.scheme == "https")
    line.timeout = within_seconds
    # A time for each part would let somebody who sends a byte now and then hold the line for ever.
    end = threading.Timer(ends_at - time.monotonic(), line.hang_up)
    end.daemon = True
    end.start()
    try:
        line.request(method, target, body=body, headers=dict(headers))
        response = line.getresponse()
        found = response.read(most_bytes + 1)
    except (OSError, ValueError, http.client.HTTPException) as broken:
        is_late = isinstance(broken, TimeoutError) or time.monotonic() >= ends_at
        is_tls = isinstance(broken, ssl.SSLError)
        raise Failed("too_slow" if is_late else "tls_refused" if is_tls else "no_answer") from None
    finally:
        end.cancel()
        # Closing lets go of the connection, but an answer that was not read to its end keeps it.
        line.hang_up()
        line.close()
    if len(found) > most_bytes:
        raise Failed("answer_too_large")
    if time.monotonic() >= ends_at:
        raise Failed("too_slow")
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, body=found, headers=names)


class _To(http.client.HTTPConnection):
    """A connection to an address that was looked at, under the name that was asked for."""

    sock: socket.socket | None

    def __init__(self, host: str, port: int, address: Address, *, is_tls: bool) -> None:
        super().__init__(host, port)
        self._address = address
        self._is_tls = is_tls
        self._under_way: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((str(self._address), self.port), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._under_way = plain
        self.sock = plain
        if self._is_tls:
            self.sock = self._under_way = _TLS.wrap_socket(plain, server_hostname=self.host)

    def hang_up(self) -> None:
        """End whatever is under way, from another thread."""
        # The library lets go of its own while an answer is still being read.
        if self._under_way is not None:
            with contextlib.suppress(OSError):
                self._under_way.shutdown(socket.SHUT_RDWR)


def _allowed(host: str, port: int, *, also: Sequence[str]) -> Address | None:
    """The first address of a host that may be called."""
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        if _may_be_called(mapped or address, also=also):
            return address
    return None


def _may_be_called(address: Address, *, also: Sequence[str]) -> bool:
    allowed = [*settings.SANTONG_OUTBOUND_NETWORKS, *also]
    if any(address in network for network in networks(allowed)):
        return True
    return address.is_global and not address.is_multicast


def networks(
    written: Sequence[str],
) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks from a setting: `10.0.0.0/8`."""
    return [ipaddress.ip_network(each) for each in written]

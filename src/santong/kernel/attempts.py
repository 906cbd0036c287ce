"""Tries that may fail only so often: log-ins and codes that somebody could guess.

Counters live in the directory, before any merchant is known, and outside the transaction of what is
tried: a refusal does not take its own count back. What is counted is hashed with the installation's
secret, so that the table names nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import connection

KEPT_FOR = timedelta(days=1)

_TAKE = """
INSERT INTO directory.attempt AS a (subject, tries, last_at) VALUES (%s, ARRAY[%s], %s)
ON CONFLICT (subject) DO UPDATE
SET tries = ARRAY(SELECT t FROM unnest(a.tries) t WHERE t > %s ORDER BY t) || excluded.tries,
    last_at = excluded.last_at
WHERE (SELECT count(*) FROM unnest(a.tries) t WHERE t > %s) < %s
RETURNING true
"""
_NEXT = """
SELECT min(t) FROM (
    SELECT t FROM directory.attempt a, unnest(a.tries) t WHERE a.subject = %s AND t > %s
    ORDER BY t DESC LIMIT %s
) AS counted
"""
_FORGET_OLD = """
DELETE FROM directory.attempt WHERE subject IN (
    SELECT subject FROM directory.attempt WHERE last_at < %s LIMIT 10 FOR UPDATE SKIP LOCKED
)
"""


def take(*, subject: str, most: int, within: timedelta, now: datetime) -> timedelta | None:
    """Count a try before it is looked at; how long to wait, if it may not be made.

    Never more than `most` tries in any span of `within`, however many come at once. Locks the
    subject's counter for one statement; runs outside any transaction.
    """
    assert not connection.in_atomic_block, "a counter that is rolled back counts nothing"
    return _taken(subject, most, within, now)


def take_here(*, subject: str, most: int, within: timedelta, now: datetime) -> timedelta | None:
    """The same within the open transaction, which the caller commits whatever the try comes to.

    Locks the subject's counter until then: tries of one subject follow one another.
    """
    assert connection.in_atomic_block, "outside a transaction, `take` does this"
    return _taken(subject, most, within, now)


def _taken(subject: str, most: int, within: timedelta, now: datetime) -> timedelta | None:
    hashed, start = _hashed(subject), now - within
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_OLD, [now - max(KEPT_FOR, within)])
        cursor.execute(_TAKE, [hashed, now, now, start, start, most])
        if cursor.fetchone():
            return None
        cursor.execute(_NEXT, [hashed, start, most])
        (first,) = cursor.fetchone()
    return (first or now) + within - now


def give_back(*, subject: str, taken_at: datetime) -> None:
    """Take one try off the count: it was a good one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory.attempt a SET tries = a.tries[:p - 1] || a.tries[p + 1:]"
            " FROM (SELECT array_position(tries, %s) AS p FROM directory.attempt"
            " WHERE subject = %s FOR UPDATE) AS found WHERE a.subject = %s AND p IS NOT NULL",
            [taken_at, hashed := _hashed(subject), hashed],
        )


def forget(*, subject: str) -> None:
    """Start counting anew: the subject has proved itself."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM directory.attempt WHERE subject = %s", [_hashed(subject)])


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 user has to himself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def _hashed(subject: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, f"attempt:{subject}".encode(), hashlib.sha256)

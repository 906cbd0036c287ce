"""How an app fares: its log a page at a time, and what its calls come to."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from santong.kernel.errors import NoSuch
from santong.openplatform import contracts
from santong.openplatform.models import Call

_TRAFFIC: Final = """
SELECT date_bin(%(step)s * interval '1 second', minute, %(since)s) AS since,
  sum(calls), sum(failures)
FROM openplatform_callcount
WHERE merchant_id = %(merchant)s AND app_key = %(app_key)s AND minute >= %(since)s
  AND minute < %(until)s AND (%(method)s = '' OR method = %(method)s)
GROUP BY 1 ORDER BY 1
"""
_METHODS: Final = """
SELECT method, count(*), count(*) FILTER (WHERE code <> ''),
  percentile_disc(0.5) WITHIN GROUP (ORDER BY milliseconds),
  percentile_disc(0.95) WITHIN GROUP (ORDER BY milliseconds)
FROM openplatform_call
WHERE merchant_id = %(merchant)s AND app_key = %(app_key)s AND at >= %(since)s AND at < %(until)s
GROUP BY method ORDER BY 3 DESC, 2 DESC, 1
"""
_CODES: Final = """
SELECT code, sub_code, count(*), max(at)
FROM openplatform_call
WHERE merchant_id = %(merchant)s AND app_key = %(app_key)s AND at >= %(since)s AND at < %(until)s
  AND code <> '' AND (%(method)s = '' OR method = %(method)s)
GROUP BY code, sub_code ORDER BY 3 DESC, 1, 2 LIMIT 20
"""
_BUSIEST: Final = """
SELECT method, max(calls) FROM openplatform_callcount
WHERE merchant_id = %(merchant)s AND app_key = %(app_key)s AND minute >= %(since)s
  AND minute < %(until)s
GROUP BY method
"""


def calls_page(
    *,
    merchant_id: int,
    wanted: contracts.CallsWanted,
    before: tuple[datetime, int] | None = None,
    most: int = 50,
) -> list[contracts.Call]:
    """Calls of an app's log that this tenant may know of, the latest first.

    `before` is the instant and the id of the last one that was shown: rows that come in meanwhile
    move nothing.
    """
    rows = Call.objects.of_merchant(merchant_id).filter(
        app_key=wanted.app_key, at__gte=wanted.since, at__lt=wanted.until
    )
    if wanted.method:
        rows = rows.filter(method=wanted.method)
    if wanted.request_id:
        rows = rows.filter(request_id=wanted.request_id)
    if wanted.outcome == "failed":
        rows = rows.exclude(code="")
    if wanted.outcome == "good":
        rows = rows.filter(code="")
    if wanted.code:
        rows = rows.filter(code=wanted.code)
    if before is not None:
        at, last_id = before
        rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, id__lt=last_id))
    return [row.as_contract() for row in rows.order_by("-at", "-id")[:most]]


def call_by_id(*, merchant_id: int, call_id: int) -> contracts.Call:
    """One call of this tenant's log. Raises NoSuch."""
    row = Call.objects.of_merchant(merchant_id).filter(id=call_id).first()
    if row is None:
        raise NoSuch(kind="call", key=str(call_id))
    return row.as_contract()


def traffic(
    *,
    merchant_id: int,
    app_key: str,
    since: datetime,
    until: datetime,
    step_seconds: int,
    method: str = "",
) -> list[contracts.Traffic]:
    """Calls and failures in steps of time, from the counters; a step without calls is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TRAFFIC,
            {
                "merchant": merchant_id,
                "app_key": app_key,
                "since": since,
                "until": until,
                "step": step_seconds,
                "method": method,
            },
        )
        found = cursor.fetchall()
    return [
        contracts.Traffic(since=at, calls=int(calls), failures=int(failures))
        for at, calls, failures in found
    ]


def method_figures(
    *, merchant_id: int, app_key: str, since: datetime, until: datetime
) -> list[contracts.MethodFigures]:
    """Each method with its calls, failures, times and busiest minute; what fails most is first."""
    named: dict[str, int | str | datetime] = {
        "merchant": merchant_id,
        "app_key": app_key,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_METHODS, named)
        found = cursor.fetchall()
        cursor.execute(_BUSIEST, named)
        busiest: dict[str, int] = dict(cursor.fetchall())
    return [
        contracts.MethodFigures(
            method=method,
            calls=calls,
            failures=failures,
            p50_milliseconds=median,
            p95_milliseconds=slow,
            busiest_minute=busiest.get(method, 0),
        )
        for method, calls, failures, median, slow in found
    ]


def failures_by_code(
    *, merchant_id: int, app_key: str, since: datetime, until: datetime, method: str = ""
) -> list[contracts.FailureCount]:
    """What an app was refused with, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CODES,
            {
                "merchant": merchant_id,
                "app_key": app_key,
                "since": since,
                "until": until,
                "method": method,
            },
        )
        found = cursor.fetchall()
    return [
        contracts.FailureCount(code=code, sub_code=sub_code, calls=calls, last_at=last_at)
        for code, sub_code, calls, last_at in found
    ]

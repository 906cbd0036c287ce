"""What apps called, and how it went: each tenant reads its own log."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Sum

from santong.openplatform import contracts
from santong.openplatform.models import Call, CallCount


def calls_of_app(
    *,
    merchant_id: int,
    app_key: str,
    since: datetime,
    until: datetime,
    method: str = "",
    only_failures: bool = False,
    most: int = 100,
) -> list[contracts.Call]:
    """Calls of an app that this tenant may know of, the latest first.

    The owner sees all of its app's, a seller those with its own sessions.
    """
    rows = Call.objects.of_merchant(merchant_id).filter(
        app_key=app_key, at__gte=since, at__lt=until
    )
    if method:
        rows = rows.filter(method=method)
    if only_failures:
        rows = rows.exclude(code="")
    return [row.as_contract() for row in rows.order_by("-at", "-id")[:most]]


def error_rates(
    *, merchant_id: int, app_key: str, since: datetime, until: datetime
) -> list[contracts.ErrorRate]:
    """How an app's calls went in whole minutes, by method; what fails most often comes first."""
    rows = (
        CallCount.objects.of_merchant(merchant_id)
        .filter(app_key=app_key, minute__gte=since, minute__lt=until)
        .values("method")
        .annotate(
            calls_sum=Sum("calls"),
            failures_sum=Sum("failures"),
            milliseconds_sum=Sum("milliseconds"),
            slowest=Max("slowest_milliseconds"),
        )
    )
    rates = [
        contracts.ErrorRate(
            app_key=app_key,
            method=row["method"],
            calls=row["calls_sum"],
            failures=row["failures_sum"],
            mean_milliseconds=row["milliseconds_sum"] // row["calls_sum"],
            slowest_milliseconds=row["slowest"],
        )
        for row in rows
    ]
    return sorted(rates, key=lambda rate: (-rate.failures, -rate.calls, rate.method))

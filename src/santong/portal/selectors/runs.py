"""Runs of the conformance suite, newest first."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.portal import contracts
from santong.portal.models import ConformanceRun


def runs_of(*, merchant_id: int, app_key: str, limit: int = 20) -> list[contracts.Run]:
    """The latest runs of an app."""
    rows = ConformanceRun.objects.of_merchant(merchant_id).filter(app_key=app_key)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def run_by_id(*, merchant_id: int, run_id: int) -> contracts.Run:
    """One run with all its results. Raises NoSuch."""
    row = ConformanceRun.objects.of_merchant(merchant_id).filter(id=run_id).first()
    if row is None:
        raise NoSuch(kind="conformance_run", key=str(run_id))
    return row.as_contract()


def has_passed(*, merchant_id: int, app_key: str) -> bool:
    """Whether the latest run of an app that was done has passed."""
    rows = ConformanceRun.objects.of_merchant(merchant_id).filter(app_key=app_key, state="done")
    latest = rows.order_by("-id").first()
    return latest is not None and latest.as_contract().has_passed


def merchants_with_runs() -> list[int]:
    """Whose runs wait or go on, over the whole cell. Runs in the cell's own scope."""
    rows = ConformanceRun.objects.filter(state__in=["waiting", "running"])
    return list(rows.values_list("merchant_id", flat=True).distinct())

"""Work on a schedule or a queue: Procrastinate, with its tables in the merchant's cell.

A scheduled job runs once for each merchant of the cell, each in its own scope and transaction; one
merchant's failure does not keep another waiting. A merchant whose past is being replayed has its
jobs paused: the replay does by its own clock what the schedule would do by ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from santong.kernel import cells, tenancy
from santong.kernel.models import PausedJobs

log = structlog.get_logger(__name__)


class MerchantJob(Protocol):
    """What runs for one merchant, inside its scope."""

    __name__: str

    def __call__(self, *, merchant_id: int, now: datetime) -> object: ...


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job with its schedule."""

    name: str
    cron: str
    run: MerchantJob


_scheduled: dict[str, Scheduled] = {}


def scheduled() -> dict[str, Scheduled]:
    """Every scheduled job by name."""
    return _scheduled


def periodic(*, name: str, cron: str) -> Callable[[MerchantJob], MerchantJob]:
    """Run a function for every merchant on a schedule (cron, with seconds as a sixth field)."""

    def register(function: MerchantJob) -> MerchantJob:
        _scheduled[name] = Scheduled(name, cron, function)

        def run(context: JobContext, timestamp: int) -> None:
            run_for_cell(name=name, cell=context.additional_context["cell"])

        task = app.task(name=name, pass_context=True, queueing_lock=name)(run)
        app.periodic(cron=cron)(task)
        return function

    return register


def run_for_cell(*, name: str, cell: cells.Cell) -> None:
    """Run a scheduled job for every merchant of a cell."""
    job = _scheduled[name]
    paused = _paused(cell)
    for entry in cells.merchants_of(cell):
        if entry.merchant_id in paused:
            continue
        try:
            with tenancy.scope(merchant_id=entry.merchant_id, request_id=f"job:{name}"):
                job.run(merchant_id=entry.merchant_id, now=datetime.now(UTC))
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("job_failed", job=name, merchant_id=entry.merchant_id)


def pause_jobs(*, merchant_id: int, reason: str, now: datetime) -> None:
    """Let no scheduled job run for a merchant until `resume_jobs`; those that run end first."""
    PausedJobs.objects.get_or_create(
        merchant_id=merchant_id, defaults={"reason": reason, "since": now}
    )


def resume_jobs(*, merchant_id: int) -> None:
    """Let the schedule see to the merchant again."""
    PausedJobs.objects.filter(merchant_id=merchant_id).delete()


def _paused(cell: cells.Cell) -> set[int]:
    with tenancy.system_scope(cell):
        return set(PausedJobs.objects.values_list("merchant_id", flat=True))


def periodic_in_cell(
    *, name: str, cron: str
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Run a function once for the cell on a schedule, outside any merchant's scope."""

    def register(function: Callable[..., object]) -> Callable[..., object]:
        def run(context: JobContext, timestamp: int) -> None:
            function(cell=context.additional_context["cell"], now=datetime.now(UTC))

        task = app.task(name=name, pass_context=True, queueing_lock=name)(run)
        app.periodic(cron=cron)(task)
        return function

    return register


def queued(*, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a function a queue: `function.later(merchant_id=…)` enqueues it in the transaction."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*, merchant_id: int, **arguments: Any) -> None:
            with tenancy.scope(merchant_id=merchant_id, request_id=f"job:{name}"):
                function(merchant_id=merchant_id, now=datetime.now(UTC), **arguments)

        retry = RetryStrategy(max_attempts=8, exponential_wait=2)
        task = app.task(name=name, retry=retry)(run)
        function.later = task.defer  # type: ignore[attr-defined]
        return function

    return register

"""The schedule sees to every merchant, but for those whose clock is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from santong.kernel import cells, jobs, tenancy

NAME = "kernel.test_seen"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Whom a scheduled job has seen to."""
    found: list[int] = []

    def see(*, merchant_id: int, now: datetime) -> None:
        assert tenancy.current().merchant_id == merchant_id
        found.append(merchant_id)

    monkeypatch.setitem(jobs.scheduled(), NAME, jobs.Scheduled(NAME, "* * * * *", see))
    return found


def run(merchant_id: int) -> None:
    jobs.run_for_cell(name=NAME, cell=cells.cell_of(merchant_id))


def test_a_job_runs_for_every_merchant_of_a_cell(
    new_merchant: Callable[..., int], seen: list[int]
) -> None:
    first, second = new_merchant(), new_merchant()
    elsewhere = new_merchant(cell="second")

    run(first)

    assert {first, second} <= set(seen)
    assert elsewhere not in seen


def test_paused_jobs_leave_one_merchant_alone_until_they_are_resumed(
    new_merchant: Callable[..., int], seen: list[int], now: datetime
) -> None:
    first, second = new_merchant(), new_merchant()
    for _ in range(2):
        with tenancy.scope(merchant_id=first):
            jobs.pause_jobs(merchant_id=first, reason="its past is replayed", now=now)

    run(first)
    paused = set(seen)
    with tenancy.scope(merchant_id=first):
        jobs.resume_jobs(merchant_id=first)
    run(first)

    assert second in paused
    assert first not in paused
    assert first in seen


def test_one_merchants_failure_does_not_keep_another_waiting(
    new_merchant: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = new_merchant(), new_merchant()
    found: list[int] = []

    def see(*, merchant_id: int, now: datetime) -> None:
        if merchant_id == first:
            raise ValueError("a bug")
        found.append(merchant_id)

    monkeypatch.setitem(jobs.scheduled(), NAME, jobs.Scheduled(NAME, "* * * * *", see))

    run(first)

    assert second in found

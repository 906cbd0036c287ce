"""Runs of the conformance suite over the wire: calls in no transaction, results in short ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db import connection as database

from santong.kernel import tenancy
from santong.kernel.outbound import Failed, post
from santong.portal.contracts import CaseResult
from santong.portal.rules.conformance.asks import Ask, Seen, wire_of
from santong.portal.rules.conformance.suite import Verdict, suite_of, verdict_of
from santong.portal.services.work_on_run import Claimed, claim_run, note_results

# Longer than a marketplace waits, so that the report can say how long it took.
WAITS_SECONDS: Final = 5.0
_LONGEST_TEXT: Final = 200

Clock = Callable[[], datetime]


def carry_out(*, merchant_id: int, clock: Clock) -> int:
    """Run the suites that wait; how many were worked on. No scope may be open."""
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    made = 0
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            claimed = claim_run(merchant_id=merchant_id, now=clock())
        if claimed is None:
            return made
        _run(merchant_id, claimed, clock)
        made += 1


def _run(merchant_id: int, claimed: Claimed, clock: Clock) -> None:
    cases = suite_of(subject=claimed.subject)
    results: list[CaseResult] = []
    everything: list[Seen] = []
    for place, case in enumerate(cases, start=1):
        seen = _ask(claimed, case.ask, clock) if case.ask else everything
        everything = [*everything, *seen] if case.ask else everything
        results.append(_result(verdict_of(case=case, seen=seen)))
        with tenancy.scope(merchant_id=merchant_id):
            is_ours = note_results(
                merchant_id=merchant_id,
                claimed=claimed,
                results=results,
                cases_total=len(cases),
                is_done=place == len(cases),
                now=clock(),
            )
        if not is_ours:
            return


def _ask(claimed: Claimed, ask: Ask, clock: Clock) -> list[Seen]:
    wire = wire_of(ask=ask, app_key=claimed.app_key, secret=claimed.secret, now=clock())
    joint = "&" if "?" in claimed.url else "?"
    url = claimed.url + joint + urlencode(wire.query)
    body = urlencode(wire.form).encode() if wire.form else wire.body

    def once(_: int) -> Seen:
        return _post(url, wire.headers, body)

    if ask.at_once == 1:
        return [once(0)]
    with ThreadPoolExecutor(max_workers=ask.at_once) as pool:
        return list(pool.map(once, range(ask.at_once)))


def _post(url: str, headers: Mapping[str, str], body: bytes) -> Seen:
    started = time.perf_counter()
    try:
        answer = post(url=url, headers=headers, body=body, within_seconds=WAITS_SECONDS)
    except Failed as failed:
        return Seen(milliseconds=_since(started), failure=failed.code)
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    return Seen(
        milliseconds=_since(started),
        status=answer.status,
        content_type=answer.headers.get("content-type", ""),
        document=document if isinstance(document, dict) else None,
        text=answer.body[:_LONGEST_TEXT].decode(errors="replace"),
    )


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1_000)


def _result(verdict: Verdict) -> CaseResult:
    fault = verdict.fault
    return CaseResult(
        code=verdict.code,
        level=verdict.level,
        method=verdict.method,
        milliseconds=verdict.milliseconds,
        reason=fault.reason if fault else "",
        wanted=fault.wanted if fault else "",
        got=fault.got if fault else "",
    )

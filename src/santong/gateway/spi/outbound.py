"""One call over a connection, past its breaker, into its log. Outside any transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db import connection as database

from santong.gateway.contracts import CallMade
from santong.gateway.rules.calls_out import crm_call, platform_call
from santong.gateway.rules.said import Said, said_by_crm, said_by_platform
from santong.gateway.selectors.lines import Line
from santong.gateway.services.judge_connection import judge_connection
from santong.gateway.services.log_call import log_call
from santong.gateway.services.use_line import give_line_back, take_line
from santong.kernel import tenancy
from santong.kernel.outbound import Failed, post

RESTS: Final = Said(outcome="failed", code="line_rests", document={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call that has ended, and how long it took."""

    said: Said
    milliseconds: int
    method: str
    fields: Mapping[str, object]


def ask(
    *, line: Line, method: str, fields: Mapping[str, object], within_ms: int, now: datetime
) -> Said:
    """Make a call if the breaker lets it through, and log it; what it said, or that it failed."""
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    with tenancy.scope(merchant_id=line.merchant_id):
        generation = take_line(merchant_id=line.merchant_id, connection_id=line.id, now=now)
    if generation is None:
        return RESTS
    made = send(line=line, method=method, fields=fields, within_ms=within_ms, now=now)
    with tenancy.scope(merchant_id=line.merchant_id):
        record(line=line, made=made, generation=generation, now=now)
    return made.said


def send(
    *, line: Line, method: str, fields: Mapping[str, object], within_ms: int, now: datetime
) -> Made:
    """The call itself: no table is read or written. It never raises what the other side caused."""
    started = time.perf_counter()
    try:
        said = _said(line, method, fields, within_ms, now)
    except Failed as failure:
        said = Said(outcome="failed", code=failure.code, document={})
    milliseconds = round((time.perf_counter() - started) * 1_000)
    return Made(said=said, milliseconds=milliseconds, method=method, fields=fields)


def record(*, line: Line, made: Made, generation: int, now: datetime) -> None:
    """Log a call, tell the breaker, and ring the alarm if too many fail. Inside a scope.

    Locks the connection and the breaker where that changes something.
    """
    is_well = made.said.outcome != "failed"
    log_call(
        merchant_id=line.merchant_id,
        call=CallMade(
            connection_id=line.id,
            direction="out",
            method=made.method,
            milliseconds=made.milliseconds,
            outcome=made.said.outcome,
            code=made.said.code,
            request=made.fields,
            answer=made.said.document,
        ),
        now=now,
    )
    if not is_well:
        judge_connection(merchant_id=line.merchant_id, connection_id=line.id, now=now)
    give_line_back(
        merchant_id=line.merchant_id,
        connection_id=line.id,
        generation=generation,
        is_well=is_well,
        now=now,
    )


def _said(
    line: Line, method: str, fields: Mapping[str, object], within_ms: int, now: datetime
) -> Said:
    secret = line.good_secrets(now=now)[0]
    if line.kind == "marketplace":
        system, business = platform_call(
            method=method,
            app_key=line.app_key,
            secret=secret,
            session=line.session,
            sign_method=line.sign_method,
            fields=fields,
            now=now,
        )
        body, content = urlencode(business).encode(), "application/x-www-form-urlencoded"
    else:
        system, body = crm_call(
            method=method, app_key=line.app_key, secret=secret, fields=fields, now=now
        )
        content = "application/json"
    joint = "&" if "?" in line.url else "?"
    answer = post(
        url=line.url + joint + urlencode(system),
        headers={
            "Content-Type": f"{content};charset=utf-8",
            "Accept": "application/json,text/javascript",
            "User-Agent": "santong",
        },
        body=body,
        within_seconds=within_ms / 1_000,
    )
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    reading = said_by_platform if line.kind == "marketplace" else said_by_crm
    return reading(status=answer.status, document=document)

"""As the hub: who is unknown to us may be known to the older CRM that stands behind.

Nothing waits for it longer than whoever asked waits for us. While it is down, members whom we know
are answered from our own data, and what it is to take over is queued.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError

from santong.gateway.rules.calls_out import BIND, BIND_QUERY, MEMBER_QUERY
from santong.gateway.rules.member_calls import (
    Contract,
    MemberCall,
    broken_of,
    relayed_answer,
    relayed_fields,
)
from santong.gateway.rules.said import Said
from santong.gateway.rules.standings import standing_told
from santong.gateway.selectors.lines import Line, line_by_id
from santong.gateway.services.answer_member_call import Answered
from santong.gateway.services.hurry import hurry
from santong.gateway.services.take_over_member import take_over_member
from santong.gateway.services.take_standing import Moved
from santong.gateway.spi.failures import unsaid
from santong.gateway.spi.outbound import ask
from santong.kernel import cells, tenancy
from santong.kernel.actors import Actor
from santong.kernel.errors import DomainError

log = structlog.get_logger("santong.spi")

SHORTEST_MS: Final = 50
_METHODS: Final[Mapping[Contract, str]] = {
    "bind_query": BIND_QUERY,
    "bind": BIND,
    "member_query": MEMBER_QUERY,
}


def relay(
    *,
    line: Line,
    call: MemberCall,
    fields: Mapping[str, object],
    own: Answered,
    within_ms: int,
    request_id: str,
    now: datetime,
) -> Answered:
    """What the older CRM behind a connection answers, or our own answer where it knows nobody.

    Whether somebody is a member there cannot be told while it is down: the marketplace is told to
    ask again, rather than to register somebody twice.
    """
    method = _METHODS.get(call.contract)
    with tenancy.scope(merchant_id=line.merchant_id):
        behind = line_by_id(merchant_id=line.merchant_id, connection_id=line.behind_id or 0)
    if method is None or behind is None or not behind.is_active:
        return own
    if within_ms < SHORTEST_MS:
        return _broken(call.contract, "too_slow")
    said = ask(
        line=behind,
        method=method,
        fields=relayed_fields(fields=fields),
        within_ms=min(within_ms, behind.answers_within_ms),
        now=now,
    )
    if said.outcome == "failed":
        return own if call.is_unbinding else _broken(call.contract, said.code)
    document = relayed_answer(contract=call.contract, document=said.document)
    if document is None:
        return own
    if call.contract == "bind" and said.outcome == "ok" and not call.is_unbinding:
        _take_over(line, call, said, request_id=request_id, now=now)
    return Answered(document=document, outcome=said.outcome, code=said.code)


def _take_over(line: Line, call: MemberCall, said: Said, *, request_id: str, now: datetime) -> None:
    """Bound there, and here. If that fails, the shopper stays unknown here and is asked about."""
    actor = Actor(kind="system", id=f"connection:{line.id}", name=line.code)
    told = standing_told(document=said.document)
    try:
        with tenancy.scope(merchant_id=line.merchant_id, actor=actor, request_id=request_id):
            hurry(milliseconds=line.answers_within_ms)
            take_over_member(merchant_id=line.merchant_id, line=line, call=call, told=told, now=now)
    except (DomainError, DatabaseError, Moved, cells.MerchantIsMoving) as failure:
        log.exception("not_taken_over", exc_info=unsaid(failure), connection=line.id)


def _broken(contract: Contract, code: str) -> Answered:
    return Answered(document=broken_of(contract=contract), outcome="failed", code=code)

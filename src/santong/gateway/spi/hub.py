"""As the hub: who is unknown to us may be known to the older CRM that stands behind.

Nothing waits for it longer than whoever asked waits for us. While it is down, members whom we know
are answered from our own data, and what it is to take over is queued.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from santong.gateway.rules.calls_out import BIND, BIND_QUERY, MEMBER_QUERY
from santong.gateway.rules.member_calls import (
    Contract,
    MemberCall,
    broken_of,
    relayed_answer,
    relayed_fields,
)
from santong.gateway.selectors.lines import Line, line_by_id
from santong.gateway.services.answer_member_call import Answered
from santong.gateway.spi.outbound import ask
from santong.kernel import tenancy

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
    return Answered(document=document, outcome=said.outcome, code=said.code)


def _broken(contract: Contract, code: str) -> Answered:
    return Answered(document=broken_of(contract=contract), outcome="failed", code=code)

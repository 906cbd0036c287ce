"""What a buyer waits for has a clock: the first word, the decision, the money."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from santong.aftersales.models import Case
from santong.aftersales.selectors.policies import current_policy
from santong.clocks import public as clocks
from santong.merchants import public as merchants
from santong.stores import public as stores

REPLY: Final = "first_reply"
DECISION: Final = "decision"
REFUND: Final = "refund"


def start_clocks(case: Case, *, now: datetime) -> None:
    """Somebody waits for a first word and a decision, as long as the policy says at most."""
    terms = current_policy(merchant_id=case.merchant_id).terms
    _start(case, REPLY, now + timedelta(hours=terms.reply_hours), now)
    _start(case, DECISION, now + timedelta(hours=terms.decide_hours), now)


def start_refund_clock(case: Case, *, now: datetime) -> None:
    """Money is on its way back."""
    terms = current_policy(merchant_id=case.merchant_id).terms
    _start(case, REFUND, now + timedelta(hours=terms.refund_hours), now)


def stop_clock(case: Case, term: str, *, reason: str, now: datetime) -> None:
    """What was waited for has come."""
    for each in _running(case):
        if each.term == term:
            clocks.stop(**_named(each, case), at=now, reason=reason, now=now)


def drop_clocks(case: Case, *, reason: str, now: datetime) -> None:
    """Nobody waits any more: what runs is neither kept nor broken."""
    for each in _running(case):
        clocks.cancel(**_named(each, case), at=now, reason=reason, now=now)


def _running(case: Case) -> list[clocks.Clock]:
    found = clocks.clocks_of(merchant_id=case.merchant_id, subject=f"case:{case.id}")
    return [each for each in found if each.state in {"running", "paused"}]


def _named(clock: clocks.Clock, case: Case) -> dict[str, Any]:
    return {"merchant_id": case.merchant_id, "subject": clock.subject, "term": clock.term}


def _start(case: Case, term: str, due_at: datetime, now: datetime) -> None:
    """Due by the policy of cases; a clock's policy of the same name says who is told."""
    code = f"case_{term}"
    known = clocks.policy_or_none(merchant_id=case.merchant_id, code=code)
    clocks.start(
        merchant_id=case.merchant_id,
        subject=f"case:{case.id}",
        term=term,
        policy_code=code if known else None,
        due_at=due_at,
        started_at=now,
        tags=_tags(case),
        now=now,
    )


def _tags(case: Case) -> dict[str, str]:
    tags = {}
    if case.location_id is not None:
        ids = [case.location_id]
        place = stores.locations_by_id(merchant_id=case.merchant_id, location_ids=ids)[ids[0]]
        tags["store"] = place.code
        if place.brand_id is not None:
            brand = merchants.brand_by_id(merchant_id=case.merchant_id, brand_id=place.brand_id)
            tags["brand"] = brand.code
    return tags

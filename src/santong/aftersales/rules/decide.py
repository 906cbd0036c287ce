"""What becomes of a case: a function of its facts, which are kept, so that it can be asked again.

The accepted agreement's term comes first: what was promised for this very document is owed whatever
the policy says. Then what the policy allows for such goods, then whether it was asked for in time,
then whether there is enough to see. Money and carriage follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from santong.aftersales.contracts.cases import FAULTS
from santong.aftersales.contracts.deciding import Facts, FactsLine, FreightBy, Promise, Proposal
from santong.aftersales.rules.owed import KIND_OF_REMEDY
from santong.aftersales.rules.warranty import is_good, within

# Raised by every change that can alter a proposal.
RULES_VERSION: Final = 2

# Which term of an agreement answers which reason.
TERMS_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "damaged": ("damage",),
    "defective": ("damage", "material"),
    "missing_part": ("missing",),
    "wrong_item": ("wrong_item",),
    "not_as_described": ("material", "wrong_item"),
    "not_received": ("missing",),
}

_FACTS: Final = TypeAdapter(Facts)
_PROPOSAL: Final = TypeAdapter(Proposal)


def decide(facts: Facts) -> Proposal:
    """What the facts come to."""
    if facts.owed is not None:
        return _owed(facts.owed)
    promise = promise_for(facts)
    if promise is not None:
        return _promised(facts, promise)
    verdict, reasons = _allowed(facts)
    needs_return = facts.kind in {"return", "exchange", "repair"} and facts.way_back != "home"
    under_warranty = facts.kind == "repair" and _all_good(facts)
    if facts.kind == "repair":
        reasons = (*reasons, "under_warranty" if under_warranty else "repair_is_quoted")
    refund = _worth(facts) if facts.kind in {"return", "refund_only"} else 0
    freight_by = _freight_by(facts, needs_return=needs_return)
    freight = _freight(facts, refund)
    accepts = verdict == "accept"
    return Proposal(
        verdict=verdict,  # type: ignore[arg-type]  # one of the words of the type
        kind=facts.kind,
        needs_return=needs_return,
        freight_by=freight_by,
        refund_minor=refund if accepts else 0,
        freight_minor=freight if accepts else 0,
        under_warranty=under_warranty,
        may_go_alone=accepts and _may_go_alone(facts, refund + freight),
        reasons=(
            *reasons,
            *(("compensation_counts",) if accepts and refund and _is_compensated(facts) else ()),
            *(("freight_is_paid_back",) if accepts and freight else ()),
        ),
    )


def promise_for(facts: Facts) -> Promise | None:
    """The promise in goods that answers what happened; the first that was agreed."""
    wanted = TERMS_FOR.get(facts.reason, ())
    for promise in facts.promises:
        if promise.term in wanted and promise.remedy in KIND_OF_REMEDY:
            return promise
    return None


def _owed(promise: Promise) -> Proposal:
    """A breach was granted already, by the clock or a person: it is made good, once."""
    kind = KIND_OF_REMEDY[promise.remedy]
    return Proposal(
        verdict="accept",
        kind=kind,
        needs_return=kind == "exchange",
        freight_by="merchant" if kind == "exchange" else "nobody",
        refund_minor=0,
        freight_minor=0,
        under_warranty=False,
        may_go_alone=True,
        reasons=("remedy_owed",),
        term_reference=promise.reference,
    )


def _promised(facts: Facts, promise: Promise) -> Proposal:
    """What was agreed is owed; a photo is looked at all the same, where the policy asks for one."""
    kind = KIND_OF_REMEDY[promise.remedy]
    photo_is_missing = facts.reason in facts.policy.photo_for and not facts.photos
    worth = _worth(facts)
    return Proposal(
        verdict="ask" if photo_is_missing else "accept",
        kind=kind,
        needs_return=kind == "exchange",
        freight_by="merchant" if kind == "exchange" else "nobody",
        refund_minor=0,
        freight_minor=0,
        under_warranty=False,
        may_go_alone=not photo_is_missing and _may_go_alone(facts, worth),
        reasons=("term_in_force", *(("photo_missing",) if photo_is_missing else ())),
        term_reference=promise.reference,
    )


def _allowed(facts: Facts) -> tuple[str, tuple[str, ...]]:
    if not all(_kind_is_allowed(facts, line) for line in facts.lines):
        return "refuse", ("kind_not_allowed",)
    if facts.kind == "refund_only" and facts.reason not in FAULTS:
        return "refuse", ("no_fault_of_ours",)
    if facts.reason == "not_received":
        return "ask", ("parcel_to_be_looked_for",)
    if facts.kind == "repair":
        return "accept", ()
    return _in_time_and_seen(facts)


def _in_time_and_seen(facts: Facts) -> tuple[str, tuple[str, ...]]:
    if not all(_in_time(facts, line) for line in facts.lines):
        return "refuse", ("too_late",)
    if facts.reason in facts.policy.photo_for and not facts.photos:
        return "ask", ("photo_missing",)
    return "accept", ("in_time",)


def _kind_is_allowed(facts: Facts, line: FactsLine) -> bool:
    """By the longest category that the policy names; what it does not name may have all."""
    by_category = facts.policy.kinds_by_category
    paths = [path for path in by_category if within(line.category, path=path)]
    return not paths or facts.kind in by_category[max(paths, key=len)]


def _in_time(facts: Facts, line: FactsLine) -> bool:
    """Whether it was asked for within its days; a fault may take longer to see."""
    if line.delivered_at is None:
        return False
    policy = facts.policy
    days = policy.return_days if facts.kind == "return" else policy.exchange_days
    if facts.reason in FAULTS or facts.kind in {"resend", "refund_only"}:
        days = max(days, policy.fault_days)
    return facts.opened_at <= line.delivered_at + timedelta(days=days)


def return_until(*, delivered_at: datetime, days: int) -> datetime:
    """Until when goods can be sent back without a reason."""
    return delivered_at + timedelta(days=days)


def _all_good(facts: Facts) -> bool:
    return all(
        is_good(delivered_at=line.delivered_at, months=line.warranty_months, at=facts.opened_at)
        for line in facts.lines
    )


def _worth(facts: Facts) -> int:
    """What the units are worth, of what compensation and refunds have left of what was paid."""
    worth = sum(line.value_minor for line in facts.lines)
    return worth if facts.most_minor is None else min(worth, facts.most_minor)


def _is_compensated(facts: Facts) -> bool:
    return _worth(facts) < facts.paid_minor


def _freight_by(facts: Facts, *, needs_return: bool) -> FreightBy:
    """Who pays the way back; a repair under warranty is not the buyer's to pay."""
    if not needs_return or facts.way_back in {"shop", "none"}:
        return "nobody"
    return "buyer" if facts.reason in facts.policy.buyer_pays_freight else "merchant"


def _freight(facts: Facts, refund_minor: int) -> int:
    """Carriage goes back with the last of an order, where it is not for the buyer to bear."""
    is_due = (
        facts.kind in {"return", "refund_only"}
        and facts.is_last
        and facts.reason not in facts.policy.buyer_pays_freight
    )
    if not is_due or facts.most_minor is None:
        return facts.freight_minor if is_due else 0
    return min(facts.freight_minor, facts.most_minor - refund_minor)


def _may_go_alone(facts: Facts, worth_minor: int) -> bool:
    """Whether the policy lets it happen without a person; a repair is always looked at."""
    if facts.kind == "repair":
        return False
    value = worth_minor if facts.kind in {"return", "refund_only"} else _worth(facts)
    return facts.policy.alone_minor > 0 and value <= facts.policy.alone_minor


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Facts as they are kept."""
    written: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    return written


def facts_of_json(kept: Mapping[str, Any]) -> Facts:
    """Facts as they were kept."""
    return _FACTS.validate_python(kept)


def proposal_to_json(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it is kept."""
    written: dict[str, Any] = _PROPOSAL.dump_python(proposal, mode="json")
    return written


def proposal_of_json(kept: Mapping[str, Any]) -> Proposal:
    """A proposal as it was kept."""
    return _PROPOSAL.validate_python(kept)

"""A case is decided: by a person, or alone where the policy lets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from santong.aftersales import contracts
from santong.aftersales.errors import MoreThanLeft, ReasonMissing
from santong.aftersales.events import CaseDecided
from santong.aftersales.models import CarriedValue, Case, CaseLine, Decision
from santong.aftersales.rules.decide import (
    RULES_VERSION,
    decide,
    facts_to_json,
    proposal_to_json,
)
from santong.aftersales.rules.fields import clean_reason
from santong.aftersales.rules.overruling import differing
from santong.aftersales.selectors.compensating import left_behind
from santong.aftersales.selectors.facts import facts_of
from santong.aftersales.selectors.owed import units_owed
from santong.aftersales.selectors.units import carried_to
from santong.aftersales.services.carry_out import carry_out
from santong.aftersales.services.count_units import free_units
from santong.aftersales.services.finish_case import finish_if_done
from santong.aftersales.services.keep_time import DECISION, REPLY, stop_clock
from santong.aftersales.services.lock_case import lines_of, lock_case, lock_in, move, shown
from santong.aftersales.services.settle_units import worth_of_rest
from santong.aftersales.services.signature import signature
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

AS_PROPOSED = contracts.Decided()


@all_or_nothing
def decide_case(
    *,
    merchant_id: int,
    case_id: int,
    decided: contracts.Decided,
    reason: str,
    now: datetime,
) -> contracts.Case:
    """Accept or refuse a case. Who decides otherwise than the facts propose says why.

    The facts and the proposal are kept with the decision, so that it can be asked again.

    Raises NoSuch, CasePassed, ReasonMissing, MoreThanLeft, FieldInvalid, OutOfStock. Emits
    CaseDecided, ReplacementPlaced, GoodsReturned, CaseEnded. Locks the case, the order's counted
    lines, then members, accounts and stock levels.
    """
    case = lock_in(merchant_id=merchant_id, case_id=case_id, among={"requested"})
    lines = lines_of(case)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    facts = facts_of(case=case, lines=lines, order=order)
    proposal = decide(facts)
    overruled = differing(proposal, decided)
    why = clean_reason(reason) if reason.strip() else ""
    if overruled and not why:
        raise ReasonMissing(differing=overruled)
    _keep(case, facts, proposal, verdict=decided.verdict, overruled=overruled, why=why, now=now)
    _write(case, proposal, decided, facts=facts, reason=why, now=now)
    for term in (REPLY, DECISION):
        stop_clock(case, term, reason="decided", now=now)
    if decided.verdict == "refuse":
        _refuse(case, lines, order=order, reason=why or ", ".join(proposal.reasons), now=now)
    else:
        _accept(case, lines, order=order, proposal=proposal, now=now)
    _tell(case, decided, overruled, now)
    return shown(case)


@all_or_nothing
def decide_alone(*, merchant_id: int, case_id: int, now: datetime) -> bool:
    """Accept a case that the policy lets go without a person; say whether it was.

    Raises NoSuch, OutOfStock, and emits and locks as `decide_case`.
    """
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    if case.state != "requested" or case.waits_for:
        return False
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    if not decide(facts_of(case=case, lines=lines_of(case), order=order)).may_go_alone:
        return False
    decide_case(merchant_id=merchant_id, case_id=case_id, decided=AS_PROPOSED, reason="", now=now)
    return True


def _keep(
    case: Case,
    facts: contracts.Facts,
    proposal: contracts.Proposal,
    *,
    verdict: str,
    overruled: tuple[str, ...],
    why: str,
    now: datetime,
) -> None:
    number = Decision.objects.of_merchant(case.merchant_id).filter(case=case.id).count() + 1
    Decision.objects.create(
        merchant_id=case.merchant_id,
        case=case,
        number=number,
        facts=facts_to_json(facts),
        proposal=proposal_to_json(proposal),
        rules_version=RULES_VERSION,
        verdict=verdict,
        overruled=list(overruled),
        reason=why,
        decided_by=signature(),
        decided_at=now,
    )


def _write(
    case: Case,
    proposal: contracts.Proposal,
    decided: contracts.Decided,
    *,
    facts: contracts.Facts,
    reason: str,
    now: datetime,
) -> None:
    """What is done from now on: as decided, and as proposed where nothing was said."""
    case.kind = decided.kind or proposal.kind
    is_as_proposed = case.kind == proposal.kind and decided.needs_return is None
    case.needs_return = proposal.needs_return if is_as_proposed else _needs_return(case, decided)
    case.sends_at_once = facts.policy.sends_replacement == "at_once"
    case.fixes_refund = decided.refund_minor is not None
    case.refund_minor = _or(decided.refund_minor, proposal.refund_minor)
    case.freight_minor = _or(decided.freight_minor, proposal.freight_minor)
    case.term_reference = proposal.term_reference if case.kind == proposal.kind else ""
    units = decided.units
    if units is None:
        units = units_owed(merchant_id=case.merchant_id, case_id=case.id)
    case.units = [asdict(unit) for unit in units]
    case.collect_at = decided.location_code
    case.decided_at, case.decided_by, case.decision_reason = now, signature(), reason
    case.answered_at = case.answered_at or now
    case.waits_for = ""


def _needs_return(case: Case, decided: contracts.Decided) -> bool:
    if decided.needs_return is not None:
        return decided.needs_return
    return case.kind in {"return", "exchange", "repair"} and case.way_back != "home"


def _or(said: int | None, proposed: int) -> int:
    return proposed if said is None else said


def _accept(
    case: Case,
    lines: Sequence[CaseLine],
    *,
    order: orders.Order,
    proposal: contracts.Proposal,
    now: datetime,
) -> None:
    worth = worth_of_rest(case, lines, order=order)
    if case.kind in {"return", "refund_only"}:
        left = left_behind(case, _carried(case, lines))
        if not case.fixes_refund:
            case.refund_minor = min(worth, left)
        if case.refund_minor > min(worth, left):
            raise MoreThanLeft(wanted_minor=case.refund_minor, left_minor=min(worth, left))
        case.freight_minor = min(case.freight_minor, left - case.refund_minor)
    else:
        case.refund_minor = case.freight_minor = 0
    case.save()
    carry_out(case, lines, order=order, under_warranty=proposal.under_warranty, now=now)
    to: contracts.CaseState = "awaiting_goods" if case.needs_return else "working"
    move(case, to=to, action="accept_case", reason=case.decision_reason, now=now, kind=case.kind)
    finish_if_done(case, now=now)


def _carried(case: Case, lines: Sequence[CaseLine]) -> Mapping[int, Sequence[CarriedValue]]:
    ids = [line.order_line_id for line in lines]
    return carried_to(merchant_id=case.merchant_id, line_ids=ids)


def _refuse(
    case: Case, lines: Sequence[CaseLine], *, order: orders.Order, reason: str, now: datetime
) -> None:
    free_units(case, lines, order=order)
    case.refund_minor = case.freight_minor = 0
    case.why_ended = reason
    move(case, to="refused", action="refuse_case", reason=reason, now=now)


def _tell(
    case: Case, decided: contracts.Decided, overruled: tuple[str, ...], now: datetime
) -> None:
    outbox.publish(
        CaseDecided(
            case_id=case.id,
            number=case.number,
            order_id=case.order_id,
            verdict=decided.verdict,
            kind=case.kind,
            needs_return=case.needs_return,
            currency=case.currency,
            refund_minor=case.refund_minor,
            freight_minor=case.freight_minor,
            overruled=overruled,
            term_reference=case.term_reference,
            decided_at=now,
        ),
        now=now,
    )

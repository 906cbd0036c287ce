"""What the facts of a case come to, now and as they were."""

from __future__ import annotations

from santong.aftersales import contracts
from santong.aftersales.models import Case, CaseLine, Decision
from santong.aftersales.rules.decide import RULES_VERSION, decide, facts_of_json, proposal_of_json
from santong.aftersales.selectors.facts import facts_of
from santong.orders import public as orders


def proposal_of(*, merchant_id: int, case_id: int) -> contracts.Proposal:
    """What would be decided now."""
    return decide(facts_now(merchant_id=merchant_id, case_id=case_id))


def facts_now(*, merchant_id: int, case_id: int) -> contracts.Facts:
    """What it would be decided on."""
    case = Case.objects.of_merchant(merchant_id).get(id=case_id)
    rows = CaseLine.objects.of_merchant(merchant_id).filter(case=case.id)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    return facts_of(case=case, lines=list(rows.order_by("order_line_id")), order=order)


def replay_decision(*, merchant_id: int, decision_id: int) -> tuple[bool, contracts.Proposal]:
    """A decision's proposal asked again of its kept facts, and whether it is the same."""
    row = Decision.objects.of_merchant(merchant_id).get(id=decision_id)
    again = decide(facts_of_json(row.facts))
    return again == proposal_of_json(row.proposal), again


def decisions_that_differ(*, merchant_id: int, most: int) -> list[int]:
    """The newest decisions of these rules that would be proposed otherwise today: none should."""
    rows = Decision.objects.of_merchant(merchant_id).filter(rules_version=RULES_VERSION)
    return [
        row.id
        for row in rows.order_by("-id")[:most]
        if decide(facts_of_json(row.facts)) != proposal_of_json(row.proposal)
    ]

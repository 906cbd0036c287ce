"""Decisions that were taken, and the same decisions taken again."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.routing.contracts import Choice, Decision, SourcingInput
from santong.routing.models import SourcingDecision
from santong.routing.rules.decide import decide


def decisions_of(*, merchant_id: int, order_id: int) -> list[Decision]:
    """Every decision on an order, first to last."""
    rows = SourcingDecision.objects.of_merchant(merchant_id).filter(order_id=order_id)
    return [row.as_contract() for row in rows.order_by("id")]


def replay_decision(*, merchant_id: int, decision_id: int) -> Choice:
    """Take a decision again from its stored input; today's rules, yesterday's facts.

    While the rules' version is the same, so is the choice. Raises NoSuch.
    """
    row = SourcingDecision.objects.of_merchant(merchant_id).filter(id=decision_id).first()
    if row is None:
        raise NoSuch(kind="decision", key=str(decision_id))
    return decide(sourcing=SourcingInput.from_json(row.sourcing))

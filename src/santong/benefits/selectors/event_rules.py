"""Rules by event, and what they have done."""

from __future__ import annotations

from santong.benefits.contracts.events import Event, EventRule, Firing
from santong.benefits.models import EventRule as RuleRow
from santong.benefits.models import RuleFiring

_LARGEST_ID = 2**63 - 1


def rules_of_event(
    *, merchant_id: int, event: Event, programme_id: int | None = None
) -> list[EventRule]:
    """Rules that wait for an event, in any programme or in this one; oldest first."""
    rows = RuleRow.objects.of_merchant(merchant_id).filter(event=event, is_active=True)
    found = [row.as_contract() for row in rows.order_by("id")]
    return [
        rule
        for rule in found
        if rule.programme_id is None or programme_id is None or rule.programme_id == programme_id
    ]


def event_rules_page(
    *, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[EventRule]:
    """Rules by event, newest first."""
    rows = RuleRow.objects.of_merchant(merchant_id).filter(id__lt=before_id).order_by("-id")
    return [row.as_contract() for row in rows[:limit]]


def firings_of(*, merchant_id: int, member_id: int) -> list[Firing]:
    """What rules have done for a member, oldest first."""
    rows = RuleFiring.objects.of_merchant(merchant_id).filter(member_id=member_id).order_by("id")
    return [row.as_contract() for row in rows]


def has_fired(*, merchant_id: int, rule_id: int, member_id: int, occasion: str) -> bool:
    """Whether a rule has acted for a member on an occasion."""
    rows = RuleFiring.objects.of_merchant(merchant_id).filter(
        rule_id=rule_id, member_id=member_id, occasion=occasion
    )
    return rows.exists()

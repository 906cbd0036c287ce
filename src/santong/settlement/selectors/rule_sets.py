"""Which rules were in force when."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import RuleSet


def rule_set_at(*, merchant_id: int, at: datetime) -> contracts.RuleSet | None:
    """The rules in force at an instant: of those that begin by then, the last to be published."""
    rows = RuleSet.objects.of_merchant(merchant_id).filter(valid_from__lte=at)
    row = rows.order_by("-valid_from", "-version").first()
    return row.as_contract() if row else None


def rule_set_by_version(*, merchant_id: int, version: int) -> contracts.RuleSet | None:
    """A version by its number; none for one that is not there."""
    row = RuleSet.objects.of_merchant(merchant_id).filter(version=version).first()
    return row.as_contract() if row else None


def rule_sets_after(*, merchant_id: int, at: datetime) -> list[contracts.RuleSet]:
    """Versions that begin later than an instant, the first to begin first."""
    rows = RuleSet.objects.of_merchant(merchant_id).filter(valid_from__gt=at)
    return [row.as_contract() for row in rows.order_by("valid_from", "version")]


def rule_set_by_id(*, merchant_id: int, rule_set_id: int) -> contracts.RuleSet:
    """One version. Raises NoSuch."""
    row = RuleSet.objects.of_merchant(merchant_id).filter(id=rule_set_id).first()
    if row is None:
        raise NoSuch(kind="rule set", key=str(rule_set_id))
    return row.as_contract()


def rule_sets_page(
    *, merchant_id: int, below_id: int | None = None, limit: int = 50
) -> list[contracts.RuleSet]:
    """Versions, newest first."""
    rows = RuleSet.objects.of_merchant(merchant_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]

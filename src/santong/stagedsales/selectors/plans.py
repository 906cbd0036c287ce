"""What is offered in stages."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.stagedsales.contracts import StagePlan
from santong.stagedsales.models import StagePlan as Row


def plans(*, merchant_id: int, offered: bool | None = None) -> list[StagePlan]:
    """The newest version of each plan, by code; those alone that are offered, or that are not."""
    rows = Row.objects.of_merchant(merchant_id).order_by("code", "-version").distinct("code")
    found = [row.as_contract() for row in rows]
    return [each for each in found if offered is None or each.is_offered == offered]


def plan_by_code(*, merchant_id: int, code: str) -> StagePlan:
    """The newest version of a plan. Raises NoSuch."""
    rows = Row.objects.of_merchant(merchant_id).filter(code=code)
    row = rows.order_by("-version").first()
    if row is None:
        raise NoSuch(kind="stage_plan", key=code[:40])
    return row.as_contract()


def versions_of(*, merchant_id: int, code: str) -> list[StagePlan]:
    """Every version of a plan, newest first."""
    rows = Row.objects.of_merchant(merchant_id).filter(code=code).order_by("-version")
    return [row.as_contract() for row in rows]

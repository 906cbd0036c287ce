"""Goods that broken terms owe, and the cases that make them good."""

from __future__ import annotations

from santong.aftersales import contracts
from santong.aftersales.models import OwedRemedy
from santong.kernel.errors import NoSuch

MOST_SHOWN = 200


def owed_by_id(*, merchant_id: int, remedy_id: int) -> contracts.OwedRemedy:
    """One remedy in goods. Raises NoSuch."""
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(id=remedy_id).first()
    if row is None:
        raise NoSuch(kind="owed remedy", key=str(remedy_id))
    found: contracts.OwedRemedy = row.as_contract()
    return found


def owed_that_wait(*, merchant_id: int) -> list[contracts.OwedRemedy]:
    """Goods that are owed and of which somebody has to say which they are, oldest first."""
    rows = OwedRemedy.objects.of_merchant(merchant_id).filter(state="waiting").order_by("id")
    return [row.as_contract() for row in rows[:MOST_SHOWN]]


def owed_to(*, merchant_id: int, case_id: int) -> contracts.Promise | None:
    """The broken term that a case makes good; None for any other case."""
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(case=case_id).first()
    if row is None:
        return None
    owed: contracts.OwedRemedy = row.as_contract()
    return contracts.Promise(term=owed.term, reference=owed.reference, remedy=owed.remedy)


def units_owed(*, merchant_id: int, case_id: int) -> tuple[contracts.NewUnit, ...]:
    """What is sent for a broken term instead of the same again."""
    rows = OwedRemedy.objects.of_merchant(merchant_id).filter(case=case_id)
    found = rows.values_list("units", flat=True).first() or []
    return tuple(contracts.NewUnit(**each) for each in found)

"""Reading cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from santong.aftersales import contracts
from santong.aftersales.models import (
    Case,
    CaseLine,
    CaseMessage,
    Decision,
    Receipt,
    ReceiptLine,
    RefundStep,
    Repair,
    Replacement,
)
from santong.aftersales.rules.numbers import case_id_of
from santong.kernel import plans
from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet


def case_by_id(
    *, merchant_id: int, case_id: int, location_ids: frozenset[int] | None = None
) -> contracts.Case:
    """One case. With `location_ids`, only if it was opened at, or its goods came to, one of them.

    While goods are awaited any place may see it: they can be brought anywhere. Raises NoSuch.
    """
    rows = Case.objects.of_merchant(merchant_id).filter(id=case_id)
    if location_ids is not None:
        seen = _seen(merchant_id, location_ids).filter(id=case_id)
        rows = rows.filter(Q(id__in=seen.values("id")) | Q(state="awaiting_goods"))
    found = _with_lines(merchant_id, rows)
    if not found:
        raise NoSuch(kind="case", key=str(case_id))
    return found[0]


def cases_by_id(*, merchant_id: int, case_ids: Sequence[int]) -> dict[int, contracts.Case]:
    """Cases by their ids; unknown ids are left out."""
    rows = Case.objects.of_merchant(merchant_id).filter(id__in=case_ids)
    return {case.id: case for case in _with_lines(merchant_id, rows)}


def case_by_number(*, merchant_id: int, number: str) -> contracts.Case:
    """The case that people call so. Raises NoSuch."""
    case_id = case_id_of(number)
    if case_id is None:
        raise NoSuch(kind="case", key=number[:40])
    return case_by_id(merchant_id=merchant_id, case_id=case_id)


def cases_page(
    *,
    merchant_id: int,
    states: Collection[str] = (),
    kind: str = "",
    order_id: int | None = None,
    member_id: int | None = None,
    location_ids: frozenset[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Case]:
    """Cases, newest first."""
    plans.plan_for_values()
    rows = _seen(merchant_id, location_ids)
    if states:
        rows = rows.filter(state__in=states)
    if kind:
        rows = rows.filter(kind=kind)
    if order_id is not None:
        rows = rows.filter(order_id=order_id)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return _with_lines(merchant_id, rows.order_by("-id")[:limit])


def cases_of_order(*, merchant_id: int, order_id: int) -> list[contracts.Case]:
    """Cases of one order, oldest first."""
    rows = Case.objects.of_merchant(merchant_id).filter(order_id=order_id)
    return _with_lines(merchant_id, rows.order_by("id"))


def decisions_of(*, merchant_id: int, case_id: int) -> list[contracts.Decision]:
    """What was decided of a case, oldest first."""
    rows = Decision.objects.of_merchant(merchant_id).filter(case=case_id)
    return [row.as_contract() for row in rows.order_by("number")]


def messages_of(*, merchant_id: int, case_id: int) -> list[contracts.Message]:
    """What was written about a case, oldest first."""
    rows = CaseMessage.objects.of_merchant(merchant_id).filter(case=case_id)
    return [row.as_contract() for row in rows.order_by("id")]


def refunds_of(*, merchant_id: int, case_id: int) -> list[contracts.RefundStep]:
    """What goes back for a case, in the order in which it was asked."""
    rows = RefundStep.objects.of_merchant(merchant_id).filter(case=case_id)
    return [row.as_contract() for row in rows.order_by("number")]


def replacements_of(*, merchant_id: int, case_id: int) -> list[contracts.Replacement]:
    """Orders that a case made."""
    rows = Replacement.objects.of_merchant(merchant_id).filter(case=case_id)
    return [row.as_contract() for row in rows.order_by("number")]


def case_of_order_made(*, merchant_id: int, order_id: int) -> contracts.Case | None:
    """The case that made an order, if one did."""
    row = Replacement.objects.of_merchant(merchant_id).filter(order_id=order_id).first()
    return case_by_id(merchant_id=merchant_id, case_id=row.case_id) if row else None


def repair_of(*, merchant_id: int, case_id: int) -> contracts.Repair | None:
    """The repair of a case, if it has one."""
    row = Repair.objects.of_merchant(merchant_id).filter(case=case_id).first()
    return row.as_contract() if row else None


def receipts_of(*, merchant_id: int, case_id: int) -> list[contracts.Receipt]:
    """Goods of a case that came to places."""
    rows = list(Receipt.objects.of_merchant(merchant_id).filter(case=case_id).order_by("id"))
    lines: dict[int, list[contracts.ReceivedLine]] = defaultdict(list)
    for line in ReceiptLine.objects.of_merchant(merchant_id).filter(receipt__in=rows):
        lines[line.receipt_id].append(
            contracts.ReceivedLine(
                case_line_id=line.case_line_id, sellable=line.sellable, damaged=line.damaged
            )
        )
    return [
        contracts.Receipt(
            id=row.id,
            case_id=case_id,
            location_id=row.location_id,
            at=row.at,
            by=row.by,
            lines=tuple(lines[row.id]),
        )
        for row in rows
    ]


def _seen(merchant_id: int, location_ids: frozenset[int] | None) -> MerchantQuerySet[Case]:
    rows = Case.objects.of_merchant(merchant_id)
    if location_ids is None:
        return rows
    came = Receipt.objects.of_merchant(merchant_id).filter(location__in=location_ids)
    return rows.filter(Q(location__in=location_ids) | Q(id__in=came.values("case")))


def lines_by_case(
    *, merchant_id: int, case_ids: Sequence[int]
) -> dict[int, list[contracts.CaseLine]]:
    """Lines of cases, in the order of their lines."""
    found: dict[int, list[contracts.CaseLine]] = defaultdict(list)
    rows = CaseLine.objects.of_merchant(merchant_id).filter(case__in=case_ids)
    for row in rows.order_by("case_id", "order_line_id"):
        found[row.case_id].append(row.as_contract())
    return found


def _with_lines(merchant_id: int, rows: MerchantQuerySet[Case]) -> list[contracts.Case]:
    found = list(rows)
    lines = lines_by_case(merchant_id=merchant_id, case_ids=[row.id for row in found])
    return [row.as_contract(lines=lines[row.id]) for row in found]

"""A broken term owes goods: a case sends or replaces them, and there is one for each breach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from santong.aftersales import contracts
from santong.aftersales.errors import MoreThanArrived, OwedPassed
from santong.aftersales.models import Case, OwedRemedy
from santong.aftersales.rules.owed import KIND_OF_REMEDY, FreeLine, reason_of, units_meant
from santong.aftersales.selectors.cases import case_by_id
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.documents import order_behind
from santong.aftersales.services.open_case import open_case
from santong.agreements import public as agreements
from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def take_on(*, merchant_id: int, breach_id: int, now: datetime) -> contracts.OwedRemedy:
    """Take on goods that a broken term owes, and open their case where it is known which they are.

    Told twice, or by many at once, it is one remedy with one case. Where nobody knows yet which
    goods are meant, it waits for somebody to say so.

    Raises NoSuch. Emits CaseOpened. Locks the remedy, then the order's counted lines.
    """
    breach = agreements.breach_by_id(merchant_id=merchant_id, breach_id=breach_id)
    OwedRemedy.objects.bulk_create([_row(merchant_id, breach, now)], ignore_conflicts=True)
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(breach_id=breach_id).lock().get()
    if row.state != "waiting" or row.waits_for:
        return row.as_contract()
    if breach.state != "owed":
        return _let_be(row, breach, now=now)
    order = order_behind(merchant_id=merchant_id, document=row.document)
    if order is None:
        return _wait(row, "no_order")
    row.order_id = order.id
    units = units_meant({each.sku_code: each.quantity for each in breach.goods}, _free(row, order))
    if not units:
        return _wait(row, "which_goods")
    try:
        with transaction.atomic():
            _open(row, order=order, units=units, now=now)
    except MoreThanArrived:
        # Another case was opened for them a moment ago.
        row.refresh_from_db()
        return _wait(row, "which_goods")
    return row.as_contract()


@all_or_nothing
def open_owed(
    *,
    merchant_id: int,
    remedy_id: int,
    order_id: int,
    units_by_line: Mapping[int, int],
    instead: Sequence[contracts.NewUnit] = (),
    now: datetime,
) -> contracts.Case:
    """Say which units of which order a broken term is about: their case is opened, once.

    `instead` is sent in place of the same again, such as the one part that is missing.

    Raises NoSuch, OwedPassed, FieldInvalid, MoreThanArrived. Emits CaseOpened. Locks the remedy,
    then the order's counted lines.
    """
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(id=remedy_id).lock().first()
    if row is None:
        raise NoSuch(kind="owed remedy", key=str(remedy_id))
    if row.state == "opened" and row.case_id is not None:
        return case_by_id(merchant_id=merchant_id, case_id=row.case_id)
    breach = agreements.breach_by_id(merchant_id=merchant_id, breach_id=row.breach_id)
    if row.state != "waiting" or breach.state != "owed":
        raise OwedPassed(remedy_id=str(row.id), state=breach.state)
    row.units = [asdict(unit) for unit in instead]
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    return _open(row, order=order, units=units_by_line, now=now)


@all_or_nothing
def follow_case(*, merchant_id: int, case_id: int, state: str, now: datetime) -> None:
    """The case of owed goods has ended: they are made good, or still owed and wait for a person.

    Emits RemedyDone. Locks the remedy, then the agreement's document.
    """
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(case=case_id).lock().first()
    if row is None or row.state != "opened":
        return
    if state == "done":
        _made_good(row, f"case:{case_id}", now=now)
        return
    row.case, row.tries = None, row.tries + 1
    row.state, row.waits_for = "waiting", "case_ended"
    _save(row, "wait_again", reason=f"case:{case_id} is {state}", now=now)


@all_or_nothing
def follow_remedy(*, merchant_id: int, breach_id: int, now: datetime) -> None:
    """Somebody made good otherwise what waited here. Locks the remedy."""
    row = OwedRemedy.objects.of_merchant(merchant_id).filter(breach_id=breach_id).lock().first()
    if row is not None and row.state == "waiting":
        row.state, row.waits_for = "made_good", ""
        _save(row, "made_good", reason="made good otherwise", now=now)


def _row(merchant_id: int, breach: agreements.Breach, now: datetime) -> OwedRemedy:
    return OwedRemedy(
        merchant_id=merchant_id,
        breach_id=breach.id,
        reference=f"agreement:{breach.agreement_id}/{breach.term_number}",
        document=breach.document,
        term=breach.kind,
        remedy=breach.remedy,
        goods=[asdict(each) for each in breach.goods],
        state="waiting",
        owed_at=now,
    )


def _free(row: OwedRemedy, order: orders.Order) -> list[FreeLine]:
    """Units that no case is about; of what never came, those that were sent."""
    shipped = {line.id: line.shipped_quantity for line in order.lines}
    counts_shipped = reason_of(row.term) == "not_received"
    return [
        FreeLine(
            line_id=line.order_line_id,
            sku_code=line.sku_code,
            left=max(line.arrived, shipped[line.order_line_id] if counts_shipped else 0)
            - line.in_cases,
        )
        for line in claimable_of(merchant_id=row.merchant_id, order=order)
    ]


def _open(
    row: OwedRemedy, *, order: orders.Order, units: Mapping[int, int], now: datetime
) -> contracts.Case:
    kind = KIND_OF_REMEDY[row.remedy]
    case = open_case(
        merchant_id=row.merchant_id,
        new=contracts.NewCase(
            order_id=order.id,
            kind=kind,
            # What is replaced is fetched at the buyer's; any shop takes it as well.
            way_back="pickup" if kind == "exchange" else "none",
            reason=reason_of(row.term),
            lines=tuple(
                contracts.NewCaseLine(order_line_id=line_id, quantity=quantity)
                for line_id, quantity in units.items()
            ),
            channel="agreement",
            key=f"breach:{row.breach_id}:{row.tries}",
        ),
        now=now,
    )
    row.case = Case.objects.of_merchant(row.merchant_id).get(id=case.id)
    row.order_id, row.state, row.waits_for = order.id, "opened", ""
    _save(row, "open", reason=case.number, now=now)
    return case


def _wait(row: OwedRemedy, waits_for: str) -> contracts.OwedRemedy:
    row.waits_for = waits_for
    row.save()
    return row.as_contract()


def _let_be(row: OwedRemedy, breach: agreements.Breach, *, now: datetime) -> contracts.OwedRemedy:
    row.state = "made_good" if breach.state == "done" else "let_be"
    _save(row, row.state, reason=breach.state, now=now)
    return row.as_contract()


def _made_good(row: OwedRemedy, by: str, *, now: datetime) -> None:
    try:
        with transaction.atomic():
            agreements.record_remedy(
                merchant_id=row.merchant_id, breach_id=row.breach_id, made_good_by=by, now=now
            )
    except agreements.ClaimPassed:
        # It was withdrawn, or made good by hand: the goods were sent all the same.
        pass
    row.state = "made_good"
    _save(row, "made_good", reason=by, now=now)


def _save(row: OwedRemedy, action: str, *, reason: str, now: datetime) -> None:
    row.save()
    audit.record(
        audit.Change(
            action=f"aftersales.owed_{action}",
            subject="owed_remedy",
            subject_id=row.id,
            reason=reason,
            after={"state": row.state, "breach": row.breach_id, "case": row.case_id},
        ),
        now=now,
    )

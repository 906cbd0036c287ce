from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from santong.kernel import tenancy
from santong.reconciliation import public as reconciliation
from santong.simulation.contracts import Bars
from santong.simulation.rules.paid.outcome import Explained, PaidReconciled
from santong.simulation.rules.paid.plan import CURRENCY, PaidOrder
from santong.simulation.rules.paid.reasons import Why, reason_of
from santong.simulation.rules.paid.statement import Statement, statements_of, written
from santong.simulation.services.prove_payments import paid_by_document

AT_ONCE: Final = 1_000
NEWEST: Final = 2**62


def reconcile_payments(
    *, merchant_id: int, orders: Sequence[PaidOrder], now: datetime, bars: Bars
) -> PaidReconciled:
    """Compare what orders owe with what came in, say why each differs, and match statements.

    The statements are written from the files. Asked again, it finds what it said. No scope is open.
    """
    compared = _compare(merchant_id, orders, now, bars)
    explained = _explain(merchant_id, {order.document: order for order in orders}, now, bars)
    files = _match(merchant_id, statements_of(orders), now, bars)
    with tenancy.scope(merchant_id=merchant_id):
        still_open = reconciliation.counted(merchant_id=merchant_id)
    return PaidReconciled(
        documents=sum(each.documents for each in compared),
        equal=sum(each.equal for each in compared),
        owed_minor=sum(each.owed_minor for each in compared),
        paid_minor=sum(each.paid_minor for each in compared),
        explained=explained,
        left_open=sum(each.count for each in still_open if each.state != "explained"),
        unexplained_minor=sum(each.unexplained_minor for each in compared),
        statements=len(files),
        statement_lines=sum(file.lines for file in files),
        statement_matched=sum(file.matched for file in files),
        statement_differences=sum(file.differences for file in files),
        statement_minor=sum(file.theirs_minor for file in files),
        statement_unexplained_minor=sum(abs(file.unexplained_minor) for file in files),
    )


def _compare(
    merchant_id: int, orders: Sequence[PaidOrder], now: datetime, bars: Bars
) -> list[reconciliation.DocumentsCompared]:
    """The paid side is the ledger's. No payment known is another thing than nothing paid."""
    progress = bars("单据核对 documents", len(orders))
    paid = paid_by_document(merchant_id=merchant_id, orders=orders)
    compared = []
    for start in range(0, len(orders), AT_ONCE):
        part = orders[start : start + AT_ONCE]
        with tenancy.scope(merchant_id=merchant_id):
            compared.append(
                reconciliation.compare_documents(
                    merchant_id=merchant_id,
                    pairs=[
                        reconciliation.DocumentPair(
                            order.document,
                            order.owed_minor,
                            paid[order.document] if order.is_paid else None,
                        )
                        for order in part
                    ],
                    currency=CURRENCY,
                    day=part[-1].paid_at.date(),
                    now=now,
                )
            )
        progress(len(part))
    return compared


def _explain(
    merchant_id: int, order_by_document: Mapping[str, PaidOrder], now: datetime, bars: Bars
) -> tuple[Explained, ...]:
    """Every document that differs has its reason written down; counted by it."""
    found: dict[tuple[str, Why], list[tuple[int, str]]] = {}
    differing = [each for each in _differences(merchant_id) if each.document in order_by_document]
    progress = bars("说明差异 reasons", len(differing))
    for each in differing:
        order = order_by_document[each.document]
        why, sentence = reason_of(order, category=each.category)
        if each.state == "open":
            with tenancy.scope(merchant_id=merchant_id):
                reconciliation.explain(
                    merchant_id=merchant_id, difference_id=each.id, note=sentence, now=now
                )
        found.setdefault((each.category, why), []).append((each.difference_minor, sentence))
        progress(1)
    return tuple(
        Explained(
            category=category,
            why=why,
            count=len(each),
            minor=sum(minor for minor, _ in each),
            example=max(each, key=lambda one: abs(one[0]))[1],
        )
        for (category, why), each in sorted(found.items())
    )


def _differences(merchant_id: int) -> Iterator[reconciliation.Difference]:
    below = NEWEST
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            page = reconciliation.differences_page(
                merchant_id=merchant_id, before_id=below, limit=AT_ONCE
            )
        if not page:
            return
        yield from page
        below = page[-1].id


def _match(
    merchant_id: int, statements: Sequence[Statement], now: datetime, bars: Bars
) -> list[reconciliation.StatementFile]:
    progress = bars("对账单 statements", len(statements))
    files = []
    for statement in statements:
        files.append(
            reconciliation.reconcile_file(
                merchant_id=merchant_id,
                account_code=statement.method,
                day=statement.day,
                source=io.BytesIO(written(statement)),
                file_format="simulated",
                now=now,
            )
        )
        progress(1)
    return files

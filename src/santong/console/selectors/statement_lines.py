"""Lines of a party's books: page by page, and of which order each is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from santong.orders import public as orders
from santong.settlement import public as settlement
from santong.stagedsales import public as stagedsales

AT_ONCE: Final = 1_000
OF_ORDER: Final = "order:"
OF_SALE: Final = "stagedsale:"


def every_line(
    *, merchant_id: int, statement: settlement.Statement
) -> Iterator[settlement.PartyEntry]:
    """The lines of a statement, newest first, however many there are."""
    below_id: int | None = None
    while True:
        found = settlement.entries_page(
            merchant_id=merchant_id,
            party_id=statement.party_id,
            currency=statement.currency,
            since=statement.counted_from,
            until=statement.counted_until,
            below_id=below_id,
            limit=AT_ONCE,
        )
        yield from found
        if len(found) < AT_ONCE:
            return
        below_id = found[-1].id


def numbers_of(*, merchant_id: int, entries: Sequence[settlement.PartyEntry]) -> dict[str, str]:
    """The number of the order behind each document that is one."""
    return numbers_of_documents(
        merchant_id=merchant_id, documents={each.document for each in entries}
    )


def numbers_of_documents(*, merchant_id: int, documents: Collection[str]) -> dict[str, str]:
    """The same for documents by their names; a staged sale, or its stage, by its contract."""
    ids = {
        int(each.removeprefix(OF_ORDER))
        for each in documents
        if each.startswith(OF_ORDER) and each.removeprefix(OF_ORDER).isdigit()
    }
    found = orders.orders_by_id(merchant_id=merchant_id, order_ids=ids)
    numbers = {f"{OF_ORDER}{order.id}": order.external_number for order in found.values()}
    return numbers | _stages(merchant_id, documents)


def _stages(merchant_id: int, documents: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    of_sales = {each.partition("-")[0] for each in documents if each.startswith(OF_SALE)}
    for subject in sorted(of_sales):
        sale = stagedsales.sale_of_document(merchant_id=merchant_id, document=subject)
        if sale is None:
            continue
        name = sale.contract.number if sale.contract else sale.number
        found[subject] = name
        for stage in sale.stages:
            found[f"{subject}-{stage.document_number}"] = f"{name} · {stage.name}"
    return found

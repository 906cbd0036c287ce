from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from santong.simulation.errors import FilesMissing
from santong.simulation.rules.olist import files, rows
from santong.simulation.rules.paid.plan import PaidOrder, paid_orders
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.rows import Made, Maker
from santong.simulation.rules.published.tally import Tally
from santong.simulation.services.read_published import found_files, rows_of

WANTED = (files.ORDERS, files.LINES, files.PAYMENTS)


def read_paid(
    *, directory: Path, orders_max: int | None = None
) -> tuple[tuple[PaidOrder, ...], Tally]:
    """Read what was paid for Olist's orders, and what their lines come to; nothing else is asked.

    A buyer without a place has paid all the same.

    Raises FilesMissing (naming all that are), ColumnsMissing, FileUnreadable.
    """
    found = found_files(directory=directory, files=WANTED)
    missing = tuple(" or ".join(file.names) for file in WANTED if file.table not in found)
    if missing:
        raise FilesMissing(directory=str(directory), missing=missing)
    tally = Tally()

    def read(file: File, make: Maker[Made]) -> Iterator[Made]:
        return rows_of(path=found[file.table], file=file, make=make, tally=tally)

    orders = paid_orders(
        orders=read(files.ORDERS, rows.order),
        lines=(line for line, _ in read(files.LINES, rows.order_line)),
        payments=(payment for payment, _ in read(files.PAYMENTS, rows.payment)),
        orders_max=orders_max,
    )
    return orders, tally

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from santong.simulation.errors import FilesMissing, NothingToReplay
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.tally import Tally
from santong.simulation.rules.purchases import invoices, journey
from santong.simulation.rules.purchases.tables import History
from santong.simulation.services.read_published import found_files, rows_of


def holds_purchases(*, directory: Path) -> bool:
    """Whether published purchases of members lie there, and not something else."""
    tables = (journey.TRANSACTIONS, invoices.INVOICES)
    return bool(found_files(directory=directory, files=tables))


def read_purchases(*, directory: Path) -> History:
    """Read what members bought, from whichever of the known sets lies there.

    Whole rows only, each unused row counted with its reason.

    Raises FilesMissing (naming all that are), ColumnsMissing, FileUnreadable, NothingToReplay.
    """
    found = found_files(directory=directory, files=(*journey.FILES, *invoices.FILES))
    if invoices.INVOICES.table in found:
        history = _invoices(found)
    else:
        _all_there(found, journey.FILES, directory)
        history = _journey(found)
    if not history.baskets:
        read = sum(history.tally.rows_by_file.values())
        raise NothingToReplay(directory=str(directory), orders_read=read)
    return history


def _journey(found: Mapping[str, Path]) -> History:
    tally = Tally()
    products = rows_of(
        path=found[journey.PRODUCTS.table],
        file=journey.PRODUCTS,
        make=journey.product,
        tally=tally,
    )
    kind_by_product = dict(products)
    rows = rows_of(
        path=found[journey.TRANSACTIONS.table],
        file=journey.TRANSACTIONS,
        make=journey.sold,
        tally=tally,
    )
    return journey.history(rows, kind_by_product=kind_by_product, tally=tally)


def _invoices(found: Mapping[str, Path]) -> History:
    tally = Tally()
    rows = rows_of(
        path=found[invoices.INVOICES.table],
        file=invoices.INVOICES,
        make=invoices.billed,
        tally=tally,
    )
    return invoices.history(rows, tally=tally)


def _all_there(found: Mapping[str, Path], files: Sequence[File], directory: Path) -> None:
    missing = tuple(" or ".join(file.names) for file in files if file.table not in found)
    if missing:
        raise FilesMissing(directory=str(directory), missing=missing)

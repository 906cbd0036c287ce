from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from santong.simulation.errors import FilesMissing
from santong.simulation.rules.olist import files, rows
from santong.simulation.rules.olist.link import Rows, linked
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.rows import Made, Maker
from santong.simulation.rules.published.tally import Tally
from santong.simulation.services.read_published import found_files, rows_of


def read_olist(*, directory: Path) -> OlistData:
    """Read Olist's published files, whole rows only, each unused row counted with its reason.

    Takes them compressed or not, under the short names or under Olist's own.

    Raises FilesMissing (naming all that are), ColumnsMissing, FileUnreadable.
    """
    paths = _found(directory)
    tally = Tally()

    def read(file: File, make: Maker[Made]) -> Iterator[Made]:
        path = paths.get(file.table)
        return rows_of(path=path, file=file, make=make, tally=tally) if path else iter(())

    return linked(
        Rows(
            customers=read(files.CUSTOMERS, rows.customer),
            sellers=read(files.SELLERS, rows.seller),
            products=read(files.PRODUCTS, rows.product),
            categories=read(files.CATEGORIES, rows.category),
            orders=read(files.ORDERS, rows.order),
            lines=read(files.LINES, rows.order_line),
            payments=read(files.PAYMENTS, rows.payment),
            reviews=read(files.REVIEWS, rows.review),
            published_points=read(files.POINT_BY_PREFIX, rows.raw_point),
            raw_points=read(files.RAW_POINTS, rows.raw_point),
        ),
        tally=tally,
    )


def _found(directory: Path) -> Mapping[str, Path]:
    found = found_files(directory=directory, files=files.FILES)
    wanted = {file.table: file.names for file in files.FILES}
    raw_points = found.get(files.RAW_POINTS.table)
    if raw_points is not None and raw_points.name.startswith(files.ALL_RAW_POINTS):
        del wanted[files.POINT_BY_PREFIX.table]
    missing = tuple(" or ".join(names) for table, names in wanted.items() if table not in found)
    if missing:
        raise FilesMissing(directory=str(directory), missing=missing)
    return found

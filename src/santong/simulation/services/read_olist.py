from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from santong.simulation.errors import FilesMissing, FileUnreadable
from santong.simulation.rules.olist import files, rows
from santong.simulation.rules.olist.link import Rows, linked
from santong.simulation.rules.olist.tables import OlistData, Tally

Made = TypeVar("Made")


def read_olist(*, directory: Path) -> OlistData:
    """Read Olist's published files, whole rows only, each unused row counted with its reason.

    Takes them compressed or not, under the short names or under Olist's own.

    Raises FilesMissing (naming all that are), ColumnsMissing, FileUnreadable.
    """
    paths = _found(directory)
    tally = Tally()

    def read(file: files.File, make: rows.Maker[Made]) -> Iterator[Made]:
        path = paths.get(file.table)
        return _rows_of(path, file=file, make=make, tally=tally) if path else iter(())

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
    found: dict[str, Path] = {}
    for file in files.FILES:
        candidates = (directory / f"{name}{end}" for name in file.names for end in files.SUFFIXES)
        path = next((path for path in candidates if path.is_file()), None)
        if path is not None:
            found[file.table] = path
    wanted = {file.table: file.names for file in files.FILES}
    raw_points = found.get(files.RAW_POINTS.table)
    if raw_points is not None and raw_points.name.startswith(files.ALL_RAW_POINTS):
        del wanted[files.POINT_BY_PREFIX.table]
    missing = tuple(" or ".join(names) for table, names in wanted.items() if table not in found)
    if missing:
        raise FilesMissing(directory=str(directory), missing=missing)
    return found


def _rows_of(
    path: Path, *, file: files.File, make: rows.Maker[Made], tally: Tally
) -> Iterator[Made]:
    with _opened(path) as text:
        try:
            yield from rows.made_rows(text, file=file, name=path.name, make=make, tally=tally)
        except (OSError, EOFError, UnicodeDecodeError, csv.Error) as trouble:
            raise FileUnreadable(
                file=path.name,
                after_line=tally.rows_by_file[file.table] + 1,
                reason=str(trouble),
            ) from trouble


def _opened(path: Path) -> io.TextIOWrapper:
    """The publisher's own files begin with a byte order mark, some of them."""
    plain = path.open("rb")
    binary = gzip.GzipFile(fileobj=plain) if path.suffix == ".gz" else plain
    return io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")

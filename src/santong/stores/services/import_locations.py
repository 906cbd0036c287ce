from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from santong.kernel import bulk
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.stores.contracts import ImportReport, LocationRow
from santong.stores.errors import ImportRefused, RowError
from santong.stores.models import LOCATION_FIELDS, Location, MapVersion
from santong.stores.rules.rows import GoodRow, check_rows
from santong.stores.services.tell_changes import tell_changes

MOST_ERRORS_SHOWN = 200


@all_or_nothing
def import_locations(
    *, merchant_id: int, rows: Sequence[LocationRow], now: datetime
) -> ImportReport:
    """Bring places by their codes: new ones are opened, others become what their row says.

    All rows or none. The same rows again change nothing. A row without coordinates is placed by its
    district or city.

    Raises ImportRefused, with what is wrong by row and column. Emits LocationOpened,
    LocationChanged. Locks the map, then places.
    """
    good, errors = check_rows(rows)
    brand_ids, dealer_ids = _owners(merchant_id, rows)
    errors += _unknown(good, "brand_code", brand_ids)
    errors += _unknown(good, "dealer_code", dealer_ids)
    if errors:
        errors.sort(key=lambda error: (error.row, error.column))
        raise ImportRefused(errors=errors[:MOST_ERRORS_SHOWN], error_count=len(errors))
    MapVersion.objects.take(merchant_id=merchant_id)
    merged = bulk.merge(
        [_location(merchant_id, each, brand_ids, dealer_ids, now) for each in good],
        fields=LOCATION_FIELDS,
        also=lambda old: {"version": old.version + 1, "changed_at": now},
    )
    tell_changes(
        merchant_id=merchant_id,
        opened=list(merged.created.values()),
        changed=[(merged.by_code[code], before) for code, before in merged.before_by_code.items()],
        reason="import",
        now=now,
    )
    changed = len(merged.before_by_code)
    return ImportReport(
        created=len(merged.created),
        changed=changed,
        unchanged=len(rows) - len(merged.created) - changed,
    )


def _owners(
    merchant_id: int, rows: Iterable[LocationRow]
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Brands and dealers by code, as far as rows name any."""
    has_brands = has_dealers = False
    for row in rows:
        has_brands = has_brands or bool(row.brand_code)
        has_dealers = has_dealers or bool(row.dealer_code)
    brands = merchants.brands(merchant_id=merchant_id) if has_brands else []
    dealers = merchants.dealers(merchant_id=merchant_id) if has_dealers else []
    return (
        {brand.code: brand.id for brand in brands},
        {dealer.code: dealer.id for dealer in dealers},
    )


def _unknown(good: Iterable[GoodRow], column: str, id_by_code: Mapping[str, int]) -> list[RowError]:
    codes = [(each.number, getattr(each.row, column)) for each in good]
    return [
        RowError(row=number, column=column, reason="unknown", value=code)
        for number, code in codes
        if code and code not in id_by_code
    ]


def _location(
    merchant_id: int,
    good: GoodRow,
    brand_ids: Mapping[str, int],
    dealer_ids: Mapping[str, int],
    now: datetime,
) -> Location:
    location = Location(merchant_id=merchant_id, code=good.row.code, created_at=now, changed_at=now)
    location.become(
        good,
        brand_id=brand_ids.get(good.row.brand_code),
        dealer_id=dealer_ids.get(good.row.dealer_code),
    )
    return location

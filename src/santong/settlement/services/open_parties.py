"""Parties open when a sale first implies them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from santong.kernel.bulk import insert_new
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.settlement.contracts import LONGEST_NAME, PartyRef
from santong.settlement.models import Party
from santong.stores import public as stores


@all_or_nothing
def open_parties(
    *, merchant_id: int, refs: Iterable[PartyRef], now: datetime
) -> dict[PartyRef, int]:
    """The ids of parties; those that were not there are opened under their own names."""
    ref_by_code = {ref.text: ref for ref in refs}
    found = _ids(merchant_id, ref_by_code)
    missing = {code: ref for code, ref in ref_by_code.items() if code not in found}
    if missing:
        insert_new(_rows(merchant_id, missing, now), unique=["merchant_id", "code"])
        found = _ids(merchant_id, ref_by_code)
    return {ref: found[code] for code, ref in ref_by_code.items()}


def _ids(merchant_id: int, ref_by_code: Mapping[str, PartyRef]) -> dict[str, int]:
    rows = Party.objects.of_merchant(merchant_id).filter(code__in=list(ref_by_code))
    return dict(rows.values_list("code", "id"))


def _rows(merchant_id: int, missing: Mapping[str, PartyRef], now: datetime) -> list[Party]:
    places = stores.locations_by_code(
        merchant_id=merchant_id, codes=[r.code for r in missing.values() if r.kind == "place"]
    )
    has_dealers = any(ref.kind == "dealer" for ref in missing.values())
    dealers = (
        {each.code: each for each in merchants.dealers(merchant_id=merchant_id)}
        if has_dealers
        else {}
    )
    rows = []
    for code, ref in missing.items():
        place = places.get(ref.code) if ref.kind == "place" else None
        dealer = dealers.get(ref.code) if ref.kind == "dealer" else None
        name = place.name if place else dealer.name if dealer else ref.code or ref.kind
        rows.append(
            Party(
                merchant_id=merchant_id,
                code=code,
                kind=ref.kind,
                name=name[:LONGEST_NAME],
                location_id=place.id if place else None,
                dealer_id=dealer.id if dealer else None,
                opened_at=now,
            )
        )
    return rows

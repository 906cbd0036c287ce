from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from santong.catalog import public as catalog
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.simulation.contracts import Progress
from santong.stores import public as stores


def fill_places(
    *,
    merchant_id: int,
    stock: Mapping[tuple[str, str], int],
    reason: str,
    now: datetime,
    progress: Progress,
) -> None:
    """Book opening stock, by codes of place and SKU, in at every place; once, however often asked.

    Each place is a transaction of its own. Emits StockReceived. Locks stock levels.
    """
    pieces_by_place: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (place, sku), pieces in stock.items():
        pieces_by_place[place][sku] = pieces
    with tenancy.scope(merchant_id=merchant_id):
        places = stores.locations_by_code(merchant_id=merchant_id, codes=pieces_by_place)
        skus = catalog.skus_by_code(merchant_id=merchant_id, codes={sku for _, sku in stock})
    for place, pieces_by_sku in sorted(pieces_by_place.items()):
        with tenancy.scope(merchant_id=merchant_id):
            inventory.receive(
                merchant_id=merchant_id,
                location_id=places[place].id,
                quantity_by_sku={skus[sku].id: pieces for sku, pieces in pieces_by_sku.items()},
                reason=reason,
                key=f"opening/{place}",
                now=now,
            )
        progress(1)

from __future__ import annotations

from santong.kernel import tenancy
from santong.simulation.contracts import Crew
from santong.stores import public as stores


def find_crew(*, merchant_id: int, seed: int) -> Crew:
    """Everybody who works for this merchant, as its places stand now."""
    with tenancy.scope(merchant_id=merchant_id):
        known = stores.location_map(merchant_id=merchant_id)
        places = stores.locations_by_id(merchant_id=merchant_id, location_ids=known.ids.tolist())
    return Crew(
        seed=seed,
        name_by_place={place.id: place.name for place in places.values()},
        accept_ppm_by_place={place.id: place.accept_rate_ppm for place in places.values()},
    )

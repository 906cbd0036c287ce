"""The door of stores: where stock can be, how to get there, and when somebody is in."""

from santong.stores.contracts import (
    Capability,
    Coordinates,
    Hours,
    ImportReport,
    Location,
    LocationChanges,
    LocationKind,
    LocationRow,
    Near,
)
from santong.stores.errors import CodeTaken, ImportRefused, RowError
from santong.stores.rules.gazetteer.places import place_of
from santong.stores.rules.hours import is_open_at, next_opening
from santong.stores.rules.maps import (
    BIT_BY_CAPABILITY,
    EVERYWHERE,
    UNLIMITED,
    LocationMap,
    metres_between,
)
from santong.stores.selectors.invariants import check_invariants
from santong.stores.selectors.kept_maps import location_map, nearest
from santong.stores.selectors.locations import (
    locations_by_code,
    locations_by_id,
    locations_page,
)
from santong.stores.services.import_locations import import_locations
from santong.stores.services.open_location import open_location
from santong.stores.services.update_location import update_location

__all__ = [
    "BIT_BY_CAPABILITY",
    "EVERYWHERE",
    "UNLIMITED",
    "Capability",
    "CodeTaken",
    "Coordinates",
    "Hours",
    "ImportRefused",
    "ImportReport",
    "Location",
    "LocationChanges",
    "LocationKind",
    "LocationMap",
    "LocationRow",
    "Near",
    "RowError",
    "check_invariants",
    "import_locations",
    "is_open_at",
    "location_map",
    "locations_by_code",
    "locations_by_id",
    "locations_page",
    "metres_between",
    "nearest",
    "next_opening",
    "open_location",
    "place_of",
    "update_location",
]

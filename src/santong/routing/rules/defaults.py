"""What parcels cost where a merchant has said nothing: the order of Chinese road parcels."""

from santong.routing.contracts import SplitLimit, Tariff

# A parcel's base and its handling come from the place. A kilometre costs 0.15 fen a parcel and
# 0.05 fen a kilogram, a kilogram 0.80 yuan. A place that declines costs a second try (5 yuan)
# and a day of waiting (3 yuan). Goods of another owner cost a fee of 2 yuan a parcel.
DEFAULT_TARIFF = Tariff(
    parcel_micro_per_km=150_000,
    weight_micro_per_kg=80_000_000,
    carriage_micro_per_kg_km=50_000,
    reroute_cost_milli=500_000,
    delay_cost_milli=300_000,
    lateness_milli_per_minute=1_000,
    cross_owner_fee_milli=200_000,
)
DEFAULT_LIMIT = SplitLimit(parcels_max=None, no_split_below_minor=0)

# Road speed with stops, and how long goods take to leave a place.
METRES_PER_MINUTE = 800
STORE_LEAD_MINUTES = 120
WAREHOUSE_LEAD_MINUTES = 240

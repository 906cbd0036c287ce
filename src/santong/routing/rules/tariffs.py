"""What a tariff may say: whole amounts, none below zero, none that a column could not add up."""

from dataclasses import fields

from santong.kernel.errors import FieldInvalid
from santong.routing.contracts import SplitLimit, Tariff

# Ten million minor units a parcel and as much a kilogram, ten thousand a kilometre, a hundred a
# kilogram and kilometre: beyond, it is a slip of the keyboard, and sums would outgrow 64 bits.
_LARGEST_MILLI = 10_000_000_000
LARGEST = {
    "parcel_cost_milli": _LARGEST_MILLI,
    "handling_cost_milli": _LARGEST_MILLI,
    "unit_handling_milli": _LARGEST_MILLI,
    "unfilled_cost_milli": _LARGEST_MILLI,
    "parcel_micro_per_km": 10_000_000_000,
    "weight_micro_per_kg": 10_000_000_000_000,
    "carriage_micro_per_kg_km": 100_000_000,
    "reroute_cost_milli": _LARGEST_MILLI,
    "delay_cost_milli": _LARGEST_MILLI,
    "lateness_milli_per_minute": 100_000_000,
    "cross_owner_fee_milli": _LARGEST_MILLI,
    "cross_owner_ppm": 1_000_000,
    "parcels_max": 1_000,
    "no_split_below_minor": 1_000_000_000_000,
}
SMALLEST = {"parcels_max": 1}


def check_policy(*, tariff: Tariff, limit: SplitLimit) -> None:
    """Raises FieldInvalid for the first amount that is out of its range."""
    for name, held in (("tariff", tariff), ("limit", limit)):
        for field in fields(held):
            amount = getattr(held, field.name)
            if field.name not in LARGEST or (amount is None and field.name == "parcels_max"):
                continue
            least, most = SMALLEST.get(field.name, 0), LARGEST[field.name]
            if type(amount) is not int or not least <= amount <= most:
                raise FieldInvalid(
                    pointer=f"/{name}/{field.name}", reason=f"not a whole number {least} to {most}"
                )

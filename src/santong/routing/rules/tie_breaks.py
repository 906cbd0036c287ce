"""One integer that orders plans: by cost, and among equal costs by what the trade prefers.

Each field has its own bits, so scores of parts add up to the score of the whole, and comparing
two integers compares field by field: cost, fewer parcels, earlier arrival, better chance to be
found, less recent load, older stock, and last the location ids in the order of the lines. No two
plans are ever equal by accident, which is what lets a replay find the same one.
"""

from santong.routing.contracts import TieBreak

FIELD_BITS = 40
RANK_BITS = 16
AGE_DAYS_MAX = 0xFFFF

# Below the cost, most significant first. The rank of the places stands below all of them.
TIE_BREAKS: tuple[TieBreak, ...] = ("parcels", "arrival", "found", "load", "age")
COST, PARCELS, ARRIVAL, FOUND, LOAD = (FIELD_BITS * depth for depth in (5, 4, 3, 2, 1))


def parcel_score(*, cost_milli: int, arrives_in_minutes: int, recent_load: int) -> int:
    """The score of opening one more parcel."""
    return (
        (cost_milli << COST)
        + (1 << PARCELS)
        + (arrives_in_minutes << ARRIVAL)
        + (recent_load << LOAD)
    )


def unit_score(*, cost_milli: int, doubt_ppm: int, age_days: int) -> int:
    """The score of one more unit in a parcel."""
    youth = AGE_DAYS_MAX - min(age_days, AGE_DAYS_MAX)
    return (cost_milli << COST) + (doubt_ppm << FOUND) + youth


def ranked(*, score: int, needs: int) -> int:
    """The score with room below it for the ranks of so many needs."""
    return score << (RANK_BITS * needs)


def rank_score(*, rank: int, need: int) -> int:
    """The last resort: the place's rank by location id. The highest need weighs most."""
    return rank << (RANK_BITS * need)


def cost_of(*, score: int, needs: int) -> int:
    """The cost in milli that a score was made from."""
    return score >> (RANK_BITS * needs + COST)


def decided_by(*, better: int, worse: int, needs: int) -> TieBreak:
    """The first field in which two scores of equal cost differ."""
    for depth, name in enumerate(TIE_BREAKS):
        shift = RANK_BITS * needs + FIELD_BITS * (len(TIE_BREAKS) - 1 - depth)
        if better >> shift != worse >> shift:
            return name
    return "location"

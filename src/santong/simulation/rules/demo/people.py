"""Names, telephone numbers and addresses that look right and belong to nobody."""

from __future__ import annotations

from random import Random

from santong.simulation.rules.demo import words

# No operator has been given this range.
UNASSIGNED_MOBILE_PREFIX = "154"


def person_name(random: Random) -> str:
    """A name of three characters whose first is nobody's family name."""
    return (
        random.choice(words.FAMILY_NAMES)
        + random.choice(words.GIVEN_FIRST)
        + random.choice(words.GIVEN_SECOND)
    )


def mobile_number(random: Random) -> str:
    """A mobile number of the right length in a range that no operator has."""
    return f"{UNASSIGNED_MOBILE_PREFIX}{random.randrange(10**8):08d}"


def home_address(random: Random) -> str:
    """A flat in an invented estate of an invented street."""
    street, estate = random.choice(words.STREETS), random.choice(words.ESTATES)
    house, block = random.randrange(1, 400), random.randrange(1, 30)
    floor, door = random.randrange(1, 33), random.randrange(1, 5)
    return f"{street}{house}号{estate}{block}幢{floor}{door:02d}室"


def shop_address(random: Random, *, mall: str) -> str:
    """A shop on one of the floors of an invented mall."""
    street = random.choice(words.STREETS)
    house, floor, shop = random.randrange(1, 400), random.randrange(1, 6), random.randrange(1, 60)
    return f"{street}{house}号{mall}L{floor}-{shop:02d}"

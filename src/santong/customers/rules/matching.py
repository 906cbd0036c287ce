"""Who may be the same person, by name, birthday and address: scored, for people to decide.

Each field says how much likelier it is to see this of one person than of two (Fellegi and Sunter,
1969): weights are hundredths of a bit, added up. A rare name says more than a common one. Persons
are compared only where they share a key; identifiers play no part, so a tablet that thousands
share makes nobody alike.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from santong.customers.contracts import Profile

Reasons = Mapping[str, tuple[str, int]]

# A key that more share than this tells too little to look at everybody who has it.
LARGEST_BLOCK = 60
# Of two persons taken blindly, one in so many pairs is one person: the more persons, the more must
# speak for it. Beyond that, what is proposed shall be right eight times out of nine.
BITS = 100
SURPLUS = 3 * BITS
LEAST = 13 * BITS

RAREST_NAME, COMMONEST_NAME = 12 * BITS, 4 * BITS
ALIKE_NAMES = 88
ALIKE_ADDRESSES, SIMILAR_ADDRESSES = 92, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person as matching sees them, for as long as it takes."""

    person_id: int
    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two who may be one, the older first: how much speaks for it, and what each field says."""

    first_id: int
    second_id: int
    score: int
    reasons: Reasons


def matches(people: Sequence[Known]) -> list[Match]:
    """Pairs of whom enough says that they are one person, the surest first."""
    frequency = Counter(
        word for each in people for word in (_folded(each.profile.name), _place(each.profile))
    )
    return surest(_pairs(people), frequency=frequency, total=len(people))


def surest(
    pairs: Iterable[tuple[Known, Known]], *, frequency: Mapping[str, int], total: int
) -> list[Match]:
    """Of some pairs those of whom enough speaks for one person, the surest first.

    `frequency` counts how many of `total` persons have a name, or a place, as `words_of` says it.
    """
    threshold = max(LEAST, round(math.log2(max(total, 1)) * BITS) + SURPLUS)
    found: list[Match] = []
    for one, other in pairs:
        reasons = compare(one.profile, other.profile, frequency=frequency, total=total)
        score = sum(weight for _, weight in reasons.values())
        if score >= threshold:
            first, second = sorted((one.person_id, other.person_id))
            found.append(Match(first_id=first, second_id=second, score=score, reasons=reasons))
    return sorted(found, key=lambda match: (-match.score, match.first_id, match.second_id))


def blocks_of(profile: Profile) -> frozenset[str]:
    """What two must share to be compared, any one of these."""
    return frozenset("\x1f".join(key) for key in _keys(profile))


def words_of(profile: Profile) -> frozenset[str]:
    """The name and the place of a profile, as they are counted."""
    return frozenset(word for word in (_folded(profile.name), _place(profile)) if word)


def compare(one: Profile, other: Profile, *, frequency: Mapping[str, int], total: int) -> Reasons:
    """What each field says of two being one: a word, and its weight in hundredths of a bit."""
    return {
        "name": _names(one.name, other.name, frequency=frequency, total=total),
        "birthday": _birthdays(one.birthday, other.birthday),
        "address": _addresses(one, other, frequency=frequency, total=total),
        "gender": _genders(one.gender, other.gender),
    }


def _pairs(people: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    by_key: dict[tuple[str, ...], list[Known]] = defaultdict(list)
    for person in people:
        for key in _keys(person.profile):
            by_key[key].append(person)
    seen: set[tuple[int, int]] = set()
    for block in by_key.values():
        if len(block) > LARGEST_BLOCK:
            continue
        for one, other in combinations(block, 2):
            pair = (one.person_id, other.person_id)
            if pair not in seen:
                seen.add(pair)
                yield one, other


def _keys(profile: Profile) -> Iterator[tuple[str, ...]]:
    """What two must share to be compared: any one of these."""
    name, place = _folded(profile.name), _place(profile)
    born = profile.birthday
    if born:
        yield ("born", born.isoformat())
        if name:
            yield ("name and day", name, f"{born.month}-{born.day}")
            yield ("name and year", name, str(born.year))
    if name and profile.city:
        yield ("name and city", name, profile.city)
    if place:
        yield ("address", profile.city, place)


def _names(one: str, other: str, *, frequency: Mapping[str, int], total: int) -> tuple[str, int]:
    name, another = _folded(one), _folded(other)
    if not name or not another:
        return "unknown", 0
    if name == another:
        rarity = _rarity(frequency.get(name, 1), total=total)
        return "same", max(COMMONEST_NAME, min(RAREST_NAME, rarity))
    if _are_alike(name, another):
        return "alike", 3 * BITS
    # Twins share all but this.
    return "different", -13 * BITS


def _rarity(times: int, *, total: int) -> int:
    return round(math.log2(max(total, 1) / max(times, 1)) * BITS)


def _are_alike(name: str, another: str) -> bool:
    """Of three letters or more one may differ, of a long name a few; the first never."""
    if name[0] != another[0] or min(len(name), len(another)) < 3:  # noqa: PLR2004  of two, one is half
        return False
    if OSA.distance(name, another, score_cutoff=1) <= 1:
        return True
    return JaroWinkler.similarity(name, another) * 100 >= ALIKE_NAMES


def _birthdays(one: date | None, other: date | None) -> tuple[str, int]:
    if one is None or other is None:
        return "unknown", 0
    if one == other:
        return "same", 14 * BITS
    if (one.month, one.day) == (other.day, other.month) and one.year == other.year:
        return "day and month swapped", 8 * BITS
    digits, others = one.isoformat(), other.isoformat()
    if sum(a != b for a, b in zip(digits, others, strict=True)) == 1:
        return "one digit differs", 4 * BITS
    return "different", -5 * BITS


def _addresses(
    one: Profile, other: Profile, *, frequency: Mapping[str, int], total: int
) -> tuple[str, int]:
    place, another = _place(one), _place(other)
    if one.city and other.city and one.city != other.city:
        return "another city", -1 * BITS
    if place and another:
        word, weight = _places(place, another)
        # An office or a dormitory says no more than that both are there.
        return word, min(weight, max(_rarity(frequency.get(place, 1), total=total), 1 * BITS))
    if one.city and one.city == other.city:
        return "same city", 1 * BITS
    return "unknown", 0


def _places(place: str, another: str) -> tuple[str, int]:
    if place == another:
        return "same", 10 * BITS
    alike = fuzz.ratio(place, another) if _numbers(place) == _numbers(another) else 0
    if alike >= ALIKE_ADDRESSES:
        return "alike", 7 * BITS
    if alike >= SIMILAR_ADDRESSES:
        return "similar", 4 * BITS
    return "different", -1 * BITS


def _genders(one: str, other: str) -> tuple[str, int]:
    if not one or not other or "other" in (one, other):
        return "unknown", 0
    return ("same", 1 * BITS) if one == other else ("different", -4 * BITS)


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()


def _place(profile: Profile) -> str:
    """What stands below the city, without blanks and marks."""
    text = f"{profile.district}{profile.address}".casefold()
    return "".join(letter for letter in text if letter.isalnum())


def _numbers(text: str) -> list[str]:
    """House, building and room: one that differs is another home."""
    return "".join(letter if letter.isdecimal() else " " for letter in text).split()

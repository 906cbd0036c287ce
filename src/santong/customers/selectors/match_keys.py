"""Who shares a key of matching with whom, and how many have a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from santong.customers.contracts import Profile
from santong.customers.models import Apart, Match, Person
from santong.customers.rules.matching import LARGEST_BLOCK, blocks_of, words_of
from santong.kernel import crypto
from santong.kernel.wire import Statement, octets, texts

PURPOSE = "customers.match"
KEY_BYTES = 8
# Nobody counts a name further: whatever more have is as common as can be.
MOST_COUNTED = 20_000

_BLOCKS = Statement("""
SELECT w.place, found.person_id
FROM unnest(%(keys)s::bytea[]) WITH ORDINALITY AS w(key_index, place)
CROSS JOIN LATERAL (
  SELECT k.person_id FROM customers_matchkey k
  WHERE k.merchant_id = %(merchant)s AND k.key_index = w.key_index
  LIMIT %(most)s::int
) AS found
ORDER BY 1, 2
""")
_COUNTS = Statement("""
SELECT w.place, (
  SELECT count(*) FROM (
    SELECT FROM customers_matchkey k
    WHERE k.merchant_id = %(merchant)s AND k.key_index = w.key_index
    LIMIT %(most)s::int
  ) AS counted
)
FROM unnest(%(keys)s::bytea[]) WITH ORDINALITY AS w(key_index, place)
ORDER BY 1
""")


def match_keys(*, merchant_id: int, profile: Profile) -> frozenset[bytes]:
    """All keys under which a person is found by matching: of blocks, and of words to be counted."""
    return frozenset(
        [
            *(block_key(merchant_id=merchant_id, block=block) for block in blocks_of(profile)),
            *(word_key(merchant_id=merchant_id, word=word) for word in words_of(profile)),
        ]
    )


def block_key(*, merchant_id: int, block: str) -> bytes:
    """What those have in common who are compared."""
    return _index(merchant_id, f"block:{block}")


def word_key(*, merchant_id: int, word: str) -> bytes:
    """What those have in common who have one name, or live at one place."""
    return _index(merchant_id, f"word:{word}")


def persons_by_key(*, merchant_id: int, keys: Sequence[bytes]) -> dict[bytes, list[int]]:
    """Who has each key, as rows of persons; of a key that too many have, nobody."""
    rows = _BLOCKS.rows(
        {
            "merchant": str(merchant_id),
            "keys": texts(map(octets, keys)),
            "most": str(LARGEST_BLOCK + 1),
        }
    )
    found: dict[bytes, list[int]] = {}
    for place, person_id in rows:
        found.setdefault(keys[place - 1], []).append(person_id)
    return {key: people for key, people in found.items() if len(people) <= LARGEST_BLOCK}


def frequency_of(*, merchant_id: int, words: Iterable[str], total: int) -> dict[str, int]:
    """How many persons have each name or place; of what very many have, as many as there are."""
    asked = list(words)
    rows = _COUNTS.rows(
        {
            "merchant": str(merchant_id),
            "keys": texts(octets(word_key(merchant_id=merchant_id, word=word)) for word in asked),
            "most": str(MOST_COUNTED),
        }
    )
    return {asked[place - 1]: total if times >= MOST_COUNTED else times for place, times in rows}


def looked_at(
    *, merchant_id: int, pairs: Collection[tuple[int, int]]
) -> frozenset[tuple[int, int]]:
    """Of some pairs of current persons, those proposed before or found apart, whoever they were."""
    current_ids = {person_id for pair in pairs for person_id in pair}
    people = Person.objects.of_merchant(merchant_id).filter(current_id__in=current_ids)
    merged = people.filter(state="merged").values_list("id", "current_id")
    current: Mapping[int, int] = {**{each: each for each in current_ids}, **dict(merged)}
    rows = list(current)
    return frozenset(
        (min(one, other), max(one, other))
        for table in (Match, Apart)
        for first, second in table.objects.of_merchant(merchant_id)
        .filter(first_id__in=rows, second_id__in=rows)
        .values_list("first_id", "second_id")
        if (one := current[first]) != (other := current[second])
    )


def _index(merchant_id: int, value: str) -> bytes:
    return crypto.blind_index(merchant_id=merchant_id, value=value, purpose=PURPOSE)[:KEY_BYTES]

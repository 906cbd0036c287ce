"""Compare those who are new, or of whom something else is known, with whoever may be alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.customers.models import Match, MatchDue, MatchRun, Person
from santong.customers.rules.matching import Known, blocks_of, surest, words_of
from santong.customers.rules.matching import Match as Found
from santong.customers.rules.profiles import NOTHING
from santong.customers.selectors.graph import clusters, current_ids, profile_of
from santong.customers.selectors.match_keys import (
    block_key,
    frequency_of,
    looked_at,
    match_keys,
    persons_by_key,
)
from santong.customers.services.line_up import line_up
from santong.customers.services.locks import lock_graph
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, array, octets, texts

_RUN = Statement("""
INSERT INTO customers_matchrun (merchant_id, lined_up_to, persons) VALUES (%(merchant)s, 0, 0)
ON CONFLICT (merchant_id) DO NOTHING
""")
_MINE = Statement("""
SELECT id FROM customers_matchrun WHERE merchant_id = %(merchant)s
FOR NO KEY UPDATE SKIP LOCKED
""")
# Whoever is being changed stays in line: what is known of them is read when it is settled.
_DUE = Statement("""
SELECT d.person_id, p.state
FROM customers_matchdue d JOIN customers_person p ON p.id = d.person_id
WHERE d.merchant_id = %(merchant)s
ORDER BY d.id LIMIT %(limit)s::int
FOR SHARE OF p SKIP LOCKED
""")
_FORGET_KEYS = Statement("""
DELETE FROM customers_matchkey
WHERE merchant_id = %(merchant)s AND person_id = ANY (%(persons)s::bigint[])
RETURNING person_id
""")
_WRITE_KEYS = Statement("""
INSERT INTO customers_matchkey (merchant_id, person_id, key_index)
SELECT %(merchant)s, w.person_id, w.key_index
FROM unnest(%(persons)s::bigint[], %(keys)s::bytea[]) AS w(person_id, key_index)
ORDER BY w.key_index, w.person_id
""")


@dataclass(frozen=True, slots=True)
class Compared:
    """How many persons were looked at or put in line, and how many pairs are new."""

    persons: int
    pairs: int


@all_or_nothing
def propose_some(*, merchant_id: int, now: datetime, limit: int) -> Compared:
    """Compare the next persons in line, `limit` at most, and let somebody decide on likely pairs.

    A person is read with whoever shares a key, sixty at most for a key: so much work, however many
    persons there are. Nobody is merged. One transaction compares for a merchant at a time; a
    second one finds nothing to do.

    Locks the graph, the run, then persons against change.
    """
    # Who is forgotten is forgotten before, or after.
    lock_graph(merchant_id=merchant_id)
    run = _run(merchant_id)
    if run is None:
        return Compared(0, 0)
    lined_up = _line_up_older(run, now, limit=limit)
    due = _DUE.rows({"merchant": str(merchant_id), "limit": str(limit)})
    ids = [person_id for person_id, _ in due]
    active = [person_id for person_id, state in due if state == "active"]
    people = _known(merchant_id, active)
    _write_keys(run, active, people)
    found = _found(run, people)
    Match.objects.bulk_create(
        [
            Match(
                merchant_id=merchant_id,
                first_id=match.first_id,
                second_id=match.second_id,
                score=match.score,
                reasons={name: list(said) for name, said in match.reasons.items()},
                state="open",
                proposed_at=now,
            )
            for match in found
        ]
    )
    MatchDue.objects.of_merchant(merchant_id).filter(person_id__in=ids).delete()
    run.save(update_fields=["lined_up_to", "persons"])
    return Compared(persons=len(ids) + lined_up, pairs=len(found))


def _run(merchant_id: int) -> MatchRun | None:
    """How far the merchant has come; nobody else goes on until this transaction ends."""
    _RUN.later({"merchant": str(merchant_id)})
    rows = _MINE.rows({"merchant": str(merchant_id)})
    return MatchRun.objects.of_merchant(merchant_id).get(id=rows[0][0]) if rows else None


def _line_up_older(run: MatchRun, now: datetime, *, limit: int) -> int:
    """Put persons in line who were there before anybody compared; how many."""
    if run.lined_up_to is None:
        return 0
    older = Person.objects.of_merchant(run.merchant_id).filter(id__gt=run.lined_up_to)
    page = list(older.order_by("id").values_list("id", "state", "profile_sealed")[:limit])
    line_up(
        merchant_id=run.merchant_id,
        person_ids=[each for each, state, sealed in page if state == "active" and bytes(sealed)],
        now=now,
    )
    run.lined_up_to = page[-1][0] if len(page) == limit else None
    return len(page)


def _known(merchant_id: int, current: Collection[int]) -> list[Known]:
    return [
        Known(person_id=person_id, profile=profile_of(rows))
        for person_id, rows in clusters(merchant_id=merchant_id, current_ids=current).items()
    ]


def _write_keys(run: MatchRun, person_ids: Sequence[int], people: Iterable[Known]) -> None:
    merchant = {"merchant": str(run.merchant_id)}
    had = {
        person_id for (person_id,) in _FORGET_KEYS.rows({**merchant, "persons": array(person_ids)})
    }
    edges = [
        (person.person_id, key)
        for person in people
        for key in match_keys(merchant_id=run.merchant_id, profile=person.profile)
    ]
    _WRITE_KEYS.later(
        {
            **merchant,
            "persons": array(person_id for person_id, _ in edges),
            "keys": texts(octets(key) for _, key in edges),
        }
    )
    run.persons = max(run.persons + len({person_id for person_id, _ in edges}) - len(had), 0)


def _found(run: MatchRun, people: Sequence[Known]) -> list[Found]:
    """Likely pairs of these with anybody, of whom nobody has decided or is to decide yet."""
    merchant_id = run.merchant_id
    people = [each for each in people if each.profile != NOTHING]
    pairs = _pairs(merchant_id, people)
    pairs -= looked_at(merchant_id=merchant_id, pairs=pairs)
    others = {person_id for pair in pairs for person_id in pair}
    known = {
        **{each.person_id: each for each in people},
        **{
            each.person_id: each
            for each in _known(merchant_id, others - {each.person_id for each in people})
        },
    }
    # Who has become somebody else since their keys were read waits in line again.
    both_known = [(known[a], known[b]) for a, b in sorted(pairs) if a in known and b in known]
    words = {word for pair in both_known for each in pair for word in words_of(each.profile)}
    return surest(
        both_known,
        frequency=frequency_of(merchant_id=merchant_id, words=words, total=run.persons),
        total=run.persons,
    )


def _pairs(merchant_id: int, people: Sequence[Known]) -> set[tuple[int, int]]:
    """Everybody with whom one of these shares a key that not too many have, as they are now."""
    keys_by_person = {
        person.person_id: {
            block_key(merchant_id=merchant_id, block=block) for block in blocks_of(person.profile)
        }
        for person in people
    }
    every = sorted({key for keys in keys_by_person.values() for key in keys})
    blocks = persons_by_key(merchant_id=merchant_id, keys=every)
    rows = {person_id for block in blocks.values() for person_id in block}
    now_at: Mapping[int, int] = current_ids(merchant_id=merchant_id, person_ids=rows)
    return {
        (min(mine, other), max(mine, other))
        for mine, keys in keys_by_person.items()
        for key in keys
        for row in blocks.get(key, ())
        if (other := now_at[row]) != mine
    }

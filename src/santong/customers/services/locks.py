"""Lock first: the graph, identifiers, merging, then persons by id.

Whoever changes edges takes the graph together with others and each identifier alone; whoever writes
many at once takes the graph alone, for thousands of locks would fill the server's table of them.
Merges follow one another: two that waited for each other's persons would never end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from santong.customers.models import Person
from santong.kernel.wire import Statement, octets, texts

_TOGETHER = Statement("SELECT pg_advisory_xact_lock_shared(hashtextextended(%(graph)s, 0)) IS NULL")
_ALONE = Statement("SELECT pg_advisory_xact_lock(hashtextextended(%(graph)s, 0)) IS NULL")
# The order of the numbers, not of the identifiers: two may share one.
_IDENTIFIERS = Statement("""
SELECT count(*) FROM (
  SELECT pg_advisory_xact_lock(number) FROM (
    SELECT DISTINCT hashtextextended(%(graph)s || w.blind_index, 0) AS number
    FROM unnest(%(indexes)s::text[]) AS w(blind_index) ORDER BY 1
  ) AS numbers
) AS locked
""")


def lock_graph(*, merchant_id: int) -> None:
    """Let nobody write many persons at once while this transaction changes some."""
    _TOGETHER.later({"graph": _graph(merchant_id)})


def lock_whole_graph(*, merchant_id: int) -> None:
    """Let nobody else change who is recognised by what until this transaction ends."""
    _ALONE.later({"graph": _graph(merchant_id)})


def lock_identifiers(*, merchant_id: int, indexes: Iterable[bytes]) -> None:
    """Wait for everybody who works on these; what follows sees what they did."""
    _IDENTIFIERS.later({"graph": _graph(merchant_id), "indexes": texts(map(octets, indexes))})


def lock_merging(*, merchant_id: int) -> None:
    """Let nobody else merge persons or undo it: from now on every way leads where it leads."""
    _ALONE.later({"graph": f"{_graph(merchant_id)}/merging"})


def lock_persons(*, merchant_id: int, person_ids: Collection[int]) -> dict[int, list[Person]]:
    """Take all rows of some current persons; merging is locked, or one person is asked for.

    Rows by current person, its own first, then by age. Erased ones are among them.
    """
    rows = Person.objects.of_merchant(merchant_id).filter(
        Q(id__in=list(person_ids)) | Q(state="merged", current_id__in=list(person_ids))
    )
    found: dict[int, list[Person]] = {}
    for row in rows.lock():
        found.setdefault(row.current_id, []).append(row)
    return found


def _graph(merchant_id: int) -> str:
    return f"customers/{merchant_id}"

"""Lock first: the person, as whom nobody else joins meanwhile; then the members' rows, by id.

A member's row stands for its cards, its bindings and its state. What is read or written follows in
a statement of its own, which begins when the member is locked and therefore sees what the one
before has done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from santong.kernel.errors import NoSuch
from santong.kernel.wire import Statement
from santong.membership.selectors.statements import array, as_sent, run

_PERSON = Statement(
    "SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended(%(person)s, 0))) AS locked"
)

_OF_PERSON = Statement("""
SELECT FROM membership_member
WHERE merchant_id = %(merchant)s AND person_id = %(person)s AND state <> 'merged'
FOR NO KEY UPDATE
""")

_BY_ID = Statement("""
SELECT id, state FROM membership_member
WHERE merchant_id = %(merchant)s AND id = ANY (%(ids)s::bigint[])
ORDER BY id FOR NO KEY UPDATE
""")

_UNLESS_BUSY = Statement("""
SELECT id FROM membership_member
WHERE merchant_id = %(merchant)s AND id = ANY (%(ids)s::bigint[])
ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
""")


def lock_member_of_person(*, merchant_id: int, person_id: int) -> None:
    """Take a person and the member that they are, on the way of the next statement.

    A member that is born or moved to the person is then committed, and seen, and locked as well.
    """
    lock_persons(merchant_id=merchant_id, person_ids=[person_id])
    _OF_PERSON.later(as_sent({"merchant": merchant_id, "person": person_id}))


def lock_persons(*, merchant_id: int, person_ids: Collection[int]) -> None:
    """Take persons in the order of their ids, on the way of the next statement."""
    for person_id in sorted(set(person_ids)):
        _PERSON.later({"person": f"membership/{merchant_id}/{person_id}"})


def lock_members(*, merchant_id: int, member_ids: Sequence[int]) -> dict[int, str]:
    """Take members in the order of their ids; give the state of each. Raises NoSuch."""
    rows = run(_BY_ID, {"merchant": merchant_id, "ids": array(sorted(set(member_ids)))})
    state_by_id = dict(rows)
    for member_id in member_ids:
        if member_id not in state_by_id:
            raise NoSuch(kind="member", key=str(member_id))
    return state_by_id


def lock_members_unless_busy(*, merchant_id: int, member_ids: Sequence[int]) -> set[int]:
    """Take members that nobody works on; say which those are."""
    ids = array(sorted(set(member_ids)))
    return {member_id for (member_id,) in run(_UNLESS_BUSY, {"merchant": merchant_id, "ids": ids})}

"""Members and cards of an import, written together. The persons are locked by whoever calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.kernel.errors import Busy
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.contracts import ImportRow
from santong.membership.rules import numbers
from santong.membership.selectors.statements import array, as_sent, run, texts

_SERIALS = Statement("""
SELECT nextval(pg_get_serial_sequence('membership_member', 'id')),
  nextval(pg_get_serial_sequence('membership_card', 'id'))
FROM generate_series(1, %(count)s::int)
""")

_MEMBERS = Statement("""
INSERT INTO membership_member
  (id, merchant_id, number, person_id, state, joined_at, joined_by, changed_at, joined_day)
SELECT n.id, %(merchant)s, n.number, n.person_id, 'active', n.joined_at, 'import',
  %(now)s::timestamptz, to_char(n.joined_at AT TIME ZONE 'Asia/Shanghai', 'MMDD')::smallint
FROM unnest(%(ids)s::bigint[], %(numbers)s::text[], %(persons)s::bigint[],
  %(joined)s::timestamptz[]) AS n(id, number, person_id, joined_at)
ORDER BY n.person_id
ON CONFLICT (merchant_id, person_id) WHERE state <> 'merged' DO NOTHING
RETURNING person_id
""")

_OF_PERSONS = Statement("""
SELECT person_id, id FROM membership_member
WHERE merchant_id = %(merchant)s AND person_id = ANY (%(persons)s::bigint[]) AND state <> 'merged'
ORDER BY id FOR NO KEY UPDATE
""")

# Who slept elsewhere has an active card again.
_AWAKE = Statement("""
UPDATE membership_member SET state = 'active', changed_at = %(now)s::timestamptz
WHERE merchant_id = %(merchant)s AND id = ANY (%(members)s::bigint[]) AND state = 'dormant'
""")

_CARDS = Statement("""
WITH given AS (
  INSERT INTO membership_card (id, merchant_id, member_id, programme_id, number, tier, tier_since,
    tier_until, state, opened_at, last_active_at)
  SELECT c.id, %(merchant)s, c.member_id, %(programme)s, c.number, c.tier,
    CASE WHEN c.tier <> '' THEN %(now)s::timestamptz END, c.tier_until, 'active', c.opened_at,
    c.active_at
  FROM unnest(%(ids)s::bigint[], %(members)s::bigint[], %(numbers)s::text[], %(tiers)s::text[],
    %(until)s::timestamptz[], %(opened)s::timestamptz[], %(active)s::timestamptz[])
    AS c(id, member_id, number, tier, tier_until, opened_at, active_at)
  ORDER BY c.id
  ON CONFLICT DO NOTHING
  RETURNING id, member_id
), credited AS (
  INSERT INTO membership_attribution (merchant_id, member_id, card_id, programme_id, kind, channel,
    storefront_code, guide_code, at)
  SELECT %(merchant)s, given.member_id, given.id, %(programme)s, 'import', '', '', '',
    %(now)s::timestamptz
  FROM given
)
SELECT count(*) FROM given
""")


@dataclass(frozen=True, slots=True)
class Given:
    """The card of one row."""

    member_id: int
    card_id: int
    is_new_member: bool


def give_cards(
    *,
    merchant_id: int,
    programme: contracts.Programme,
    rows: Sequence[ImportRow],
    persons: Mapping[int, int],
    now: datetime,
) -> dict[int, Given]:
    """Give each row's person a card, as a member whom there was or as a new one; by line.

    Raises Busy where somebody else has just taken a number or a person. Locks members.
    """
    if not rows:
        return {}
    serials = run(_SERIALS, {"merchant": merchant_id, "count": len(rows)})
    born = run(
        _MEMBERS,
        {
            "merchant": merchant_id,
            "ids": array(member_id for member_id, _ in serials),
            "numbers": texts(numbers.member_number(serial=serial) for serial, _ in serials),
            "persons": array(persons[row.line] for row in rows),
            "joined": texts((row.joined_at or now).isoformat() for row in rows),
            "now": now,
        },
    )
    new = {person_id for (person_id,) in born}
    found = run(_OF_PERSONS, {"merchant": merchant_id, "persons": array(persons.values())})
    member_by_person = dict(found)
    given = {
        row.line: Given(
            member_id=member_by_person[persons[row.line]],
            card_id=card_id,
            is_new_member=persons[row.line] in new,
        )
        for row, (_, card_id) in zip(rows, serials, strict=True)
    }
    _write(merchant_id, programme, rows, given, now)
    return given


def _write(
    merchant_id: int,
    programme: contracts.Programme,
    rows: Sequence[ImportRow],
    given: Mapping[int, Given],
    now: datetime,
) -> None:
    cards = [given[row.line] for row in rows]
    older = [card.member_id for card in cards if not card.is_new_member]
    _AWAKE.later(as_sent({"merchant": merchant_id, "members": array(older), "now": now}))
    ((written,),) = run(
        _CARDS,
        {
            "merchant": merchant_id,
            "programme": programme.id,
            "ids": array(card.card_id for card in cards),
            "members": array(card.member_id for card in cards),
            "numbers": texts(
                row.card_number
                or numbers.card_number(prefix=programme.card_prefix, serial=card.card_id)
                for row, card in zip(rows, cards, strict=True)
            ),
            "tiers": texts(row.tier for row in rows),
            "until": texts(
                row.tier_until.isoformat() if row.tier and row.tier_until else None for row in rows
            ),
            "opened": texts((row.joined_at or now).isoformat() for row in rows),
            "active": texts((row.last_active_at or now).isoformat() for row in rows),
            "now": now,
        },
    )
    if written < len(rows):
        raise Busy

"""Make a person a member, and give the member a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import outbox
from santong.kernel.errors import Busy, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.errors import CardTaken, ProgrammeClosed
from santong.membership.events import MemberJoined
from santong.membership.rules import numbers
from santong.membership.rules.fields import check_source
from santong.membership.selectors.members import member_by_id
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.statements import run
from santong.membership.services.lock import lock_member_of_person
from santong.membership.services.revive import reopen_locked, wake_locked
from santong.stores import public as stores

TRIES = 5

_STANDING = Statement("""
SELECT m.id, m.state, c.id IS NOT NULL
FROM membership_member m
LEFT JOIN membership_card c ON c.merchant_id = m.merchant_id AND c.member_id = m.id
     AND c.programme_id = %(programme)s AND c.state <> 'merged'
WHERE m.merchant_id = %(merchant)s AND m.person_id = %(person)s AND m.state <> 'merged'
""")

_SERIALS = Statement("""
SELECT coalesce(%(member)s::bigint,
    nextval(pg_get_serial_sequence('membership_member', 'id'))),
  nextval(pg_get_serial_sequence('membership_card', 'id'))
""")

# The person is locked, so only a number that another card has can stand in the way.
_ENROL = Statement("""
WITH born AS (
  INSERT INTO membership_member
    (id, merchant_id, number, person_id, state, joined_at, joined_by, changed_at, joined_day)
  SELECT %(member)s::bigint, %(merchant)s, %(member_number)s, %(person)s::bigint, 'active',
    %(now)s::timestamptz, %(kind)s, %(now)s::timestamptz,
    to_char(%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai', 'MMDD')::smallint
  WHERE %(is_new)s::boolean
), given AS (
  INSERT INTO membership_card (id, merchant_id, member_id, programme_id, number, tier, state,
    opened_at, last_active_at)
  SELECT %(card)s::bigint, %(merchant)s, %(member)s::bigint, %(programme)s::bigint,
    %(card_number)s, '', 'active', %(now)s::timestamptz, %(now)s::timestamptz
  ON CONFLICT (merchant_id, programme_id, number) DO NOTHING
  RETURNING id
), credited AS (
  INSERT INTO membership_attribution (merchant_id, member_id, card_id, programme_id, kind, channel,
    storefront_code, location_id, guide_code, at)
  SELECT %(merchant)s, %(member)s::bigint, given.id, %(programme)s::bigint, %(kind)s, %(channel)s,
    %(storefront)s, %(location)s::bigint, %(guide)s, %(now)s::timestamptz
  FROM given
)
SELECT FROM given
""")


@all_or_nothing
def enrol(
    *,
    merchant_id: int,
    programme_code: str,
    person_id: int,
    source: contracts.JoinSource,
    card_number: str = "",
    now: datetime,
) -> contracts.Joined:
    """Make a person a member of a programme, once; whoever is one gets what they have.

    A person who is a member elsewhere gets a card of this programme; a dormant one is awake, and
    one who had left is back. `card_number` is that of a card which exists already; without it the
    programme gives one.

    Raises NoSuch (programme, location), ProgrammeClosed, CardTaken, FieldInvalid, Busy. Emits
    MemberJoined, MemberWoken, MemberReopened. Locks the person, then the member.
    """
    check_source(source)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    if not programme.is_open:
        raise ProgrammeClosed(programme_code)
    asked = _Asked(
        merchant_id=merchant_id,
        programme=programme,
        person_id=person_id,
        source=source,
        location_id=_location_id(merchant_id, source),
        card_number=_cleaned(card_number),
        now=now,
    )
    standing = _standing(asked)
    if standing is None or standing.state == "closed":
        _refuse_erased(asked)
    if standing is not None and standing.has_card:
        _revive(asked, standing)
        return _joined(asked, standing.member_id, is_new=False, is_new_card=False)
    member_id = _give_card(asked, standing)
    _revive(asked, standing)
    joined = _joined(asked, member_id, is_new=standing is None, is_new_card=True)
    _tell(asked, joined)
    return joined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    merchant_id: int
    programme: contracts.Programme
    person_id: int
    source: contracts.JoinSource
    location_id: int | None
    card_number: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _Standing:
    member_id: int
    state: str
    has_card: bool


def _cleaned(card_number: str) -> str:
    return numbers.brought_number(card_number, pointer="/card_number") if card_number else ""


def _location_id(merchant_id: int, source: contracts.JoinSource) -> int | None:
    code = source.location_code
    if not code:
        return None
    found = stores.locations_by_code(merchant_id=merchant_id, codes=[code])
    if code not in found:
        raise NoSuch(kind="location", key=code)
    return found[code].id


def _standing(asked: _Asked) -> _Standing | None:
    """Who the person is already. They stay locked."""
    lock_member_of_person(merchant_id=asked.merchant_id, person_id=asked.person_id)
    rows = run(
        _STANDING,
        {
            "merchant": asked.merchant_id,
            "programme": asked.programme.id,
            "person": asked.person_id,
        },
    )
    return _Standing(*rows[0]) if rows else None


def _refuse_erased(asked: _Asked) -> None:
    """Whoever was erased since they were recognised is nobody: who asks again is somebody new."""
    ids = [asked.person_id]
    if customers.erased_ids(merchant_id=asked.merchant_id, person_ids=ids):
        raise Busy


def _give_card(asked: _Asked, standing: _Standing | None) -> int:
    """Give a card, to a new member where there is none; say to whom."""
    member_id = None if standing is None else standing.member_id
    is_new = standing is None
    for _ in range(TRIES):
        ((member_id, card_id),) = run(_SERIALS, {"member": member_id})
        if _insert(asked, member_id=member_id, is_new=is_new, card_id=card_id):
            return int(member_id)
        if asked.card_number:
            raise CardTaken(programme_code=asked.programme.code, number=asked.card_number)
        is_new = False
    raise Busy


def _insert(asked: _Asked, *, member_id: int, is_new: bool, card_id: int) -> bool:
    generated = numbers.card_number(prefix=asked.programme.card_prefix, serial=card_id)
    given = run(
        _ENROL,
        {
            "merchant": asked.merchant_id,
            "member": member_id,
            "member_number": numbers.member_number(serial=member_id),
            "person": asked.person_id,
            "is_new": "t" if is_new else "f",
            "card": card_id,
            "card_number": asked.card_number or generated,
            "programme": asked.programme.id,
            "kind": asked.source.kind,
            "channel": asked.source.channel,
            "storefront": asked.source.storefront_code,
            "location": asked.location_id,
            "guide": asked.source.guide_code,
            "now": asked.now,
        },
    )
    return bool(given)


def _revive(asked: _Asked, standing: _Standing | None) -> None:
    """Who had left is back, and who slept is awake."""
    if standing is None:
        return
    if standing.state == "closed":
        reopen_locked(
            merchant_id=asked.merchant_id,
            member_id=standing.member_id,
            reason="joined again",
            now=asked.now,
        )
    else:
        wake_locked(
            merchant_id=asked.merchant_id,
            member_id=standing.member_id,
            programme_id=asked.programme.id,
            at=asked.now,
            now=asked.now,
        )


def _joined(asked: _Asked, member_id: int, *, is_new: bool, is_new_card: bool) -> contracts.Joined:
    member = member_by_id(merchant_id=asked.merchant_id, member_id=member_id)
    card = member.card_of(asked.programme.code)
    assert card is not None, "who was enrolled has a card"
    return contracts.Joined(member=member, card=card, is_new=is_new, is_new_card=is_new_card)


def _tell(asked: _Asked, joined: contracts.Joined) -> None:
    outbox.publish(
        MemberJoined(
            member_id=joined.member.id,
            card_id=joined.card.id,
            programme_id=asked.programme.id,
            programme_code=asked.programme.code,
            kind=asked.source.kind,
            channel=asked.source.channel,
            storefront_code=asked.source.storefront_code,
            location_code=asked.source.location_code,
            guide_code=asked.source.guide_code,
            is_new=joined.is_new,
        ),
        now=asked.now,
    )

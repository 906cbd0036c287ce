"""Days that come again: birthdays and anniversaries."""

from __future__ import annotations

from datetime import date, datetime

from santong.benefits.contracts.events import EventRule
from santong.benefits.rules import occasions
from santong.benefits.services.fire import fire
from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership


@all_or_nothing
def celebrate(
    *,
    merchant_id: int,
    rule: EventRule,
    day: date,
    year: int,
    after_id: int,
    limit: int,
    now: datetime,
) -> int | None:
    """Let a rule act for the next members whose day it is; where to go on, or None at the end.

    `day` says month and day, `year` names the occasion. Emits what `fire` emits.
    """
    found = _members(merchant_id, rule, day, year, after_id=after_id, limit=limit)
    for member in found.members:
        if rule.programme_id is None or any(
            card.programme_id == rule.programme_id and card.state == "active"
            for card in member.cards
        ):
            fire(
                merchant_id=merchant_id,
                rule=rule,
                member_id=member.id,
                occasion=occasions.of_year(event=rule.event, year=year),
                now=now,
            )
    return found.last_id


class _Found:
    def __init__(self, members: list[membership.Member], last_id: int | None) -> None:
        self.members, self.last_id = members, last_id


def _members(
    merchant_id: int, rule: EventRule, day: date, year: int, *, after_id: int, limit: int
) -> _Found:
    """The next members, and by which id to go on."""
    if rule.event == "birthday":
        persons = customers.birthdays_on(
            merchant_id=merchant_id, month=day.month, day=day.day, after_id=after_id, limit=limit
        )
        known = membership.members_of_persons(merchant_id=merchant_id, person_ids=persons)
        members = [known[person] for person in persons if person in known]
        return _Found(members, persons[-1] if len(persons) == limit else None)
    ids = membership.members_joined_on(
        merchant_id=merchant_id, month=day.month, day=day.day, after_id=after_id, limit=limit
    )
    joined = membership.members_by_id(merchant_id=merchant_id, member_ids=ids)
    members = [joined[each] for each in ids if joined[each].joined_at.year < year]
    return _Found(members, ids[-1] if len(ids) == limit else None)

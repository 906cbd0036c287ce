"""The link of a visit's buyer. It goes with the trips that follow: it is the first one's.

It is good until it is renewed, or for a while after the last trip.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.fieldservice.errors import LinkOver
from santong.fieldservice.models import Visit
from santong.fieldservice.rules.states import ENDED
from santong.kernel import links
from santong.kernel.errors import NoSuch

PURPOSE: Final = "fieldservice.visit"
LASTS: Final = timedelta(days=90)


def link_of(*, token: str) -> links.Link:
    """What a token says. Raises LinkOver."""
    link = links.link_of(purpose=PURPOSE, token=token)
    if link is None:
        raise LinkOver
    return link


def visit_of_link(*, link: links.Link, now: datetime) -> int:
    """The visit that a link opens now: the last trip. Raises LinkOver."""
    first = Visit.objects.of_merchant(link.merchant_id).filter(id=link.thing_id).first()
    if first is None or link.round != first.link_round:
        raise LinkOver
    last = _last_trip(first)
    if _is_over(last, now):
        raise LinkOver
    return last.id


def token_of(*, first: Visit) -> str:
    """The token that opens a first trip, and those that follow it."""
    link = links.Link(merchant_id=first.merchant_id, thing_id=first.id, round=first.link_round)
    return links.token_of(purpose=PURPOSE, link=link)


def page_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"/v/{token}/"


def link_path(*, merchant_id: int, visit_id: int, now: datetime) -> str:
    """Where the page of a visit's buyer answers; nothing, if it is over. Raises NoSuch."""
    first = first_trip(merchant_id=merchant_id, visit_id=visit_id)
    return "" if _is_over(_last_trip(first), now) else page_path(token=token_of(first=first))


def first_trip(*, merchant_id: int, visit_id: int) -> Visit:
    """The visit with which it began. Raises NoSuch."""
    rows = Visit.objects.of_merchant(merchant_id)
    row = rows.filter(id=visit_id).first()
    if row is None:
        raise NoSuch(kind="visit", key=str(visit_id))
    while row.follows_id is not None:
        row = rows.get(id=row.follows_id)
    return row


def _last_trip(row: Visit) -> Visit:
    rows = Visit.objects.of_merchant(row.merchant_id)
    while (follower := rows.filter(follows=row.id).first()) is not None:
        row = follower
    return row


def _is_over(row: Visit, now: datetime) -> bool:
    moments = (row.requested_at, row.booked_at, row.window_until, row.done_at, row.accepted_at)
    return row.state in ENDED and now >= max(each for each in moments if each) + LASTS

"""What is told about visits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from santong.fieldservice import public as fieldservice
from santong.storefront.contracts import Telling
from santong.storefront.selectors.tellings.asked import Asked, clock, day

COMES = ("booked", "confirmed")


def offered(asked: Asked) -> Telling | None:
    """That a time can be chosen."""
    visit = _visit(asked)
    # Whoever was missed is told so, with the same choice.
    if visit.state != "offered" or visit.follow_reason == "missed":
        return None
    text = _("[%(house)s] %(service)s can be booked now. Choose when we come: ")
    return _told(asked, text, service=visit.service_name)


def booked(asked: Asked) -> Telling | None:
    """When somebody comes."""
    text = _("[%(house)s] %(service)s is booked: %(day)s, %(from)s to %(until)s. Details: ")
    return _window_told(asked, text)


def moved(asked: Asked) -> Telling | None:
    """That somebody comes at another time; `mark` is when that begins."""
    visit = _visit(asked)
    if visit.window is None or visit.window.starts_at.isoformat() != asked.mark:
        return None
    text = _("[%(house)s] %(service)s has moved: %(day)s, %(from)s to %(until)s. Details: ")
    return _window_told(asked, text)


def missed(asked: Asked) -> Telling | None:
    """That nobody came, or nobody was there, and a new time can be chosen."""
    visit = _visit(asked)
    follower = fieldservice.follower_of(merchant_id=asked.merchant_id, visit_id=visit.id)
    if follower is None or _visit(asked, follower).state != "offered":
        return None
    text = (
        _("[%(house)s] We did not come for %(service)s, and are sorry. Choose a new time: ")
        if visit.missed_by == "technician"
        else _("[%(house)s] We came for %(service)s and met nobody. Choose a new time: ")
    )
    return _told(asked, text, service=visit.service_name)


def _window_told(asked: Asked, text: str) -> Telling | None:
    visit = _visit(asked)
    if visit.state not in COMES or visit.window is None or asked.now >= visit.window.ends_at:
        return None
    starts, ends = visit.window.starts_at, visit.window.ends_at
    window = {"day": day(starts), "from": clock(starts), "until": clock(ends)}
    return _told(asked, text, service=visit.service_name, **window)


def _told(asked: Asked, text: str, **values: str) -> Telling | None:
    path = fieldservice.link_path(
        merchant_id=asked.merchant_id, visit_id=asked.thing_id, now=asked.now
    )
    told = Telling(text=text % {"house": asked.house.name, **values}, path=path)
    return told if path else None


def _visit(asked: Asked, visit_id: int | None = None) -> fieldservice.Visit:
    return fieldservice.visit_by_id(
        merchant_id=asked.merchant_id, visit_id=visit_id or asked.thing_id
    )

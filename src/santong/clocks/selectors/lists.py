"""Clocks and escalations, as lists."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from santong.clocks import contracts
from santong.clocks.models import Clock, Escalation
from santong.kernel.errors import NoSuch

_LIVE: Final = ("running", "paused")
OPEN: Final = ("told", "seen")


def clocks_page(
    *,
    merchant_id: int,
    standing: contracts.Standing | None,
    sight: contracts.Sight,
    term: str = "",
    subject: str = "",
    store: str = "",
    provider: str = "",
    below_id: int,
    limit: int,
    now: datetime,
) -> list[contracts.Clock]:
    """Clocks that somebody may see, the newest first: late, open, resting, ended, or any."""
    rows = _seen(Clock.objects.of_merchant(merchant_id), sight).filter(id__lt=below_id)
    rows = _standing(rows, standing, now=now)
    if term:
        rows = rows.filter(Q(term=term) | Q(term__regex=rf"^{_plain(term)}_[0-9]+$"))
    for name, code in (("subject", subject), ("store", store), ("provider", provider)):
        if code:
            rows = rows.filter(**{name: code})
    found = rows.select_related("policy_version__policy").order_by("-id")[:limit]
    return [row.as_contract() for row in found]


def overdue(
    *, merchant_id: int, sight: contracts.Sight, term: str = "", limit: int, now: datetime
) -> list[contracts.Clock]:
    """Clocks that run past their due time, the longest first."""
    rows = _seen(Clock.objects.of_merchant(merchant_id), sight)
    rows = rows.filter(state__in=_LIVE, due_at__lt=now)
    if term:
        rows = rows.filter(Q(term=term) | Q(term__regex=rf"^{_plain(term)}_[0-9]+$"))
    found = rows.select_related("policy_version__policy").order_by("due_at", "id")[:limit]
    return [row.as_contract() for row in found]


def clock_by_id(*, merchant_id: int, clock_id: int, sight: contracts.Sight) -> contracts.Clock:
    """A clock that somebody may see. Raises NoSuch."""
    rows = _seen(Clock.objects.of_merchant(merchant_id), sight).filter(id=clock_id)
    row = rows.select_related("policy_version__policy").first()
    if row is None:
        raise NoSuch(kind="clock", key=str(clock_id))
    return row.as_contract()


def escalations_page(
    *,
    merchant_id: int,
    heard: Collection[tuple[str, frozenset[str] | None]] | None,
    is_open: bool,
    below_id: int,
    limit: int,
) -> list[contracts.Escalation]:
    """Escalations that were told to roles, the newest first.

    `heard` are roles with the stores at which somebody has them, None for everywhere; without it
    all are given. What was told to a role everywhere is heard by those who have it everywhere.
    """
    rows = Escalation.objects.of_merchant(merchant_id).filter(id__lt=below_id)
    rows = rows.filter(state__in=OPEN) if is_open else rows.exclude(state__in=OPEN)
    if heard is not None:
        rows = rows.filter(_heard(heard))
    found = rows.select_related("clock", "policy_version__policy").order_by("-id")[:limit]
    return [_as_contract(row) for row in found]


def escalation_by_id(
    *,
    merchant_id: int,
    escalation_id: int,
    heard: Collection[tuple[str, frozenset[str] | None]] | None,
) -> contracts.Escalation:
    """An escalation that was told to roles, `heard` as for the page. Raises NoSuch."""
    rows = Escalation.objects.of_merchant(merchant_id).filter(id=escalation_id)
    if heard is not None:
        rows = rows.filter(_heard(heard))
    row = rows.select_related("clock", "policy_version__policy").first()
    if row is None:
        raise NoSuch(kind="escalation", key=str(escalation_id))
    return _as_contract(row)


def escalations_of(*, merchant_id: int, clock_id: int) -> list[contracts.Escalation]:
    """Who was told of a clock, in that order."""
    rows = Escalation.objects.of_merchant(merchant_id).filter(clock=clock_id)
    found = rows.select_related("clock", "policy_version__policy").order_by("id")
    return [_as_contract(row) for row in found]


def _heard(heard: Collection[tuple[str, frozenset[str] | None]]) -> Q:
    wanted = Q(pk__in=())
    for role, stores in heard:
        wanted |= Q(role=role) if stores is None else Q(role=role, store__in=stores)
    return wanted


def _seen(rows: QuerySet[Clock], sight: contracts.Sight) -> QuerySet[Clock]:
    if sight.stores is not None:
        rows = rows.filter(store__in=sight.stores)
    return rows


def _standing(
    rows: QuerySet[Clock], standing: contracts.Standing | None, *, now: datetime
) -> QuerySet[Clock]:
    match standing:
        case "late":
            return rows.filter(state__in=_LIVE, due_at__lt=now)
        case "open":
            return rows.filter(state="running")
        case "rests":
            return rows.filter(state="paused")
        case "ended":
            return rows.exclude(state__in=_LIVE)
        case None:
            return rows


def _plain(term: str) -> str:
    """A term as a pattern that means itself."""
    return "".join(sign if sign.isalnum() or sign == "_" else f"\\{sign}" for sign in term)


def _as_contract(row: Escalation) -> contracts.Escalation:
    return contracts.Escalation(
        id=row.id,
        clock_id=row.clock_id,
        subject=row.clock.subject,
        term=row.clock.term,
        policy_code=row.policy_version.policy.code,
        clock_state=row.clock.state,
        due_at=row.clock.due_at,
        basis=row.basis,
        value=row.value,
        role=row.role,
        store=row.store,
        state=row.state,
        told_at=row.told_at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        note=row.note,
    )

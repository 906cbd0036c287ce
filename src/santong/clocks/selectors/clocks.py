"""Clocks as they stood when something last happened to them."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.models import Clock
from santong.clocks.rules.working_time import seconds_of
from santong.clocks.selectors.standing import events_of, standings
from santong.kernel.errors import NoSuch
from santong.kernel.models import MerchantQuerySet


def clock_of(*, merchant_id: int, subject: str, term: str) -> contracts.Clock:
    """The clock of a term of a subject. Raises NoSuch."""
    found = clock_or_none(merchant_id=merchant_id, subject=subject, term=term)
    if found is None:
        raise NoSuch(kind="clock", key=f"{subject}/{term}"[:120])
    return found


def clock_or_none(*, merchant_id: int, subject: str, term: str) -> contracts.Clock | None:
    """The clock of a term of a subject, if there is one."""
    row = _rows(merchant_id).filter(subject=subject, term=term).first()
    return row.as_contract() if row else None


def clocks_of(*, merchant_id: int, subject: str) -> list[contracts.Clock]:
    """Every clock of a subject, in the order in which they were started."""
    rows = _rows(merchant_id).filter(subject=subject).order_by("id")
    return [row.as_contract() for row in rows]


def history_of_clock(*, merchant_id: int, clock_id: int) -> list[contracts.Recorded]:
    """What happened to a clock, in the order in which it was recorded."""
    rows = events_of(merchant_id=merchant_id, clock_ids=[clock_id])
    return [row.as_contract() for row in rows[clock_id]]


def standing_of(
    *, merchant_id: int, subject: str, term: str, now: datetime
) -> contracts.Evaluation:
    """How a clock stands at an instant. Raises NoSuch."""
    row = _rows(merchant_id).filter(subject=subject, term=term).first()
    if row is None:
        raise NoSuch(kind="clock", key=f"{subject}/{term}"[:120])
    found = standings(merchant_id=merchant_id, clocks=[row], now=seconds_of(now))
    return found[row.id]


def _rows(merchant_id: int) -> MerchantQuerySet[Clock]:
    return Clock.objects.of_merchant(merchant_id).select_related("policy_version__policy")

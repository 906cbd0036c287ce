"""A call's way past the breaker, before it is made and after it has ended."""

from __future__ import annotations

from datetime import datetime

from santong.gateway.contracts import BREAKER_STATES
from santong.gateway.models import Breaker as BreakerRow
from santong.gateway.rules.breaker import Breaker, failed, let_through, succeeded
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def take_line(*, merchant_id: int, connection_id: int, now: datetime) -> int | None:
    """The generation under which a call may be made, or None if the line is to be left alone.

    Raises NoSuch. Locks the breaker unless it is closed.
    """
    row = _row(merchant_id, connection_id)
    if row.state == "closed":
        return row.generation
    row = _row(merchant_id, connection_id, locked=True)
    after = let_through(breaker=_state_of(row), now=now)
    if after is None:
        return None
    _keep(row, after)
    return after.generation


@all_or_nothing
def give_line_back(
    *, merchant_id: int, connection_id: int, generation: int, is_well: bool, now: datetime
) -> None:
    """Tell the breaker how a call ended. Raises NoSuch. Locks the breaker if that changes it."""
    row = _row(merchant_id, connection_id)
    if _after(row, generation, is_well=is_well, now=now) == _state_of(row):
        return
    row = _row(merchant_id, connection_id, locked=True)
    _keep(row, _after(row, generation, is_well=is_well, now=now))


def _after(row: BreakerRow, generation: int, *, is_well: bool, now: datetime) -> Breaker:
    if is_well:
        return succeeded(breaker=_state_of(row), generation=generation)
    return failed(breaker=_state_of(row), generation=generation, now=now)


def _row(merchant_id: int, connection_id: int, *, locked: bool = False) -> BreakerRow:
    rows = BreakerRow.objects.of_merchant(merchant_id).filter(connection_id=connection_id)
    found: BreakerRow | None = (rows.lock() if locked else rows).first()
    if found is None:
        raise NoSuch(kind="connection", key=str(connection_id))
    return found


def _state_of(row: BreakerRow) -> Breaker:
    return Breaker(
        state=BREAKER_STATES[BREAKER_STATES.index(row.state)],
        failures=row.failures,
        trips=row.trips,
        generation=row.generation,
        rests_until=row.rests_until,
        probe_until=row.probe_until,
    )


def _keep(row: BreakerRow, state: Breaker) -> None:
    if state == _state_of(row):
        return
    row.state, row.failures, row.trips = state.state, state.failures, state.trips
    row.generation = state.generation
    row.rests_until, row.probe_until = state.rests_until, state.probe_until
    row.save()

"""What the simulated provider is going to tell, in the transaction that made it true."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.payments.contracts.providers import Notice, Seen
from santong.payments.models import SimulatedNotice
from santong.payments.rules.simulated.moods import Mood
from santong.payments.rules.simulated.notices import written
from santong.payments.rules.simulated.terms import Holder


def tell(
    *, holder: Holder, notice: Notice, now: datetime, named: frozenset[Mood] = frozenset()
) -> None:
    """Tell the account's holder once or twice, late or never, as the mood is."""
    if not holder.is_told:
        return
    due_at = _due_at(holder, notice, named, now)
    is_lost = holder.falls("notice_lost", about=notice.number, named=named)
    is_twice = holder.falls("notice_twice", about=notice.number, named=named)
    _keep(holder, notice, due_at, now, state="lost" if is_lost else "waiting", times=1 + is_twice)
    if _was_waiting(notice) and holder.falls("waiting_told_last", about=notice.number, named=named):
        first = Notice(
            number=f"payment:{notice.reference}:waiting",
            about="payment",
            reference=notice.reference,
            payment=Seen(state="waiting"),
        )
        _keep(holder, first, due_at + timedelta(seconds=1), now)


def _due_at(holder: Holder, notice: Notice, named: frozenset[Mood], now: datetime) -> datetime:
    if holder.falls("notice_late", about=notice.number, named=named):
        return now + holder.after(30, "late", notice.number, spread=150)
    return now


def _was_waiting(notice: Notice) -> bool:
    return notice.payment is not None and notice.payment.state in {"paid", "authorised"}


def _keep(
    holder: Holder,
    notice: Notice,
    due_at: datetime,
    now: datetime,
    *,
    state: str = "waiting",
    times: int = 1,
) -> None:
    row = SimulatedNotice(
        merchant_id=holder.merchant_id,
        account_code=holder.account_code,
        number=notice.number,
        body=written(notice),
        state=state,
        times=times,
        due_at=due_at,
        made_at=now,
    )
    SimulatedNotice.objects.bulk_create([row], ignore_conflicts=True)

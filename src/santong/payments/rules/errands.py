"""What becomes of a call to a provider: when it is made again, and which one follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from santong.payments.contracts import Errand, Seen, SeenMove, TenderState, WorkStep
from santong.payments.rules.tenders import LIVE, wait_before_look, wait_before_retry

# A refund or a transfer that the provider works on is looked at so often.
_FIRST_ASK_AGAIN: Final = timedelta(seconds=10)
_LAST_ASK_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Next:
    """The next call; None for `step`: nothing is left to ask."""

    step: WorkStep | None
    due_at: datetime | None = None
    attempts: int = 0


_NOTHING: Final = Next(None)


def next_of_payment(
    errand: Errand, *, state: TenderState, seen: Seen | None, now: datetime
) -> Next:
    """What to ask next about a payment that now stands so; `seen` is None: no answer came.

    A call without an answer may have been carried out: it is looked up before it is made again.
    What is no longer to be paid is closed, and asked for until the provider says that it is.
    """
    if state not in LIVE:
        return _NOTHING
    again = errand.attempts + 1
    soon = now + wait_before_retry(attempts=again)
    if errand.step in {"close", "capture"}:
        return Next(errand.step, soon, again)
    if state == "authorised" or now >= errand.expires_at:
        return Next("close", max(now, errand.expires_at), 0)
    if seen is None:
        return Next("query", soon, again)
    # A code that was shown and that nobody has scanned is unknown to some: it is looked for again,
    # for asked again it might be another one.
    has_not_arrived = seen.state == "unknown" and state == "asked"
    # The answer to the asking was lost, and with it what the buyer was to be shown: asked again,
    # the provider shows the same payment.
    was_not_shown = seen.state == "waiting" and errand.step == "query" and not errand.is_shown
    if has_not_arrived or was_not_shown:
        return Next("ask", soon, again)
    looks = 0 if errand.step == "ask" else again
    due = min(now + wait_before_look(attempts=looks), errand.expires_at)
    return Next("query", due, looks)


def next_of_move(errand: Errand, *, seen: SeenMove | None, now: datetime) -> Next:
    """What to ask next about a refund or a transfer; `seen` is None: no answer came."""
    make: WorkStep = "refund" if errand.about == "refund" else "transfer"
    look: WorkStep = "query_refund" if errand.about == "refund" else "query_sent"
    again = errand.attempts + 1
    if seen is None:
        return Next(look, now + wait_before_retry(attempts=again), again)
    if seen.state == "unknown":
        return Next(make, now + wait_before_retry(attempts=again), again)
    if seen.state == "working":
        wait = min(_FIRST_ASK_AGAIN * (1 << min(errand.attempts, 12)), _LAST_ASK_AGAIN)
        return Next(look, now + wait, again)
    return _NOTHING

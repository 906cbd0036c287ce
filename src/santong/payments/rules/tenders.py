"""How a tender goes on when something is seen of it, and what its intent becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from santong.payments.contracts import IntentState, Seen, SeenState, TenderState

LIVE: Final[frozenset[TenderState]] = frozenset({"asked", "waiting", "authorised"})
LIVE_INTENT: Final[frozenset[IntentState]] = frozenset({"open", "authorised"})

# What a live tender becomes, by what is seen of it; money that came in is apart.
_NEXT: Final[dict[tuple[TenderState, SeenState], TenderState]] = {
    ("asked", "waiting"): "waiting",
    ("asked", "authorised"): "authorised",
    ("waiting", "authorised"): "authorised",
    ("asked", "closed"): "closed",
    ("waiting", "closed"): "closed",
    ("authorised", "closed"): "voided",
    ("asked", "failed"): "failed",
    ("waiting", "failed"): "failed",
}
# Buyers take seconds or minutes; a notice that is lost is found by asking, less and less often.
_FIRST_LOOK: Final = timedelta(seconds=5)
_LAST_LOOK: Final = timedelta(minutes=5)
_FIRST_RETRY: Final = timedelta(seconds=1)
_LAST_RETRY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """How a tender stands after something was seen; `captured_minor` came in by this."""

    state: TenderState
    authorised_minor: int = 0
    captured_minor: int = 0
    is_late: bool = False
    is_change: bool = False


def after_seen(
    *, state: TenderState, authorised_minor: int, amount_minor: int, seen: Seen
) -> After:
    """What becomes of a tender. Money that came in is always taken, whatever we had thought.

    What is seen may be old, come twice or out of order: a tender that has ended is moved by
    money only, and money that was captured is captured once.
    """
    if seen.state == "paid" and state != "captured":
        return After(
            state="captured",
            authorised_minor=authorised_minor,
            captured_minor=seen.amount_minor or amount_minor,
            is_late=state not in LIVE,
            is_change=True,
        )
    becomes = _NEXT.get((state, seen.state))
    if becomes is None:
        return After(state=state, authorised_minor=authorised_minor)
    authorised = (seen.amount_minor or amount_minor) if becomes == "authorised" else 0
    return After(state=becomes, authorised_minor=authorised, is_change=True)


def intent_after(
    *, state: IntentState, amount_minor: int, received_minor: int, authorised_minor: int
) -> IntentState:
    """What an intent is, now that so much of it came in. One that was given up stays so."""
    if state not in LIVE_INTENT:
        return state
    if received_minor >= amount_minor:
        return "paid"
    return "authorised" if received_minor + authorised_minor >= amount_minor else "open"


def wait_before_look(*, attempts: int) -> timedelta:
    """How long until a payment that waits for its buyer is looked at again."""
    return min(_FIRST_LOOK * (1 << min(attempts, 10)), _LAST_LOOK)


def wait_before_retry(*, attempts: int) -> timedelta:
    """How long until a provider that did not answer is asked again."""
    return min(_FIRST_RETRY * (1 << min(attempts, 12)), _LAST_RETRY)

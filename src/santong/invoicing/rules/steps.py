"""What becomes of an invoice when its issuer has answered, or has not."""

from __future__ import annotations

from dataclasses import dataclass

from santong.invoicing.contracts import Answer, Confirmation, Kind, State, Step

ENDED: frozenset[State] = frozenset({"issued", "refused", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The state that follows, what is done in it, and whether that is done at once."""

    state: State
    step: Step
    is_soon: bool = False


def following(*, kind: Kind, step: Step, outcome: Answer | Confirmation | None) -> Next:
    """Where an invoice goes from a step. No outcome: nobody knows whether it was done.

    What may have been done is asked for before it is tried again.
    """
    if outcome is None:
        return _unanswered(step)
    if isinstance(outcome, Confirmation):
        return _confirmed(outcome)
    if outcome.state == "issued":
        return Next(state="issued", step="none")
    if outcome.state == "refused":
        return Next(state="refused", step="none")
    if outcome.state == "unknown":
        return Next(state="sent", step="issue" if kind == "blue" else "red_issue", is_soon=True)
    return Next(state="sent", step="query")


def _unanswered(step: Step) -> Next:
    if step == "await":
        return Next(state="waiting_confirmation", step="await")
    # A slip is opened again under its reference: it is the same slip.
    return Next(state="sent", step="confirm" if step == "confirm" else "query")


def _confirmed(outcome: Confirmation) -> Next:
    if outcome.state == "confirmed":
        return Next(state="sent", step="red_issue", is_soon=True)
    if outcome.state == "waiting":
        return Next(state="waiting_confirmation", step="await")
    return Next(state="refused", step="none")

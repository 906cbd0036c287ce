"""What follows an answer, or none."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from santong.invoicing.contracts import Answer, Confirmation, Kind, State, Step
from santong.invoicing.rules.pace import pause
from santong.invoicing.rules.steps import following


class Case(NamedTuple):
    name: str
    kind: Kind
    step: Step
    outcome: Answer | Confirmation | None
    state: State
    then: Step


CASES = [
    Case("issued at once", "blue", "issue", Answer(state="issued"), "issued", "none"),
    Case("refused", "blue", "issue", Answer(state="refused"), "refused", "none"),
    Case("taken in", "blue", "issue", Answer(state="working"), "sent", "query"),
    Case("no answer: ask, do not repeat", "blue", "issue", None, "sent", "query"),
    Case("still working", "blue", "query", Answer(state="working"), "sent", "query"),
    Case("never arrived: again", "blue", "query", Answer(state="unknown"), "sent", "issue"),
    Case("a red one never arrived", "red", "query", Answer(state="unknown"), "sent", "red_issue"),
    Case(
        "nobody has to confirm",
        "red",
        "confirm",
        Confirmation(state="confirmed"),
        "sent",
        "red_issue",
    ),
    Case(
        "the buyer has to",
        "red",
        "confirm",
        Confirmation(state="waiting"),
        "waiting_confirmation",
        "await",
    ),
    Case("no answer about a slip: the same slip", "red", "confirm", None, "sent", "confirm"),
    Case("the buyer is not heard of", "red", "await", None, "waiting_confirmation", "await"),
    Case(
        "the buyer said yes", "red", "await", Confirmation(state="confirmed"), "sent", "red_issue"
    ),
    Case("the buyer said no", "red", "await", Confirmation(state="denied"), "refused", "none"),
    Case("72 hours are over", "red", "await", Confirmation(state="expired"), "refused", "none"),
    Case("no slip is opened", "red", "confirm", Confirmation(state="refused"), "refused", "none"),
    Case("the red one is there", "red", "red_issue", Answer(state="issued"), "issued", "none"),
    Case("the red one may be there", "red", "red_issue", None, "sent", "query"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_following(case: Case) -> None:
    after = following(kind=case.kind, step=case.step, outcome=case.outcome)

    assert (after.state, after.step) == (case.state, case.then)


def test_whoever_does_not_answer_is_asked_less_and_less_but_every_hour() -> None:
    seconds = [int(pause(attempts=attempts).total_seconds()) for attempts in (0, 1, 5, 20, 10**6)]

    assert seconds == [5, 10, 160, 3_600, 3_600]

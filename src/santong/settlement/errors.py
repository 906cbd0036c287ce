"""What settlement refuses, each with what one needs to know to do better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, NotAllowed


@dataclass
class NotPaid(Conflict):
    """Nothing is shared before all the money is in."""

    code: ClassVar[str] = "settlement.not_paid"
    document: str
    paid_minor: int
    total_minor: int


@dataclass
class MoreThanLeft(Conflict):
    """More would go back than is left of what was paid; nothing was reversed."""

    code: ClassVar[str] = "settlement.more_than_left"
    document: str
    wanted_minor: int
    left_minor: int


@dataclass
class ReversalTaken(Conflict):
    """The key stands for another reversal of this document."""

    code: ClassVar[str] = "settlement.reversal_taken"
    document: str
    key: str


@dataclass
class SameHands(NotAllowed):
    """Who drafted a payout does not approve it: somebody else has to look at it."""

    code: ClassVar[str] = "settlement.same_hands"
    run_id: str


@dataclass
class RunPassed(Conflict):
    """The payout run is not in the state for this."""

    code: ClassVar[str] = "settlement.run_passed"
    run_id: str
    state: str
    wanted: str


@dataclass
class NothingToPay(Conflict):
    """No party is owed so much that is due."""

    code: ClassVar[str] = "settlement.nothing_to_pay"
    run_id: str


@dataclass
class LinePassed(Conflict):
    """The line of the payout is not in the state for this."""

    code: ClassVar[str] = "settlement.line_passed"
    line_id: str
    state: str
    wanted: str


@dataclass
class MonthOpen(Conflict):
    """The month has not ended a day ago."""

    code: ClassVar[str] = "settlement.month_open"
    month: str


@dataclass
class AlreadyClaimed(Conflict):
    """The line was disputed before, and answered or waits for its answer."""

    code: ClassVar[str] = "settlement.already_claimed"
    claim_id: str
    state: str


@dataclass
class ClaimAnswered(Conflict):
    """The dispute has been answered."""

    code: ClassVar[str] = "settlement.claim_answered"
    claim_id: str
    state: str


@dataclass
class OpenClaims(Conflict):
    """Lines of the statement are disputed: it is confirmed when they are answered."""

    code: ClassVar[str] = "settlement.open_claims"
    statement_id: str
    claims: int


@dataclass
class SecondPersonNeeded(NotAllowed):
    """Rules are drafted by one person and published by another: nobody publishes them alone."""

    code: ClassVar[str] = "settlement.second_person_needed"


@dataclass
class OwnDraft(NotAllowed):
    """Who drafted rules neither publishes nor declines them: somebody else looks at them."""

    code: ClassVar[str] = "settlement.own_draft"
    draft_id: str


@dataclass
class NotYourDraft(NotAllowed):
    """A draft of rules is changed and withdrawn by its drafter only."""

    code: ClassVar[str] = "settlement.not_your_draft"
    draft_id: str


@dataclass
class DraftPassed(Conflict):
    """The draft of rules was published, declined or withdrawn."""

    code: ClassVar[str] = "settlement.draft_passed"
    draft_id: str
    state: str


@dataclass
class DraftChanged(Conflict):
    """The draft of rules is another than was looked at: look at it again."""

    code: ClassVar[str] = "settlement.draft_changed"
    draft_id: str
    revision: int


@dataclass
class DraftOutdated(Conflict):
    """Rules were published since this was made: it has to be taken up anew from the newest."""

    code: ClassVar[str] = "settlement.draft_outdated"
    base_version: int
    newest_version: int


@dataclass
class TooEarly(Conflict):
    """Rules are in force from now on or later: what was paid before is shared already."""

    code: ClassVar[str] = "settlement.too_early"
    valid_from: str

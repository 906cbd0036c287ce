"""What storefront's own parts hand to one another: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Purpose = Literal["log_in", "erase"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

CodeState = Literal["sent", "proved", "spent"]
CODE_STATES: tuple[CodeState, ...] = get_args(CodeState)

Answer = Literal["proved", "wrong", "over"]

NoticeState = Literal["queued", "sent", "failed", "unwanted"]
NOTICE_STATES: tuple[NoticeState, ...] = get_args(NoticeState)

PaidJoinState = Literal["joined", "declined"]
PAID_JOIN_STATES: tuple[PaidJoinState, ...] = get_args(PaidJoinState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody came for: the link that they scanned, and where they go on to."""

    store: str = ""
    guide: str = ""
    programme: str = ""
    onward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What somebody has ticked, of which version of the text, in which language."""

    membership: bool
    marketing: bool
    version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A code that is to be sent, and the ticket of the browser that asked for it. Kept nowhere."""

    ticket: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A code on its way: to which phone, what for, how long it is good, whether it was typed."""

    phone: str = field(repr=False)
    wanted: Wanted
    state: CodeState
    sent_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a typed code came to. `left` is how many more may be typed."""

    answer: Answer
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A member who is in, with the value of the cookie. Kept nowhere."""

    member_id: int
    cookie: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A member's log-in on one device."""

    id: int
    member_id: int
    opened_at: datetime
    refreshed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that the simulated sender kept."""

    id: int
    text: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidJoin:
    """Whom paying for an order made a member; whoever was one before has nothing to decline."""

    order_id: int
    member_id: int
    is_new: bool
    state: PaidJoinState
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a buyer is told about something of theirs; the phone is masked."""

    id: int
    subject: str
    kind: str
    phone: str
    state: NoticeState
    tries: int
    why: str
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a buyer is told, and the path of their page that follows it."""

    text: str
    path: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice:
    """A notice that somebody has claimed, to send it now."""

    id: int
    claim: int
    tries: int
    phone: str = field(repr=False)
    text: str = field(repr=False)

"""The refusals of agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import (
    Conflict,
    Invalid,
    LimitExceeded,
    NotAllowed,
    NotFound,
    Unavailable,
)


@dataclass
class ConfirmationWrong(Invalid):
    """This code was not given for this command to this caller; ask without one for another."""

    code: ClassVar[str] = "agents.confirmation_wrong"
    tool: str


@dataclass
class ConfirmationOver(Conflict):
    """The code came too late; ask without one for another."""

    code: ClassVar[str] = "agents.confirmation_over"
    tool: str


@dataclass
class ConfirmationMoved(Conflict):
    """What the command would do has changed since the code was given; ask again."""

    code: ClassVar[str] = "agents.confirmation_moved"
    tool: str


@dataclass
class CredentialRefused(NotAllowed):
    """No credential that is good came with the call."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "agents.credential_refused"


@dataclass
class ArgumentsInvalid(Invalid):
    """What was sent does not fit what the tool takes; `problems` names each field."""

    code: ClassVar[str] = "agents.arguments_invalid"
    tool: str
    problems: tuple[str, ...]


@dataclass
class AnswerTooLarge(Invalid):
    """More than an agent is given at once: ask for a smaller part."""

    code: ClassVar[str] = "agents.answer_too_large"
    tool: str
    most_bytes: int


@dataclass
class ToolBroke(Unavailable):
    """Something of ours went wrong; it was logged, and nothing was done."""

    code: ClassVar[str] = "agents.tool_broke"


@dataclass
class NoAgentShop(NotFound):
    """This storefront does not sell to agents."""

    code: ClassVar[str] = "agents.no_shop"
    storefront_code: str


@dataclass
class SessionGone(NotFound):
    """There is no such checkout session for this platform, or what it held was erased."""

    code: ClassVar[str] = "agents.session_gone"


@dataclass
class SessionEnded(Conflict):
    """The checkout session is not in a state from which this can happen."""

    code: ClassVar[str] = "agents.session_ended"
    state: str


@dataclass
class NothingToBeHad(Conflict):
    """None of the items that were asked for can be bought now; no session was made."""

    code: ClassVar[str] = "agents.nothing_to_be_had"


@dataclass
class PlatformTrouble(Invalid):
    """A platform's profile could not be read, or nothing can be agreed on; `trouble` says which."""

    code: ClassVar[str] = "agents.platform_trouble"
    trouble: str


@dataclass
class RequestInvalid(Invalid):
    """A body is not what the protocol wants; `where` is a JSONPath (RFC 9535)."""

    code: ClassVar[str] = "agents.request_invalid"
    where: str
    reason: str


@dataclass
class TooManyCalls(LimitExceeded):
    """A platform asks more often than it may."""

    code: ClassVar[str] = "agents.too_many_calls"
    retry_after_seconds: int

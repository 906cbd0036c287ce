"""The refusals of agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable


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

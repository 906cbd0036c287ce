"""What a tool is, and the one list of all of them.

A context's tools are joined by one call of `register`; nothing else of the server changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import Actor

USE: Final = "agents.use"
WRITE: Final = "agents.write"


class Asked(BaseModel):
    """What a tool takes: a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Told(BaseModel):
    """What a tool gives."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whose work it is, who asks, with the places of the tool's permission, and when."""

    merchant_id: int
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A sentence in both languages."""

    zh: str
    en: str

    @property
    def both(self) -> str:
        return f"{self.en}\n{self.zh}"


A = TypeVar("A", bound=Asked)
T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a write would do, and what that was read from: if this changes, it is asked again."""

    words: Words
    rests_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[A, T]):
    """One thing that an agent can do: `does` is one call of a context's public function.

    A tool with `would` writes: it is asked twice, and does it once.
    """

    name: str
    title: Words
    about: Words
    permission: str
    takes: type[A]
    gives: type[T]
    does: Callable[[Call, A], T]
    would: Callable[[Call, A], Preview] | None = None

    @property
    def writes(self) -> bool:
        return self.would is not None

    @property
    def needs(self) -> tuple[str, ...]:
        """Every permission that a caller must have."""
        return (USE, WRITE, self.permission) if self.writes else (USE, self.permission)

    def missing(self, actor: Actor) -> str:
        """The first permission that somebody lacks; empty when they may."""
        return next((each for each in self.needs if not actor.may(each)), "")


AnyTool = Tool[Any, Any]

_tools: dict[str, AnyTool] = {}


def register(*, tools: Iterable[AnyTool]) -> None:
    """Join a context's tools. Raises ValueError for a name that is taken."""
    for tool in tools:
        if tool.name in _tools:
            raise ValueError(f"a tool has the name {tool.name} already")
        _tools[tool.name] = tool


def tool_named(name: str) -> AnyTool:
    """Raises NoSuch."""
    if name not in _tools:
        raise NoSuch(kind="tool", key=name[:64])
    return _tools[name]


def tools_of(actor: Actor) -> Sequence[AnyTool]:
    """What somebody may use, by name."""
    return [tool for _, tool in sorted(_tools.items()) if not tool.missing(actor)]


def every_tool() -> Sequence[AnyTool]:
    """All there are, by name."""
    return [tool for _, tool in sorted(_tools.items())]

"""What leaves topgateway: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.kernel.actors import Actor

Style = Literal["xml", "json", "simple", "plain"]
"""How an answer is written; `plain` is that of custom scenarios: no root, errors beside results."""

PersonalData = Literal["none", "masked", "encrypted", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls, for whom and when: what a method knows beside its arguments.

    Methods that need no session have no merchant: `merchant_id` is then 0.
    """

    merchant_id: int
    app_key: str
    user_id: int
    user_nick: str
    actor: Actor
    sees_personal_data: PersonalData
    request_id: str
    now: datetime

    @property
    def location_ids(self) -> frozenset[int] | None:
        """The places that the session may see; None is all."""
        return self.actor.location_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a method, as it is told to whoever calls it.

    `least` and `most` bound a number, `longest` a text, `choices` are all that is taken.
    """

    name: str
    kind: str
    is_required: bool
    about: str
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()
    inner: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of an answer; a list says what its items are called."""

    name: str
    kind: str
    item: str
    is_always_there: bool
    about: str
    inner: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodDescription:
    """A method as documents and the explorer show it."""

    name: str
    pack: str
    does: Literal["reads", "writes"]
    permission: str
    needs_session: bool
    about: str
    root: str
    arguments: tuple[Argument, ...]
    answer: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A method in use: what is sent beside the platform's own parameters, and what comes back."""

    arguments: Mapping[str, str]
    json: str
    simple: str
    xml: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A number that the router refuses with, and what it says beside it."""

    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """A call as it was read from its bytes: every name once; a raw body, if it is no form."""

    params: Mapping[str, str]
    body: bytes

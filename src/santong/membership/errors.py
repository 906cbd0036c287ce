"""What membership refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, NotFound


@dataclass
class CodeTaken(Conflict):
    """A pool or a programme has this code already, or the brand has a programme."""

    code: ClassVar[str] = "membership.code_taken"
    kind: str
    taken: str


@dataclass
class ProgrammeClosed(Conflict):
    """The programme takes nobody at present."""

    code: ClassVar[str] = "membership.programme_closed"
    programme_code: str


@dataclass
class CardTaken(Conflict):
    """Another card of the programme has this number."""

    code: ClassVar[str] = "membership.card_taken"
    programme_code: str
    number: str


@dataclass
class NotAMember(NotFound):
    """Nobody in the programme is recognised by what was given."""

    code: ClassVar[str] = "membership.not_a_member"
    programme_code: str


@dataclass
class SeveralMembers(Conflict):
    """More than one member is recognised by what was given."""

    code: ClassVar[str] = "membership.several_members"
    member_ids: tuple[str, ...]


@dataclass
class IdentityBound(Conflict):
    """The account is bound to another member."""

    code: ClassVar[str] = "membership.identity_bound"
    storefront_code: str


@dataclass
class AlreadyBound(Conflict):
    """The member shows under another account of this storefront."""

    code: ClassVar[str] = "membership.already_bound"
    storefront_code: str


@dataclass
class MemberEnded(Conflict):
    """The member has left, or was merged into another."""

    code: ClassVar[str] = "membership.member_ended"
    member_id: str
    state: str

"""What customers refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict


@dataclass
class IdentifierTaken(Conflict):
    """Somebody else is recognised by this already."""

    code: ClassVar[str] = "customers.identifier_taken"
    kind: str
    scope: str


@dataclass
class SamePerson(Conflict):
    """The two are one person already."""

    code: ClassVar[str] = "customers.same_person"
    person_id: int


@dataclass
class PersonErased(Conflict):
    """The person was forgotten, and nothing can be done to them any more."""

    code: ClassVar[str] = "customers.person_erased"
    person_id: int


@dataclass
class MergeUndone(Conflict):
    """The merge was undone before."""

    code: ClassVar[str] = "customers.merge_undone"
    merge_id: int


@dataclass
class MatchDecided(Conflict):
    """Somebody has decided about this match before."""

    code: ClassVar[str] = "customers.match_decided"
    match_id: int
    state: str

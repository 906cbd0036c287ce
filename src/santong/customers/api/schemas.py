"""Bodies and answers of customers' endpoints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from santong.customers import contracts
from santong.customers.rules.identifiers import MOST_IDENTIFIERS


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


Source = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_SOURCE)]
Code = Annotated[str, Field(max_length=contracts.LONGEST_CODE)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class IdentifierIn(Body):
    """One way in which a person is recognised. `scope` says whose number it is, where it is one."""

    kind: contracts.Kind
    value: Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_VALUE)]
    scope: Annotated[str, Field(max_length=contracts.LONGEST_SCOPE)] = ""
    is_verified: bool = False

    def as_contract(self) -> contracts.Identifier:
        return contracts.Identifier(self.kind, self.value, self.scope, self.is_verified)


Identifiers = Annotated[list[IdentifierIn], Field(min_length=1, max_length=MOST_IDENTIFIERS)]


class ProfileIn(Body):
    """What a person says of themselves; blank where nothing was said."""

    name: Annotated[str, Field(max_length=120)] = ""
    birthday: date | None = None
    gender: contracts.Gender = ""
    province: Annotated[str, Field(max_length=60)] = ""
    city: Annotated[str, Field(max_length=60)] = ""
    district: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(max_length=300)] = ""

    def as_contract(self) -> contracts.Profile:
        return contracts.Profile(**self.dict())


class ResolveIn(Body):
    """Somebody, by all that recognises them."""

    identifiers: Identifiers
    profile: ProfileIn | None = None
    source: Source


class FindPersonsIn(Body):
    """Whom to look for."""

    identifiers: Identifiers


class AttachIn(Body):
    """By what else a person is recognised."""

    identifiers: Identifiers
    source: Source


class DetachIn(Body):
    """By what a person is recognised no longer."""

    identifier: IdentifierIn
    reason: Reason


class MergeIn(Body):
    """Who the same person is, and why somebody thinks so."""

    other_id: str
    reason: Reason


class PersonReasonIn(Body):
    """Why somebody asks; it names nobody."""

    reason: Reason


class ConsentIn(Body):
    """What a person consents to, the text that they saw, where and when."""

    purpose: contracts.Purpose
    channel: contracts.Channel = ""
    processor: Code = ""
    text_version: Annotated[str, Field(max_length=contracts.LONGEST_VERSION)]
    text_hash: Annotated[str, Field(max_length=64)]
    place: Code
    given_at: AwareDatetime


class WithdrawalIn(Body):
    """What a person takes back, where and when."""

    purpose: contracts.Purpose
    channel: contracts.Channel = ""
    processor: Code = ""
    place: Code
    given_at: AwareDatetime


class NamedIdentifier(Schema):
    """An identifier of the request, without its value."""

    kind: contracts.Kind
    scope: str


class ResolutionOut(Schema):
    """Who somebody is."""

    person_id: str
    is_new: bool
    merged: list[str]
    capped: list[NamedIdentifier]
    conflicting: list[NamedIdentifier]


class AttachmentOut(Schema):
    """What became of identifiers that were told of a person."""

    capped: list[NamedIdentifier]
    conflicting: list[NamedIdentifier]


class FoundOut(Schema):
    """Who has one identifier, in the order of the request; whom it joins comes first."""

    kind: contracts.Kind
    scope: str
    person_ids: list[str]


class PersonOut(Schema):
    """A person, masked. `id` is the current one, also where an older was asked for."""

    id: str
    state: contracts.State
    name: str
    phone: str
    gender: contracts.Gender
    birthday: str
    province: str
    city: str
    address: str
    created_at: datetime


class IdentifierOut(Schema):
    """One way in which a person is or was recognised, masked."""

    id: str
    kind: contracts.Kind
    scope: str
    value: str
    joins: bool
    is_verified: bool
    first_seen_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


class MergeOut(Schema):
    """Two persons turned out to be one, or did not."""

    id: str
    kept_id: str
    gone_id: str
    why: str
    reason: str
    merged_at: datetime
    undone_at: datetime | None


class ConsentOut(Schema):
    """What a person said about consent, with its proof."""

    id: str
    purpose: contracts.Purpose
    channel: contracts.Channel
    processor: str
    is_granted: bool
    text_version: str
    text_hash: str
    place: str
    given_at: datetime
    recorded_at: datetime
    actor: str


class RevealedIdentifierOut(Schema):
    """One way in which a person is or was recognised, in clear text."""

    kind: contracts.Kind
    scope: str
    value: str
    joins: bool
    is_verified: bool
    ended_at: datetime | None


class RevealedPersonOut(Schema):
    """A person in clear text. The answer is not stored anywhere on its way."""

    id: str
    name: str
    birthday: date | None
    gender: contracts.Gender
    province: str
    city: str
    district: str
    address: str
    identifiers: list[RevealedIdentifierOut]


class ExportOut(Schema):
    """All that is known of a person, by part of the system. Not stored anywhere on its way."""

    person_id: str
    made_at: datetime
    parts: dict[str, Any]


class ErasureOut(Schema):
    """A person was forgotten, with all ids that led there."""

    person_id: str
    person_ids: list[str]
    erased_at: datetime


class MatchFilter(Schema):
    """Which matches."""

    state: contracts.MatchState | None = "open"
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class FieldReasonOut(Schema):
    """What one field says, and how much it weighs: hundredths of a bit."""

    found: str
    weight: int


class MatchOut(Schema):
    """Two persons who may be one, masked, the older first."""

    id: str
    first: PersonOut
    second: PersonOut
    score: int
    reasons: dict[str, FieldReasonOut]
    state: contracts.MatchState
    proposed_at: datetime
    decided_at: datetime | None
    reason: str

"""What other contexts know of persons: masked unless they were revealed for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

Kind = Literal["union", "storefront", "mix_nick", "card", "phone", "mix_mobile", "email", "device"]
# The strongest evidence first: an account was issued to one person, a number may be handed on.
KINDS: tuple[Kind, ...] = get_args(Kind)

State = Literal["active", "merged", "erased"]
STATES: tuple[State, ...] = get_args(State)

Gender = Literal["", "female", "male", "other"]
GENDERS: tuple[Gender, ...] = get_args(Gender)

LONGEST_VALUE = 200
LONGEST_SCOPE = 60
LONGEST_SOURCE = 60


@dataclass(frozen=True, slots=True)
class Identifier:
    """One way in which a person is recognised, as somebody wrote it.

    `scope` says whose number it is: the storefront of an open id, the programme of a card, the key
    of a mixed mobile number. `is_verified` says that the person has just proved to have it.
    """

    kind: Kind
    value: str = field(repr=False)
    scope: str = ""
    is_verified: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person has said of themselves; blank where nothing is known."""

    name: str = field(default="", repr=False)
    birthday: date | None = field(default=None, repr=False)
    gender: Gender = ""
    province: str = ""
    city: str = ""
    district: str = ""
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person of an import."""

    identifiers: tuple[Identifier, ...]
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who somebody is.

    `merged` are persons that turned out to be the same one; `capped` are identifiers that too many
    share or that never join; `conflicting` are those that belong to somebody who must be another.
    """

    person_id: int
    is_new: bool
    merged: tuple[int, ...] = ()
    capped: tuple[Identifier, ...] = ()
    conflicting: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedPerson:
    """A person as screens show them. `id` is the current one, also where an older was asked for."""

    id: int
    state: State
    name: str
    phone: str
    gender: Gender
    birthday: str
    province: str
    city: str
    address: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedIdentifier:
    """One way in which a person is recognised, as screens show it.

    One that does not join tells nobody who somebody is: others share it, or its kind is weak.
    """

    id: int
    kind: Kind
    scope: str
    value: str
    joins: bool
    is_verified: bool
    first_seen_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two persons turned out to be one. `undone_at` says that they did not."""

    id: int
    kept_id: int
    gone_id: int
    why: str
    reason: str
    merged_at: datetime
    undone_at: datetime | None


Purpose = Literal["marketing", "service", "analysis", "sharing"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
# How somebody is reached; nobody is reached by analysis or by handing data on.
Channel = Literal["", "sms", "call", "email", "post", "wechat", "app", "storefront"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
LONGEST_VERSION = 40
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What somebody consents to: a purpose by a channel, or their data going to a processor."""

    purpose: Purpose
    channel: Channel = ""
    processor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEvent:
    """Somebody consented, or took it back; with the text they saw and where they saw it."""

    id: int
    person_id: int
    topic: Topic
    is_granted: bool
    text_version: str
    text_hash: str
    place: str
    given_at: datetime
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What became of identifiers that were told of a person."""

    capped: tuple[Identifier, ...] = ()
    conflicting: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedIdentifier:
    """One way in which a person is recognised, in clear text."""

    kind: Kind
    scope: str
    value: str = field(repr=False)
    joins: bool
    is_verified: bool
    first_seen_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedPerson:
    """A person in clear text."""

    id: int
    profile: Profile
    identifiers: tuple[RevealedIdentifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A person in clear text, for contexts that export or forget their part of them.

    `person_ids` are all ids that lead there; `identifiers` all that ever did, ended ones too.
    """

    person_ids: tuple[int, ...]
    identifiers: tuple[Identifier, ...]

    @property
    def phones(self) -> tuple[str, ...]:
        """Telephone numbers in one writing (E.164)."""
        return tuple(one.value for one in self.identifiers if one.kind == "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExport:
    """All that is known of a person, by context, in plain JSON."""

    person_id: int
    made_at: datetime
    parts: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A person was forgotten."""

    person_id: int
    person_ids: tuple[int, ...]
    erased_at: datetime


MatchState = Literal["open", "accepted", "rejected"]
MATCH_STATES: tuple[MatchState, ...] = get_args(MatchState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Two persons who may be one, for somebody to decide.

    `score` is in hundredths of a bit; `reasons` say by field what was found and what it weighs.
    """

    id: int
    first_id: int
    second_id: int
    score: int
    reasons: Mapping[str, tuple[str, int]]
    state: MatchState
    proposed_at: datetime
    decided_at: datetime | None
    reason: str

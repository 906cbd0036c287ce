"""What other contexts know of apps, of who lets them do what, and of their calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Final, Literal

AppState = Literal["draft", "sandbox", "live", "suspended"]
APP_STATES: Final[tuple[AppState, ...]] = ("draft", "sandbox", "live", "suspended")

# How an app is given what tells who a person is, from nothing to everything.
PersonalData = Literal["none", "masked", "encrypted", "plain"]
PERSONAL_DATA: Final[tuple[PersonalData, ...]] = ("none", "masked", "encrypted", "plain")

Network = IPv4Network | IPv6Network

LONGEST_APP_KEY: Final = 18
LONGEST_NAME: Final = 60
LONGEST_DESCRIPTION: Final = 500
LONGEST_URI: Final = 500
LONGEST_METHOD: Final = 100
LONGEST_REASON: Final = 200
MOST_REDIRECTS: Final = 10
MOST_RANGES: Final = 50
MOST_CALLS_PER_MINUTE: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A function pack (能力包): what an app may do, chosen and approved as one thing."""

    code: str
    name: str
    name_en: str
    permissions: frozenset[str]
    # Whether its methods tell who a person is, and whether the app answers calls of ours for it.
    tells_of_persons: bool = False
    needs_conformance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """Something that may be chosen or consented to, in the reader's language."""

    code: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app as those see it whom it calls: with what its calls are signed with.

    `packs` are those that it may use in its state; `secrets` are good now, the newest first.
    """

    app_key: str
    owner_id: int
    owner_name: str
    name: str
    description: str
    state: AppState
    is_public: bool
    packs: frozenset[str]
    personal_data: PersonalData
    redirect_uris: tuple[str, ...]
    ip_ranges: tuple[Network, ...]
    calls_per_minute: int
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def may_call(self) -> bool:
        """Whether its calls are taken at all."""
        return self.state in {"sandbox", "live"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a session key opens: one app at one seller, with what the seller lets it do."""

    id: int
    merchant_id: int
    app_key: str
    app_name: str
    user_id: int
    user_nick: str
    staff_id: int | None
    packs: frozenset[str]
    scopes: frozenset[str]
    permissions: frozenset[str]
    sees_personal_data: PersonalData
    location_ids: frozenset[int] | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call of an app, as whoever answered it tells the log.

    `code` is empty where it went well. Bodies are masked before they are kept: fields named in
    `shown` are known to be nobody's, of all others only the name is kept.
    """

    app_key: str
    owner_id: int
    seller_id: int | None
    method: str
    at: datetime
    milliseconds: int
    code: str = ""
    sub_code: str = ""
    address: str = ""
    request_id: str = ""
    request: Mapping[str, object] = field(default_factory=dict[str, object])
    answer: Mapping[str, object] = field(default_factory=dict[str, object])
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as the log keeps it."""

    id: int
    app_key: str
    seller_id: int | None
    method: str
    at: datetime
    milliseconds: int
    code: str
    sub_code: str
    address: str
    request_id: str
    request: Mapping[str, object]
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRate:
    """How an app's calls of one method went in some time."""

    app_key: str
    method: str
    calls: int
    failures: int
    mean_milliseconds: int
    slowest_milliseconds: int


Outcome = Literal["", "good", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsWanted:
    """Which calls of a log: of an app and a time; what is empty does not narrow it."""

    app_key: str
    since: datetime
    until: datetime
    method: str = ""
    outcome: Outcome = ""
    code: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Calls of a step of time."""

    since: datetime
    calls: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFigures:
    """How an app's calls of one method went: half were answered within p50, 95 of 100 in p95."""

    method: str
    calls: int
    failures: int
    p50_milliseconds: int
    p95_milliseconds: int
    busiest_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """How often an app was refused so, and when last."""

    code: str
    sub_code: str
    calls: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApp:
    """What a developer says of an app that is registered.

    Software that has a key and a secret already, and cannot be changed, brings them along.
    """

    name: str
    description: str = ""
    is_public: bool = False
    packs: tuple[str, ...] = ("base",)
    personal_data: PersonalData = "masked"
    redirect_uris: tuple[str, ...] = ()
    ip_ranges: tuple[str, ...] = ()
    calls_per_minute: int = 600
    app_key: str = ""
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppChange:
    """What is to be different about an app; None leaves a thing as it is."""

    name: str | None = None
    description: str | None = None
    packs: tuple[str, ...] | None = None
    personal_data: PersonalData | None = None
    redirect_uris: tuple[str, ...] | None = None
    ip_ranges: tuple[str, ...] | None = None
    calls_per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredApp:
    """An app as its developer sees it; its secrets are not shown again."""

    id: int
    app_key: str
    owner_id: int
    name: str
    description: str
    state: AppState
    is_public: bool
    packs: tuple[str, ...]
    approved_packs: tuple[str, ...]
    personal_data: PersonalData
    redirect_uris: tuple[str, ...]
    ip_ranges: tuple[str, ...]
    calls_per_minute: int
    conformance_passed_at: datetime | None
    went_live_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """A secret, the one time that it is shown, and until when the one before stays good."""

    number: int
    secret: str = field(repr=False)
    older_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a merchant lets an app do: packs, where, for which brands, and who people are."""

    packs: frozenset[str]
    scopes: frozenset[str] = frozenset()
    personal_data: PersonalData = "masked"
    location_ids: frozenset[int] | None = None
    brand_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """What a merchant lets an app do, and who said so."""

    id: int
    app_key: str
    app_name: str
    owner_id: int
    packs: tuple[str, ...]
    permissions: tuple[str, ...]
    personal_data: PersonalData
    location_ids: tuple[int, ...] | None
    brand_ids: tuple[int, ...] | None
    given_by: int
    given_at: datetime
    revoked_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an app is given: a session key, and what gets it the next one."""

    session_id: int
    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str = field(default="", repr=False)
    refreshable_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What an app asked a browser to bring a code for, and where it is brought."""

    redirect_uri: str
    scopes: frozenset[str]
    challenge: str = ""
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the list that is gone through before an app goes live."""

    code: str
    is_required: bool
    is_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A merchant of a developer's own, to try things in."""

    merchant_id: int
    code: str
    staff_id: int
    login: str
    password: str = field(repr=False)

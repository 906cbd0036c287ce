"""What the gateway is asked, and what it shows of its connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from santong.kernel.signing import SignMethod

IfShort = Literal["refuse", "accept"]

BreakerState = Literal["closed", "open", "half_open"]
BREAKER_STATES: Final[tuple[BreakerState, ...]] = ("closed", "open", "half_open")

ConnectionKind = Literal["marketplace", "crm"]
CONNECTION_KINDS: Final[tuple[ConnectionKind, ...]] = ("marketplace", "crm")
ConnectionState = Literal["active", "paused"]
CONNECTION_STATES: Final[tuple[ConnectionState, ...]] = ("active", "paused")
Direction = Literal["in", "out"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("in", "out")
# `refused` is the caller's fault, `failed` is the fault of whoever should have answered.
Outcome = Literal["ok", "no", "refused", "failed"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("ok", "no", "refused", "failed")

# New · failed and tried again later · waiting behind another one of its lane · said no to for good.
WaitingState = Literal["new", "failed", "behind", "refused"]

# Nothing signed it · another application's key · too old or from the future · signed by another
# secret.
RefusalCode = Literal["unsigned", "other_app_key", "stale", "wrong_sign"]
REFUSALS: Final[tuple[RefusalCode, ...]] = ("unsigned", "other_app_key", "stale", "wrong_sign")

LONGEST_CODE: Final = 40
LONGEST_NAME: Final = 80
LONGEST_URL: Final = 500
LONGEST_SECRET: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A line to a marketplace or to an older CRM, without its secrets."""

    id: int
    code: str
    name: str
    kind: ConnectionKind
    storefront_code: str
    behind_code: str
    app_key: str
    url: str
    sign_method: SignMethod
    state: ConnectionState
    is_bind_query_allowed: bool
    is_registration_open: bool
    is_plain_registration_allowed: bool
    answers_within_ms: int
    live_secrets: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """A secret as it is shown once."""

    number: int
    secret: str
    older_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """One call as the log keeps it: nothing in it names anybody."""

    id: int
    connection_id: int
    direction: Direction
    method: str
    at: datetime
    milliseconds: int
    outcome: Outcome
    code: str
    request: Mapping[str, object]
    answer: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a method of a connection fared in a window."""

    connection_id: int
    direction: Direction
    method: str
    calls: int
    failures: int
    percentage: str
    p95_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """How a connection stands: its breaker, and what waits to be sent."""

    connection_id: int
    breaker: BreakerState
    rests_until: datetime | None
    waiting: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits to be sent over a connection, or was refused there for good."""

    connection_id: int
    # By which it is taken over once; of a member's newest state, the member's number.
    serial_no: str
    method: str
    state: WaitingState
    attempts: int
    code: str
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Calls of one minute that nobody we know had signed, and what the last one looked like."""

    connection_id: int
    code: RefusalCode
    minute: datetime
    calls: int
    last_at: datetime
    app_key: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Too many calls of a connection failed; open until they do not any more."""

    id: int
    connection_id: int
    opened_at: datetime
    closed_at: datetime | None
    calls: int
    failures: int
    percentage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConnection:
    """A line as somebody sets it up. Secrets are sealed at once and never shown again."""

    code: str
    name: str
    kind: ConnectionKind
    app_key: str
    storefront_code: str = ""
    programme_code: str = ""
    behind_code: str = ""
    url: str = ""
    sign_method: SignMethod = "hmac-sha256"
    secret: str = ""
    session: str = ""
    mix_key: str = ""
    is_bind_query_allowed: bool = True
    is_registration_open: bool = True
    is_plain_registration_allowed: bool = True
    answers_within_ms: int = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChange:
    """What is to become otherwise; what is None stays. An empty session is taken away."""

    name: str | None = None
    behind_code: str | None = None
    url: str | None = None
    sign_method: SignMethod | None = None
    session: str | None = None
    mix_key: str | None = None
    is_bind_query_allowed: bool | None = None
    is_registration_open: bool | None = None
    is_plain_registration_allowed: bool | None = None
    answers_within_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """A call that has ended, as it goes into the log; its bodies are masked there."""

    connection_id: int
    direction: Direction
    method: str
    milliseconds: int
    outcome: Outcome
    code: str
    request: Mapping[str, object]
    answer: Mapping[str, object]

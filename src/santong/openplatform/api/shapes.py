"""The shapes of apps over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from santong.openplatform import contracts
from santong.openplatform.contracts import AppState, PersonalData

Name = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
Description = Annotated[str, Field(max_length=contracts.LONGEST_DESCRIPTION)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
PackCode = Annotated[str, Field(max_length=20)]
Packs = Annotated[list[PackCode], Field(max_length=20)]
Uri = Annotated[str, Field(max_length=contracts.LONGEST_URI)]
Redirects = Annotated[list[Uri], Field(max_length=contracts.MOST_REDIRECTS)]
Range = Annotated[str, Field(max_length=50)]
Ranges = Annotated[list[Range], Field(max_length=contracts.MOST_RANGES)]
PerMinute = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_CALLS_PER_MINUTE)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=43_200)]
Ids = Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=1_000)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class AppIn(Body):
    """An app. Software that has a key and a secret already, and cannot be changed, brings them."""

    name: Name
    description: Description = ""
    is_public: bool = False
    packs: Packs = Field(default_factory=list)
    personal_data: PersonalData = "masked"
    redirect_uris: Redirects = Field(default_factory=list)
    ip_ranges: Ranges = Field(default_factory=list)
    calls_per_minute: PerMinute = 600
    app_key: Annotated[str, Field(max_length=contracts.LONGEST_APP_KEY)] = ""
    secret: Annotated[str, Field(max_length=64)] = ""


class AppChangeIn(Body):
    """What is to become otherwise; what is left out stays."""

    name: Name | None = None
    description: Description | None = None
    packs: Packs | None = None
    personal_data: PersonalData | None = None
    redirect_uris: Redirects | None = None
    ip_ranges: Ranges | None = None
    calls_per_minute: PerMinute | None = None


class AppOut(Schema):
    """An app as its developer sees it; its secrets are not shown again."""

    id: str
    app_key: str
    owner_id: str
    name: str
    description: str
    state: AppState
    is_public: bool
    packs: list[str]
    approved_packs: list[str]
    personal_data: PersonalData
    redirect_uris: list[str]
    ip_ranges: list[str]
    calls_per_minute: int
    conformance_passed_at: datetime | None
    went_live_at: datetime | None
    created_at: datetime
    version: int


class AppListOut(Schema):
    """Every app of a developer."""

    items: list[AppOut]


class AppSecretOut(Schema):
    """A secret, the one time that it is shown, and until when the one before stays good."""

    number: int
    secret: str
    older_until: datetime | None


class NewAppOut(Schema):
    """An app and its first secret."""

    app: AppOut
    secret: AppSecretOut


class AppRotationIn(Body):
    """For how long the older secret stays good; 0 minutes end it at once."""

    older_lives_minutes: Minutes = 1_440
    reason: Reason


class AppReasonIn(Body):
    """Why."""

    reason: Reason


class AppApprovalIn(Body):
    """All packs that an app may have when it is live, and why."""

    packs: Packs
    reason: Reason


class AppCheckOut(Schema):
    """A line of the list that is gone through before an app goes live."""

    code: str
    is_required: bool
    is_met: bool


class AppChecksOut(Schema):
    """The whole list."""

    items: list[AppCheckOut]


class FunctionPackOut(Schema):
    """What apps may choose, and what it lets them do."""

    code: str
    name: str
    name_en: str
    permissions: list[str]
    tells_of_persons: bool
    needs_conformance: bool


class FunctionPacksOut(Schema):
    """Every function pack."""

    items: list[FunctionPackOut]


class AppCallOut(Schema):
    """A call of an app, with masked bodies."""

    id: str
    app_key: str
    seller_id: str | None
    method: str
    at: datetime
    milliseconds: int
    code: str
    sub_code: str
    address: str
    request_id: str
    request: dict[str, Any]
    answer: dict[str, Any]


class AppCallsOut(Schema):
    """Calls, the latest first."""

    items: list[AppCallOut]


class AppErrorRateOut(Schema):
    """How an app's calls of one method went."""

    app_key: str
    method: str
    calls: int
    failures: int
    mean_milliseconds: int
    slowest_milliseconds: int


class AppErrorRatesOut(Schema):
    """By method; what fails most often comes first."""

    items: list[AppErrorRateOut]


class AppConsentIn(Body):
    """What a merchant's own app may do there."""

    packs: Packs
    personal_data: PersonalData = "masked"
    location_ids: Ids | None = None
    brand_ids: Ids | None = None


class AppAuthorisationOut(Schema):
    """What a merchant lets an app do, and who said so."""

    id: str
    app_key: str
    app_name: str
    owner_id: str
    packs: list[str]
    permissions: list[str]
    personal_data: PersonalData
    location_ids: list[str] | None
    brand_ids: list[str] | None
    given_by: str
    given_at: datetime
    revoked_at: datetime | None
    version: int


class AppAuthorisationsOut(Schema):
    """Every app that a merchant lets in, or has let in."""

    items: list[AppAuthorisationOut]


class Window(Schema):
    """Calls of a time; by default of the last day."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    method: Annotated[str, Field(max_length=contracts.LONGEST_METHOD)] = ""
    only_failures: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50

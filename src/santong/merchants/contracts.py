"""What other contexts see of merchants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A company or group."""

    id: int
    code: str
    name: str
    currency: str
    timezone: str
    language: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A name that the merchant sells under."""

    id: int
    code: str
    name: str
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealer:
    """A company that runs stores of the merchant's brands on its own account.

    `contact` is personal: whoever shows it asks for the permission `personal_data.reveal`.
    """

    id: int
    code: str
    name: str
    contact: str
    is_active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Storefront:
    """Where buyers meet a brand on a channel."""

    id: int
    code: str
    name: str
    channel: str
    brand_id: int | None
    is_open: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody who works with the merchant's console, tills or API."""

    id: int
    login: str
    name: str
    language: str
    is_active: bool
    must_change_password: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role that somebody has; without brand, dealer and place it is for all of the merchant."""

    id: int
    role: str
    brand_id: int | None = None
    dealer_id: int | None = None
    location_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """Somebody new, with the password for the first log-in. It is shown once."""

    staff: Staff
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's key, without its secret."""

    id: int
    name: str
    permissions: tuple[str, ...]
    created_by: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token with its secret. It is shown once."""

    token: ApiToken
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationOwner:
    """Whose place it is."""

    location_id: int
    brand_id: int | None = None
    dealer_id: int | None = None

"""How merchants' things look in the API: ids are strings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from santong.merchants import contracts

Code = Annotated[str, Field(min_length=1, max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
Limit = Annotated[int, Field(ge=1, le=100)]
Channel = Literal["marketplace", "h5", "kiosk", "pos", "mini_programme", "api"]
LanguageCode = Literal["zh-hans", "en"]
RoleCode = Literal[
    "head_office",
    "brand_operator",
    "store_manager",
    "clerk",
    "warehouse",
    "customer_service",
    "finance",
    "dealer",
    "developer",
    "technician",
    "provider",
]


class BrandOut(Schema):
    """A name that the merchant sells under."""

    id: str
    code: str
    name: str
    is_active: bool
    version: int

    @classmethod
    def of(cls, brand: contracts.Brand) -> BrandOut:
        return cls(
            id=str(brand.id),
            code=brand.code,
            name=brand.name,
            is_active=brand.is_active,
            version=brand.version,
        )


class DealerOut(Schema):
    """A dealer. Whom to call there is masked."""

    id: str
    code: str
    name: str
    contact: str
    is_active: bool
    version: int

    @classmethod
    def of(cls, dealer: contracts.Dealer) -> DealerOut:
        return cls(
            id=str(dealer.id),
            code=dealer.code,
            name=dealer.name,
            contact=f"{dealer.contact[:1]}***" if dealer.contact else "",
            is_active=dealer.is_active,
            version=dealer.version,
        )


class StorefrontOut(Schema):
    """Where buyers meet a brand on a channel."""

    id: str
    code: str
    name: str
    channel: str
    brand_id: str | None
    is_open: bool
    version: int

    @classmethod
    def of(cls, storefront: contracts.Storefront) -> StorefrontOut:
        return cls(
            id=str(storefront.id),
            code=storefront.code,
            name=storefront.name,
            channel=storefront.channel,
            brand_id=None if storefront.brand_id is None else str(storefront.brand_id),
            is_open=storefront.is_open,
            version=storefront.version,
        )


class StaffOut(Schema):
    """Somebody who works with the merchant's Santong."""

    id: str
    login: str
    name: str
    language: str
    is_active: bool
    must_change_password: bool
    version: int

    @classmethod
    def of(cls, person: contracts.Staff) -> StaffOut:
        return cls(
            id=str(person.id),
            login=person.login,
            name=person.name,
            language=person.language,
            is_active=person.is_active,
            must_change_password=person.must_change_password,
            version=person.version,
        )


class NewStaffOut(Schema):
    """Somebody with a one-time password. This answer is not kept: note the password now."""

    staff: StaffOut
    password: str

    @classmethod
    def of(cls, made: contracts.NewStaff) -> NewStaffOut:
        return cls(staff=StaffOut.of(made.staff), password=made.password)


class GrantOut(Schema):
    """A role that somebody has; without brand, dealer and place it is for all of the merchant."""

    id: str
    role: str
    brand_id: str | None
    dealer_id: str | None
    location_id: str | None

    @classmethod
    def of(cls, grant: contracts.Grant) -> GrantOut:
        return cls(
            id=str(grant.id),
            role=grant.role,
            brand_id=None if grant.brand_id is None else str(grant.brand_id),
            dealer_id=None if grant.dealer_id is None else str(grant.dealer_id),
            location_id=None if grant.location_id is None else str(grant.location_id),
        )


class TokenOut(Schema):
    """A program's key, without its secret."""

    id: str
    name: str
    permissions: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, token: contracts.ApiToken) -> TokenOut:
        return cls(
            id=str(token.id),
            name=token.name,
            permissions=list(token.permissions),
            created_by=str(token.created_by),
            created_at=token.created_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            last_used_at=token.last_used_at,
        )


class NewTokenOut(Schema):
    """A new token with its secret. This answer is not kept: note the secret now."""

    token: TokenOut
    secret: str

    @classmethod
    def of(cls, made: contracts.NewToken) -> NewTokenOut:
        return cls(token=TokenOut.of(made.token), secret=made.secret)


class ContactOut(Schema):
    """Whom to call at a dealer's."""

    contact: str


class StaffReasonIn(Schema):
    """Why something is done; it goes into the audit trail."""

    reason: Reason


class BrandIn(Schema):
    code: Code
    name: Name


class BrandChange(Schema):
    """What is not given stays as it is."""

    name: Name | None = None
    is_active: bool | None = None


class DealerIn(Schema):
    code: Code
    name: Name
    contact: Annotated[str, Field(max_length=200)] = ""


class DealerChange(Schema):
    """What is not given stays as it is."""

    name: Name | None = None
    contact: Annotated[str, Field(max_length=200)] | None = None
    is_active: bool | None = None


class StorefrontIn(Schema):
    code: Code
    name: Name
    channel: Channel
    brand_id: str | None = None
    is_open: bool = True


class StorefrontChange(Schema):
    """What is not given stays as it is."""

    name: Name | None = None
    is_open: bool | None = None


class StaffIn(Schema):
    login: Code
    name: Name
    language: LanguageCode = "zh-hans"


class StaffChange(Schema):
    """What is not given stays as it is."""

    name: Name | None = None
    language: LanguageCode | None = None
    is_active: bool | None = None


class GrantIn(Schema):
    """A role for one brand, dealer or place; for all of the merchant without any."""

    role: RoleCode
    brand_id: str | None = None
    dealer_id: str | None = None
    location_id: str | None = None


class TokenIn(Schema):
    """A token may do what it asks for, as far as its owner may at the time."""

    name: Name
    permissions: Annotated[list[str], Field(min_length=1, max_length=100)]
    expires_at: AwareDatetime | None = None


class MeOut(Schema):
    """Who is asking, and what they may do. `location_ids` of null means every place."""

    merchant_id: str
    merchant_code: str
    merchant_name: str
    kind: str
    id: str
    name: str
    permissions: list[str]
    location_ids: list[str] | None

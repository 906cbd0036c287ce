"""The door of merchants: who owns what, who works there, and what they may do."""

from santong.merchants.contracts import (
    ApiToken,
    Brand,
    Dealer,
    Grant,
    LocationOwner,
    Merchant,
    NewStaff,
    NewToken,
    Staff,
    Storefront,
)
from santong.merchants.errors import (
    CodeTaken,
    LastHeadOffice,
    LogInRefused,
    MoreThanOwnPermissions,
    PasswordTooWeak,
    TooManyTries,
)
from santong.merchants.rules.permissions import PERMISSIONS, PERMISSIONS_BY_ROLE, ROLES
from santong.merchants.selectors.access import grants_by_staff, grants_of
from santong.merchants.selectors.invariants import check_invariants
from santong.merchants.selectors.pages import staff_page, tokens_page
from santong.merchants.selectors.parts import (
    brand_by_id,
    brands,
    dealer_by_id,
    dealers,
    merchant,
    places_of_brands,
    storefront_by_code,
    storefront_by_id,
    storefronts,
)
from santong.merchants.selectors.staff import names_by_signature, staff, staff_by_id, tokens
from santong.merchants.selectors.tokens import owner_of
from santong.merchants.services.create_brand import create_brand
from santong.merchants.services.create_dealer import create_dealer
from santong.merchants.services.create_staff import create_staff
from santong.merchants.services.create_storefront import create_storefront
from santong.merchants.services.create_token import create_token
from santong.merchants.services.grant_role import grant_role
from santong.merchants.services.open_merchant import open_merchant
from santong.merchants.services.recognise import Credentials
from santong.merchants.services.record_location_owners import record_location_owners
from santong.merchants.services.reset_password import reset_password
from santong.merchants.services.revoke_role import revoke_role
from santong.merchants.services.revoke_token import revoke_token
from santong.merchants.services.update_brand import update_brand
from santong.merchants.services.update_dealer import update_dealer
from santong.merchants.services.update_staff import update_staff
from santong.merchants.services.update_storefront import update_storefront

__all__ = [
    "PERMISSIONS",
    "PERMISSIONS_BY_ROLE",
    "ROLES",
    "ApiToken",
    "Brand",
    "CodeTaken",
    "Credentials",
    "Dealer",
    "Grant",
    "LastHeadOffice",
    "LocationOwner",
    "LogInRefused",
    "Merchant",
    "MoreThanOwnPermissions",
    "NewStaff",
    "NewToken",
    "PasswordTooWeak",
    "Staff",
    "Storefront",
    "TooManyTries",
    "brand_by_id",
    "brands",
    "check_invariants",
    "create_brand",
    "create_dealer",
    "create_staff",
    "create_storefront",
    "create_token",
    "dealer_by_id",
    "dealers",
    "grant_role",
    "grants_by_staff",
    "grants_of",
    "merchant",
    "names_by_signature",
    "open_merchant",
    "owner_of",
    "places_of_brands",
    "record_location_owners",
    "reset_password",
    "revoke_role",
    "revoke_token",
    "staff",
    "staff_by_id",
    "staff_page",
    "storefront_by_code",
    "storefront_by_id",
    "storefronts",
    "tokens",
    "tokens_page",
    "update_brand",
    "update_dealer",
    "update_staff",
    "update_storefront",
]

"""The door of merchants: who owns what, who works there, and what they may do."""

from santong.merchants.contracts import Brand, Dealer, Grant, Merchant, Staff, Storefront
from santong.merchants.rules.permissions import PERMISSIONS, PERMISSIONS_BY_ROLE, ROLES
from santong.merchants.services.open_merchant import open_merchant
from santong.merchants.services.recognise import Credentials

__all__ = [
    "PERMISSIONS",
    "PERMISSIONS_BY_ROLE",
    "ROLES",
    "Brand",
    "Credentials",
    "Dealer",
    "Grant",
    "Merchant",
    "Staff",
    "Storefront",
    "open_merchant",
]

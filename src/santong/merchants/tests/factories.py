"""Merchants' things for tests: say what the test is about, the rest is invented."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection
from datetime import UTC, datetime

from django.contrib.auth.hashers import Argon2PasswordHasher

from santong.merchants import contracts
from santong.merchants.errors import CodeTaken
from santong.merchants.models import StaffUser
from santong.merchants.rules.fields import clean_login
from santong.merchants.rules.permissions import PERMISSIONS
from santong.merchants.services.create_brand import create_brand
from santong.merchants.services.create_dealer import create_dealer
from santong.merchants.services.create_storefront import create_storefront
from santong.merchants.services.create_token import create_token
from santong.merchants.services.grant_role import grant_role
from santong.merchants.services.insert import insert

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


def make_brand(merchant_id: int, *, code: str = "", name: str = "春晓") -> contracts.Brand:
    code = code or f"brand-{next(_numbers)}"
    return create_brand(merchant_id=merchant_id, code=code, name=name, now=NOW)


def make_dealer(merchant_id: int, *, code: str = "", contact: str = "") -> contracts.Dealer:
    code = code or f"dealer-{next(_numbers)}"
    return create_dealer(
        merchant_id=merchant_id, code=code, name="华东经销", contact=contact, now=NOW
    )


def make_storefront(
    merchant_id: int, *, code: str = "", channel: str = "marketplace", is_open: bool = True
) -> contracts.Storefront:
    code = code or f"storefront-{next(_numbers)}"
    return create_storefront(
        merchant_id=merchant_id, code=code, name="旗舰店", channel=channel, is_open=is_open, now=NOW
    )


class LightHasher(Argon2PasswordHasher):
    """As the real one, with next to no work. What it makes, the real one reads."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


@functools.cache
def hash_of(password: str) -> str:
    """Hashing is slow by design; tests do not need it slow."""
    hasher = LightHasher()
    return hasher.encode(password, hasher.salt())


def make_staff(
    merchant_id: int,
    *,
    role: str | None = "head_office",
    login: str = "",
    name: str = "林静",
    password: str = PASSWORD,
    brand_id: int | None = None,
    dealer_id: int | None = None,
    location_id: int | None = None,
) -> contracts.Staff:
    person = StaffUser(
        merchant_id=merchant_id,
        login=clean_login(login or f"staff-{next(_numbers)}"),
        name=name,
        language="zh-hans",
        password=hash_of(password),
        created_at=NOW,
    )
    taken = CodeTaken("staff", person.login)
    insert(person, taken=taken, constraint="a_login_names_one_person")
    if role is not None:
        grant_role(
            merchant_id=merchant_id,
            staff_id=person.id,
            role=role,
            brand_id=brand_id,
            dealer_id=dealer_id,
            location_id=location_id,
            now=NOW,
        )
    return person.as_contract()


def make_token(
    merchant_id: int,
    *,
    permissions: Collection[str] = PERMISSIONS,
    role: str = "head_office",
    location_id: int | None = None,
) -> str:
    """The secret of a token of somebody new with a role."""
    person = make_staff(merchant_id, role=role, location_id=location_id)
    made = create_token(
        merchant_id=merchant_id,
        staff_id=person.id,
        name="till",
        permissions=permissions,
        now=NOW,
    )
    return made.secret

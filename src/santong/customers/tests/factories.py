"""Persons for tests: name what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from santong.customers import public as customers
from santong.customers.contracts import Identifier, Profile

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
WANG = Profile(
    name="王小明",
    birthday=date(1990, 5, 17),
    gender="male",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    address="文三路 90 号 3 幢 1201 室",
)

_numbers = itertools.count(1)


def new_phone(*, is_verified: bool = False) -> Identifier:
    return Identifier("phone", f"139{next(_numbers):08}", is_verified=is_verified)


def new_card(*, scope: str = "club") -> Identifier:
    return Identifier("card", f"C{next(_numbers):08}", scope)


def new_open_id(*, scope: str = "flagship") -> Identifier:
    return Identifier("storefront", f"open-{next(_numbers):08}", scope)


def resolve(merchant_id: int, *identifiers: Identifier, **given: Any) -> customers.Resolution:
    values: dict[str, Any] = {"profile": None, "source": "test", "now": NOW}
    return customers.resolve(
        merchant_id=merchant_id, identifiers=identifiers, **{**values, **given}
    )


def make_person(
    *,
    merchant_id: int,
    identifiers: Sequence[Identifier] = (),
    profile: Profile | None = WANG,
) -> int:
    """A person with a telephone number of their own."""
    return resolve(merchant_id, *(identifiers or [new_phone()]), profile=profile).person_id

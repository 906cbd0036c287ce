"""What an app is told of who logged in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from santong.merchants import public as merchants


def subject_of(*, merchant_id: int, staff_id: int) -> str:
    """By which an app knows somebody: the same for all apps, never given to anybody else."""
    return f"{merchant_id}.{staff_id}"


def claims_of(
    *, merchant_id: int, person: merchants.Staff, scopes: Collection[str]
) -> dict[str, Any]:
    """Who somebody is; their name only where the app asked for it."""
    house = merchants.merchant(merchant_id=merchant_id)
    found: dict[str, Any] = {
        "sub": subject_of(merchant_id=merchant_id, staff_id=person.id),
        "merchant": house.code,
    }
    if "profile" in scopes:
        found |= {
            "name": person.name,
            "preferred_username": person.login,
            "locale": "zh-CN" if person.language == "zh-hans" else "en",
            "merchant_name": house.name,
        }
    return found

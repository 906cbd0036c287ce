"""Things of qimen for tests: say what the test is about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from santong.kernel import names
from santong.qimen import public as qimen

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

_numbers = itertools.count(1)


def make_contract(merchant_id: int, **given: Any) -> qimen.Contract:
    """A contract with an ERP whose application is known; no places, no shops."""
    number = next(_numbers)
    wanted: dict[str, Any] = {
        "code": f"erp-{number}",
        "name": "旺店通",
        "side": "erp",
        "app_key": f"app-{merchant_id}",
        "customer_id": f"c{merchant_id}-{number}",
    }
    wanted |= given
    names.take(kind="app", name=wanted["app_key"], merchant_id=merchant_id)
    return qimen.create_contract(
        merchant_id=merchant_id, wanted=qimen.NewContract(**wanted), now=NOW
    )

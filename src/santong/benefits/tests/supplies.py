"""Suppliers and their codes for tests."""

from __future__ import annotations

import itertools
from typing import Any

from santong.benefits.contracts.supplies import ImportReport, Supply
from santong.benefits.services.create_supplier import create_supplier
from santong.benefits.services.create_supply import create_supply
from santong.benefits.services.import_codes import import_codes
from santong.benefits.tests.factories import NOW, new_key

_numbers = itertools.count(1)


def make_supply(*, merchant_id: int, kind: Any = "codes", codes: int = 0, **named: Any) -> Supply:
    """A supply of a supplier of its own, with so many codes."""
    number = next(_numbers)
    supplier = create_supplier(
        merchant_id=merchant_id, code=f"supplier-{number}", name="视频会员商", now=NOW
    )
    supply = create_supply(
        merchant_id=merchant_id,
        code=f"supply-{number}",
        name="视频月卡",
        kind=kind,
        supplier_id=supplier.id,
        now=NOW,
        **named,
    )
    if codes:
        bring(merchant_id, supply, [f"C{number}-{each}" for each in range(codes)])
    return supply


def bring(merchant_id: int, supply: Supply, codes: list[str], *, key: str = "") -> ImportReport:
    return import_codes(
        merchant_id=merchant_id,
        supply_id=supply.id,
        content="\n".join(["code", *codes]).encode(),
        file_name="codes.csv",
        key=key or new_key(),
        now=NOW,
    )

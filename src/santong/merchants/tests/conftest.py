"""Somebody with a log-in, behind an address that no other test counts."""

from __future__ import annotations

import time

import pytest

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff


@pytest.fixture
def code(merchant: int) -> str:
    return cells.merchants_of(cells.cell_of(merchant))[-1].code


@pytest.fixture
def address() -> str:
    """An address that no other test counts."""
    return f"2001:db8:{time.monotonic_ns() % 2**16:x}:{time.monotonic_ns() >> 16 & 0xFFFF:x}::1"


@pytest.fixture
def lin(merchant: int) -> merchants.Staff:
    with tenancy.scope(merchant_id=merchant):
        return make_staff(merchant, login="lin")

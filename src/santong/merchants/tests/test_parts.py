"""Brands, dealers and storefronts."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection, transaction

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, VersionMoved
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_brand, make_dealer, make_storefront


def test_a_storefront_is_found_by_its_code(merchant_id: int) -> None:
    made = make_storefront(merchant_id, code="tmall-chunxiao")

    found = merchants.storefront_by_code(merchant_id=merchant_id, code="tmall-chunxiao")

    assert found == made

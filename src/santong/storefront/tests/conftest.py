"""A shop with a programme, and somebody new."""

from __future__ import annotations

import pytest

from santong.storefront.tests.factories import Buyer, Shop, open_shop


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    return Buyer(shop)

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from santong.agents.tests.shopping import Agent, Shop, open_shop, platform, profile_of
from santong.kernel import tenancy

PROFILES = {
    "/good": profile_of(),
    "/old": profile_of(version="2026-01-11"),
    "/bare": profile_of(capabilities=("dev.ucp.shopping.order",)),
    "/no-checkout": profile_of(capabilities=("dev.ucp.shopping.fulfillment",)),
    "/plain": profile_of(capabilities=("dev.ucp.shopping.checkout",)),
    "/nothing": {"name": "not a profile"},
}


@pytest.fixture(scope="module")
def platforms() -> Iterator[str]:
    with (
        platform(PROFILES) as url,
        override_settings(SANTONG_OUTBOUND_NETWORKS=["127.0.0.0/8"]),
    ):
        yield url


@pytest.fixture
def shop(merchant: int) -> Shop:
    with tenancy.scope(merchant_id=merchant):
        return open_shop(merchant)


@pytest.fixture
def agent(shop: Shop, platforms: str) -> Agent:
    return Agent(shop.base, f"{platforms}/good")

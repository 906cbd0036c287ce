"""The simulated provider by a clock that stands, and an account at it."""

from __future__ import annotations

import pytest

from santong.payments.contracts.providers import Access
from santong.payments.providers.simulated import Simulated
from santong.payments.tests.at_providers import Clock, make_access, make_simulated


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulated(clock: Clock) -> Simulated:
    return make_simulated(clock)


@pytest.fixture
def access(merchant: int) -> Access:
    return make_access(merchant)

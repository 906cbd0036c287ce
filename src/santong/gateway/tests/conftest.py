"""What tests of lines share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from santong.gateway.tests.simulated import Simulated, listening


@pytest.fixture
def side(settings: Settings) -> Iterator[Simulated]:
    """The other side of a line, which listens on this machine."""
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    with listening() as simulated:
        yield simulated

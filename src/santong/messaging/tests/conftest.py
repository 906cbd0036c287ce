"""What tests of messaging share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from santong.messaging.tests.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver on this machine, which the installation allows to call."""
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    with receiving() as found:
        yield found

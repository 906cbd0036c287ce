"""One address for all clients; each test has a seller and an application of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.pages.conftest import unblocked
from tests.pages.site import served_application

__all__ = ["unblocked"]


@pytest.fixture(scope="package")
def router(unblocked: None) -> Iterator[str]:
    """The gateway address that a client is given."""
    with served_application() as address:
        yield f"{address}/router/rest"

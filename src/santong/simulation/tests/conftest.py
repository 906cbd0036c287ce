from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from santong.kernel import cells, crypto
from santong.simulation.rules.demo.group import demo_merchant
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.services.read_olist import read_olist
from santong.simulation.tests.small_demo import NOW, let_all_hear, load


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Where published files lie, a folder for each set."""
    directory = Path(settings.SANTONG_SHARED or ".") / "data"
    if not directory.is_dir():
        pytest.skip(
            f"no published files are in {directory}: set SANTONG_SHARED to the folder that holds "
            "data/olist, data/complete_journey and data/online_retail"
        )
    return directory


@pytest.fixture(scope="session")
def olist_directory(shared_data: Path) -> Path:
    """Where Olist's published files lie."""
    return shared_data / "olist"


@pytest.fixture(scope="session")
def published(olist_directory: Path) -> OlistData:
    """Olist's published files, read once."""
    return read_olist(directory=olist_directory)


@pytest.fixture(scope="session")
def small_demo() -> DemoMerchant:
    """A demo of ten stores."""
    small = demo_merchant(seed=7, week_ends_at=NOW, stores=10, skus=240, order_count=8)
    return replace(small, code=f"demo-{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def merchant_id(
    small_demo: DemoMerchant, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> int:
    """That demo, loaded once for all tests that only look at its money and its service."""
    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        made = load(small_demo).merchant_id
        let_all_hear(made)
    return made

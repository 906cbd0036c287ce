from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.services.read_olist import read_olist


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

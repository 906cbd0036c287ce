from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from santong.simulation.rules.olist.tables import OlistData
from santong.simulation.services.read_olist import read_olist


@pytest.fixture(scope="session")
def olist_directory() -> Path:
    """Where Olist's published files lie."""
    directory = Path(settings.SANTONG_SHARED or ".") / "data" / "olist"
    if not directory.is_dir():
        pytest.skip(
            f"Olist's published files are not in {directory}: set SANTONG_SHARED to the folder "
            "that holds data/olist"
        )
    return directory


@pytest.fixture(scope="session")
def published(olist_directory: Path) -> OlistData:
    """Olist's published files, read once."""
    return read_olist(directory=olist_directory)

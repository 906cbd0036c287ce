"""One site and one browser for all walks; every walk has a town and an album of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages.conftest import a_browser, address, pictures, unblocked
from tests.walks.people import Album, People, gathered
from tests.walks.town import Town, open_town

__all__ = ["address", "pictures", "unblocked"]


@pytest.fixture(scope="package")
def browser(address: str) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.fixture
def town(unblocked: None) -> Town:
    return open_town()


@pytest.fixture
def people(
    browser: Browser,
    address: str,
    town: Town,
    pictures: Path | None,
    request: pytest.FixtureRequest,
) -> Iterator[People]:
    walk = request.path.stem.removeprefix("test_")
    album = Album(folder=pictures, walk=walk)
    everybody = People(browser=browser, address=address, album=album, merchant_code=town.code)
    with gathered(everybody):
        yield everybody

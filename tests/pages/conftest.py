"""One site and one merchant for all tests of pages, and a browser for each module.

They end with the folder: what is tested afterwards finds the database closed again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.pages.site import Visit, chromium, running_site, visitor
from tests.pages.world import PASSWORD, World, make_world

NewVisit = Callable[..., Visit]


@pytest.fixture(scope="package")
def unblocked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real connections for as long as the site runs."""
    from santong.kernel import cells, crypto  # noqa: PLC0415

    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        yield


@pytest.fixture(scope="package")
def world(unblocked: None) -> World:
    return make_world()


@pytest.fixture(scope="package")
def address(unblocked: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_site(tmp_path_factory.mktemp("static")) as found:
        yield found


@pytest.fixture(scope="module")
def browser(address: str, world: World) -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@contextmanager
def a_browser() -> Iterator[Browser]:
    """A browser, for one module."""
    # The browser's driver keeps an event loop in this thread. Django would use no database in it,
    # and what it does use there is a connection of its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright, chromium(playwright) as found:
        yield found
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: Browser, address: str, world: World) -> Iterator[NewVisit]:
    """Opens browser windows, by default for the head office."""
    contexts: list[BrowserContext] = []

    def open_one(*, language: str = "zh-hans", size: str = "desktop", login: str = "head") -> Visit:
        context, found = visitor(browser, address, language=language, size=size)
        contexts.append(context)
        if login:
            found.log_in(merchant=world.code, login=login, password=PASSWORD)
        return found

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def buyer(browser: Browser, address: str) -> Iterator[NewVisit]:
    """Opens browser windows of somebody who is nobody here."""
    contexts: list[BrowserContext] = []

    def open_one(*, language: str, size: str = "phone") -> Visit:
        context, found = visitor(browser, address, language=language, size=size)
        contexts.append(context)
        return found

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def screenshots(pictures: Path | None) -> Path:
    folder = pictures or Path(settings.VAR) / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def pictures(pytestconfig: pytest.Config) -> Path | None:
    """Where somebody wants the pictures of all pages; nowhere, unless it was said."""
    folder = pytestconfig.getoption("--pictures")
    if folder is None:
        return None
    made = Path(folder).resolve()
    made.mkdir(parents=True, exist_ok=True)
    return made

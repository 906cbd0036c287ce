"""A running site: the application itself on a free port of this machine, and a real browser."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    ViewportSize,
)

from tests.pages.looks import SIZES, Light

CHROMIUM = os.environ.get("SANTONG_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# As a page is when it has just been opened: nothing focused, at its top, and nothing under way.
_AT_REST = """
async () => {
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  await Promise.allSettled(document.getAnimations().map(each => each.finished));
}
"""
# What a browser asks by itself, of nobody.
NOWHERE = {"data", "blob", "about"}


class Server(ThreadingMixIn, WSGIServer):
    """Answers every request in a thread of its own, as production does."""

    daemon_threads = False
    allow_reuse_address = True


# Two processes may share one core with a browser: slow is not broken.
PATIENCE_MILLISECONDS = 120_000
QUIET_MILLISECONDS = 30


class Handler(WSGIRequestHandler):
    """Says nothing, and gives its connection back."""

    # A browser opens connections that it may never use.
    timeout = 60

    def log_message(self, *args: Any) -> None:
        """The browser's requests are counted by the test, not printed."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass  # the browser has gone on to another page
        finally:
            connections.close_all()


@contextmanager
def running_site(folder: Path) -> Iterator[str]:
    """The site's address, with its stylesheets, scripts and words in place."""
    with override_settings(STATIC_ROOT=folder):  # and with it where files are collected to
        yield from _served(folder)


def _served(folder: Path) -> Iterator[str]:
    call_command("compile_messages", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123  as long as the process
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (folder / "vendor" / "htmx.min.js").is_file(), (
        "./santong puts the pages' libraries there"
    )
    with served_application() as address:
        yield address


@contextmanager
def served_application() -> Iterator[str]:
    """The application's address on this machine, for whoever needs no stylesheets."""
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Handler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Visit:
    """Somebody at a browser: what they see, whom their browser asked, what it complained of."""

    page: Page
    address: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)
    light: Light = "light"

    def asked(self, request: Request) -> None:
        """The browser waits for something."""
        self.under_way.add(request)

    def has_come(self, request: Request) -> None:
        """The browser has it, or gave up."""
        self.under_way.discard(request)

    def settle(self) -> None:
        """Wait until the page is there, and whatever it asked for has come.

        The browser's own "network idle" is half a second of silence, on each of a thousand pages.
        """
        deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1_000
        is_asking = True
        while is_asking:
            self.page.wait_for_load_state("load")
            self.page.wait_for_timeout(QUIET_MILLISECONDS)
            is_asking = bool(self.under_way)
            assert time.monotonic() < deadline, [request.url for request in self.under_way]

    def go(self, path: str) -> int:
        """Open a page and wait until it has stopped loading; its status."""
        answer = self.page.goto(self.address + path)
        self.settle()
        assert answer is not None
        return answer.status

    def look_as(self, screen: ViewportSize, light: Light) -> None:
        """See the open page on another screen, in another light, as if it had been opened there.

        What a chart draws depends on the room that it found: a page with one is opened anew.
        """
        if (self.page.viewport_size, self.light) == (screen, light):
            return
        self.page.set_viewport_size(screen)
        self.page.emulate_media(color_scheme=light)
        self.light = light
        if self.page.locator("[data-chart]").count():
            self.page.reload()
            self.settle()
        self.page.evaluate(_AT_REST)

    def log_in(self, *, merchant: str, login: str, password: str) -> None:
        self.go("/log-in/")
        self.page.fill("#merchant", merchant)
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.click("button.go")
        self.settle()

    def text(self) -> str:
        return self.page.inner_text("body")

    def sideways(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def visitor(
    browser: Browser, address: str, *, language: str = "zh-hans", size: str = "desktop"
) -> tuple[BrowserContext, Visit]:
    """A new browser window that has chosen a language."""
    context = browser.new_context(viewport=SIZES[size])
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    visit = Visit(page=context.new_page(), address=address)
    context.on("request", lambda request: visit.hosts.add(_host(request.url)))
    visit.page.on("request", visit.asked)
    visit.page.on("requestfinished", visit.has_come)
    visit.page.on("requestfailed", visit.has_come)
    visit.page.on(
        "console",
        lambda told: visit.complaints.append(told.text) if told.type == "error" else None,
    )
    visit.page.on("pageerror", lambda raised: visit.complaints.append(str(raised)))
    return context, visit


def _host(url: str) -> str:
    parts = urlsplit(url)
    return "127.0.0.1" if parts.scheme in NOWHERE else parts.hostname or ""

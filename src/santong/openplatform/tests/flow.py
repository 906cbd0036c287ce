"""An app that asks, a browser in which somebody consents, and what the app does with it."""

from __future__ import annotations

import base64
import hashlib
import itertools
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

from santong.kernel import cells, tenancy
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.openplatform import contracts
from santong.openplatform.calls.apps import app_by_key
from santong.openplatform.calls.sessions import session_of
from santong.openplatform.tests.factories import CALLBACK, MadeApp

_numbers = itertools.count(1)

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def logged_in(merchant_id: int, login: str) -> Client:
    """A browser in which somebody has logged in."""
    browser = Client()
    typed = {"merchant": cells.code_of(merchant_id), "login": login, "password": PASSWORD}
    sent = browser.post("/log-in/", typed, REMOTE_ADDR=f"2001:db8::{next(_numbers):x}")
    assert sent.status_code == 302
    return browser


class Flow:
    """One app, and the head office of one merchant in front of a browser."""

    def __init__(self, made: MadeApp, seller: int) -> None:
        self.made = made
        self.seller = seller
        with tenancy.scope(merchant_id=seller):
            person = make_staff(seller)
        self.staff_id = person.id
        self.browser = logged_in(seller, person.login)

    @staticmethod
    def clock() -> datetime:
        return datetime.now(UTC)

    @property
    def now(self) -> datetime:
        return self.clock()

    def asked(self, **changed: str) -> str:
        """What the app puts into the address."""
        asked = {
            "response_type": "code",
            "client_id": self.made.app_key,
            "redirect_uri": CALLBACK,
            **changed,
        }
        return urlencode(asked)

    def consents(
        self, *, path: str = "/oauth/authorize", personal_data: str = "masked", **asked: str
    ) -> tuple[str, str]:
        """The code that comes back, and where the browser is sent with it."""
        said = {"decision": "allow", "personal_data": personal_data, "reach": "all"}
        answer = self.browser.post(f"{path}?{self.asked(**asked)}", said)
        assert answer.status_code == 302, answer.content.decode()
        back = answer["Location"]
        return parse_qs(urlsplit(back).query)["code"][0], back

    def exchange(
        self,
        code: str,
        /,
        *,
        path: str = "/oauth/token",
        address: str = "127.0.0.1",
        **changed: str,
    ) -> Any:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": self.made.app_key,
            "client_secret": self.made.secret,
            **changed,
        }
        return Client().post(path, body, REMOTE_ADDR=address)

    def refresh(self, refresh_token: str) -> Any:
        return Client().post(
            "/oauth/token",
            {
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "client_id": self.made.app_key,
                "client_secret": self.made.secret,
            },
        )

    def session(self, got: dict[str, Any]) -> contracts.Session | None:
        """What the session key that an app got opens."""
        app = app_by_key(app_key=self.made.app_key, now=self.now)
        assert app is not None
        return session_of(app=app, session_key=got["access_token"], now=self.now)

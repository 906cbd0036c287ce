"""A developer at the portal's pages, who talks HTTP and nothing else."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

from django.test import Client

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.openplatform.tests.factories import MadeApp, make_app, make_sandbox

TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", flags=re.DOTALL)

_keys = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Developer:
    """Somebody of a developer's company, with an app of theirs."""

    merchant_id: int
    made: MadeApp
    client: Client

    def open(self, path: str) -> str:
        """The text of a page as a reader sees it."""
        return _read(self.client.get(path))

    def send(self, path: str, **form: str) -> str:
        """The text of the page that follows a form."""
        return _read(
            self.client.post(path, {"key": f"developer-{next(_keys)}", **form}, follow=True)
        )


def make_developer(
    merchant_id: int, *, is_sandbox: bool = True, role: str = "head_office", state: str = "sandbox"
) -> Developer:
    """A developer with an app on trial, in a sandbox of their own."""
    if is_sandbox:
        make_sandbox(merchant_id)
    made = make_app(merchant_id, state="live" if state == "live" else "sandbox", now=_now())
    with tenancy.scope(merchant_id=merchant_id):
        person = make_staff(merchant_id, role=role)
        code = merchants.merchant(merchant_id=merchant_id).code
    client = Client(headers={"accept-language": "en"})
    client.post(
        "/log-in/", {"merchant": code, "login": person.login, "password": PASSWORD, "next": ""}
    )
    client.cookies["django_language"] = "en"
    return Developer(merchant_id, made, client)


def _now() -> datetime:
    return datetime.now(UTC)


def _read(answer: object) -> str:
    status = getattr(answer, "status_code", 0)
    text = getattr(answer, "content", b"").decode()
    return f"{status} " + " ".join(unescape(TAGS.sub(" ", text)).split())

"""Calls for tests: signed as a client signs them, sent to the view at an instant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.http import HttpResponse
from django.test import RequestFactory

from santong.kernel.signing import timestamp_of, top_sign
from santong.topgateway.views.answering import Door
from santong.topgateway.views.router import respond

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
# As the published requests have them.
APP_KEY, SECRET = "12129701", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def said(response: HttpResponse) -> dict[str, Any]:
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.content)
    return found


def code_of(response: HttpResponse) -> int:
    """Of a refusal, in whatever style; 0 where it is none."""
    assert response.status_code == 200
    if response["Content-Type"].startswith("text/xml"):
        root = ET.fromstring(response.content)  # noqa: S314  our own
        return int(root.findtext("code", "0")) if root.tag == "error_response" else 0
    document = json.loads(response.content)
    return int(document.get("error_response", document).get("code", 0))


@dataclass(frozen=True)
class Shop:
    """A seller, and an application with its session there."""

    merchant_id: int
    session: str

    def result(self, method: str, *, at: datetime = NOW, **params: Any) -> Any:
        """The answer of a call that goes well, without its root."""
        (found,) = self.call(method, at=at, **params).values()
        assert "sub_code" not in found, found
        return found

    def call(self, method: str, *, at: datetime = NOW, door: Door = "rest", **params: Any) -> Any:
        return said(self.answer(method, at=at, door=door, **params))

    def answer(
        self, method: str, *, at: datetime = NOW, door: Door = "rest", **params: Any
    ) -> HttpResponse:
        signed = self.signed(method, at=at, **params)
        return send(f"/router/rest?{urlencode(signed)}", now=at, door=door)

    def signed_with_body(self, method: str, body: bytes) -> dict[str, str]:
        """Parameters of a call whose raw body is signed with them."""
        whole = self.signed(method, sign="-")
        sign = top_sign(method="hmac-sha256", secret=SECRET, params=whole, body=body)
        return {**whole, "sign": sign}

    def signed(self, method: str, *, at: datetime = NOW, **params: Any) -> dict[str, str]:
        whole = {
            "method": method,
            "app_key": APP_KEY,
            "session": self.session,
            "timestamp": timestamp_of(now=at),
            "format": "json",
            "v": "2.0",
            "sign_method": "hmac-sha256",
            **params,
        }
        wants_sign = "sign" not in whole
        whole = {name: value for name, value in whole.items() if value != "-"}
        if wants_sign:
            whole["sign"] = top_sign(method="hmac-sha256", secret=SECRET, params=whole)
        return whole


def send(
    target: str,
    *,
    now: datetime,
    door: Door = "rest",
    body: bytes = b"",
    http_method: str = "POST",
    **headers: Any,
) -> HttpResponse:
    path, _, query = target.partition("?")
    request = RequestFactory().generic(
        http_method,
        path,
        body,
        content_type=headers.pop("content_type", ""),
        QUERY_STRING=query,
        **headers,
    )
    return respond(request, door=door, now=now)

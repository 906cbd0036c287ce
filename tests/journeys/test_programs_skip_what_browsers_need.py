"""A request with a token is answered the same with and without what only browsers need."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import RequestFactory

from santong.config import wsgi
from santong.gateway.tests.platform import BIND_QUERY, FORM, make_connected_shop
from tests.journeys.http import Caller, caller

pytestmark = pytest.mark.usefixtures("database")

Handler = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
ONLY_FOR_BROWSERS = {"X-Frame-Options", "Vary", "X-Request-Id", "Cross-Origin-Opener-Policy"}


def answer(handler: Handler, environ: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    seen: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        seen.append((status, dict(headers)))

    body = b"".join(handler(environ, start))
    ((status, headers),) = seen
    return status, {k: v for k, v in headers.items() if k not in ONLY_FOR_BROWSERS}, body


def request(path: str, who: Caller | None, *, language: str = "zh-hans") -> dict[str, Any]:
    headers = {"Accept-Language": language, "X-Request-Id": "the-same-for-all"}
    if who:
        headers["Authorization"] = f"Bearer {who.secret}"
    environ: dict[str, Any] = RequestFactory().get(path, headers=headers).environ
    return environ


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/orders",
        "/api/v1/orders/999999999",
        "/api/v1/orders?state=nonsense",
        "/api/v1/nowhere",
        "/api/v1/locations?limit=1",
    ],
)
def test_a_program_gets_the_same_answer_either_way(merchant: int, path: str, language: str) -> None:
    who = caller(merchant)

    lean = answer(wsgi.programs, request(path, who, language=language))
    full = answer(wsgi.people, request(path, who, language=language))

    assert lean == full
    assert "Content-Length" in lean[1]
    assert lean[1]["Content-Security-Policy"].startswith("default-src 'self'")


def test_only_a_token_takes_the_short_way(merchant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def takes(way: str) -> Handler:
        def handler(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
            taken.append(way)
            return []

        return handler

    monkeypatch.setattr(wsgi, "programs", takes("short"))
    monkeypatch.setattr(wsgi, "people", takes("whole"))
    who = caller(merchant)

    for path, by in (
        ("/api/v1/orders", who),
        ("/api/v1/orders", None),
        ("/console/", who),
    ):
        list(wsgi.application(request(path, by), lambda *_: None))  # type: ignore[arg-type]

    assert taken == ["short", "whole", "whole"]


def test_a_token_that_is_not_good_is_refused_the_short_way_too(merchant: int) -> None:
    status, headers, body = answer(
        wsgi.programs, request("/api/v1/orders", Caller("st_not-a-token"))
    )

    assert status.startswith("401")
    assert headers["WWW-Authenticate"] == "Bearer"
    assert b"kernel.unauthenticated" in body


def test_a_signed_call_gets_the_same_answer_the_shortest_way(
    merchant: int,
) -> None:
    shop = make_connected_shop(merchant)
    shop.join("13812345670", points=7)
    calls = [
        shop.platform.signed(BIND_QUERY, {"mobile": "13812345670"}),
        shop.platform.signed(BIND_QUERY, {"mobile": "13812345671"}, content_type=FORM),
        shop.platform.signed("tmall.fly", {}),
        ("/spi/members/nobody/nothing?sign=1", b"{}", "application/json", {}),
        ("/spi/nowhere", b"{}", "application/json", {}),
    ]

    def environ(call: tuple[str, bytes, str, dict[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = (
            RequestFactory()
            .post(
                call[0], call[1], content_type=call[2], headers={"X-Request-Id": "the-same-for-all"}
            )
            .environ
        )
        return found

    lean = [answer(wsgi.signed, environ(call)) for call in calls]
    full = [answer(wsgi.people, environ(call)) for call in calls]

    for _, headers, _ in full:
        headers.pop("Content-Language", None)
    assert lean[:4] == full[:4]
    assert b'"point":7' in lean[0][2]
    assert [status[:3] for status, _, _ in lean] == ["200"] * 4 + ["404"]
    assert answer(wsgi.application, environ(calls[0]))[0].startswith("200")


def test_a_question_of_a_marketplace_asks_the_database_once(
    merchant: int, django_assert_num_queries: Any
) -> None:
    shop = make_connected_shop(merchant)
    shop.join("13812345672", points=7)
    question = {"mobile": "13812345672"}
    shop.platform.call(BIND_QUERY, question)

    # Times, all that is asked, and a line of the log that goes with the commit.
    with django_assert_num_queries(3):
        shop.platform.call(BIND_QUERY, question)

"""Sessions in the merchant's cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from santong.kernel import tenancy
from santong.kernel.http.middleware import RequestMiddleware, ScopeMiddleware
from santong.merchants.models import Session
from santong.merchants.rules.sessions import LONGEST, UNUSED, expiry, is_due
from santong.merchants.services.forget_expired import forget_expired
from santong.merchants.services.open_session import open_session
from santong.merchants.sessions import SessionMiddleware
from santong.merchants.tests.factories import make_staff

ME = "/api/v1/me"


def opened(merchant_id: int, *, at: datetime | None = None) -> Client:
    """Somebody's browser, logged in."""
    with tenancy.scope(merchant_id=merchant_id):
        person = make_staff(merchant_id)
        cookie = open_session(
            merchant_id=merchant_id, staff_id=person.id, now=at or datetime.now(UTC)
        )
    client = Client()
    client.cookies["santong_session"] = cookie
    return client


def test_only_a_hash_of_the_key_is_kept(merchant: int) -> None:
    client = opened(merchant)

    key = client.cookies["santong_session"].value.partition(".")[2]

    with tenancy.scope(merchant_id=merchant):
        row = Session.objects.get()
    assert len(bytes(row.key_hash)) == 32
    assert key not in str(vars(row))


def test_a_session_that_is_not_used_ends() -> None:
    start = datetime(2026, 11, 11, tzinfo=UTC)

    assert expiry(opened_at=start, now=start) == start + UNUSED
    assert expiry(opened_at=start, now=start + timedelta(days=6, hours=20)) == start + LONGEST


def test_an_ended_session_opens_nothing(merchant: int) -> None:
    client = opened(merchant, at=datetime.now(UTC) - UNUSED)

    assert client.get(ME).status_code == 401


def test_a_session_is_moved_on_at_most_once_an_hour(merchant: int) -> None:
    client = opened(merchant, at=datetime.now(UTC) - timedelta(hours=2))

    def ends() -> datetime:
        client.get(ME)
        with tenancy.scope(merchant_id=merchant):
            return Session.objects.get().expires_at

    first = ends()

    assert first > datetime.now(UTC) + UNUSED - timedelta(minutes=1)
    assert client.cookies["santong_session"]["max-age"] == pytest.approx(UNUSED.seconds, abs=5)
    assert ends() == first


def test_due_after_an_hour() -> None:
    start = datetime(2026, 11, 11, tzinfo=UTC)

    assert not is_due(refreshed_at=start, now=start + timedelta(minutes=59))
    assert is_due(refreshed_at=start, now=start + timedelta(minutes=60))


def test_a_page_costs_few_questions(merchant: int) -> None:
    client = opened(merchant)
    client.get(ME)

    with CaptureQueriesContext(connection) as asked:
        client.get(ME)

    selects = [q["sql"] for q in asked.captured_queries if q["sql"].startswith("SELECT")]
    assert len(selects) == 3, selects


def test_a_forged_cookie_opens_nothing(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()
    client = opened(theirs)
    key = client.cookies["santong_session"].value.partition(".")[2]

    for cookie in (f"{ours}.{key}", f"{theirs}.{'x' * 43}", f"{2**62}.{key}", "nonsense", ""):
        client.cookies["santong_session"] = cookie
        assert client.get(ME).status_code == 401


def test_of_many_requests_at_once_all_are_answered(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    cookie = opened(merchant, at=datetime.now(UTC) - timedelta(hours=2)).cookies["santong_session"]

    def look() -> int:
        client = Client()
        client.cookies["santong_session"] = cookie.value
        return int(client.get(ME).status_code)

    assert at_once(*[look] * 12) == [200] * 12


def test_who_logs_out_twice_at_once_is_out(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    cookie = opened(merchant).cookies["santong_session"].value

    def leave() -> int:
        client = Client()
        client.cookies["santong_session"] = cookie
        return int(client.post("/log-out/").status_code)

    assert at_once(*[leave] * 6) == [302] * 6
    with tenancy.scope(merchant_id=merchant):
        assert not Session.objects.exists()


def test_ended_sessions_are_cleared_away(merchant_id: int, now: datetime) -> None:
    person = make_staff(merchant_id)
    open_session(merchant_id=merchant_id, staff_id=person.id, now=now - timedelta(days=1))
    open_session(merchant_id=merchant_id, staff_id=person.id, now=now)

    assert forget_expired(merchant_id=merchant_id, now=now) == 1
    assert Session.objects.count() == 1


def test_what_a_page_puts_into_the_session_is_there_for_the_next(merchant: int, rf: Any) -> None:
    cookie = opened(merchant).cookies["santong_session"].value

    def view(request: Any) -> HttpResponse:
        request.session["seen"] = request.session.get("seen", 0) + 1
        return HttpResponse(str(request.session["seen"]))

    inner = SessionMiddleware(view)
    answer = RequestMiddleware(
        ScopeMiddleware(lambda request: cast("HttpResponse", inner(request)))
    )

    def visit() -> str:
        request = rf.get("/console/")
        request.COOKIES["santong_session"] = cookie
        request.resolver_match = None
        return answer(request).content.decode()

    assert [visit(), visit(), visit()] == ["1", "2", "3"]

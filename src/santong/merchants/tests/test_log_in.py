"""Logging in, being locked out, logging out: over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from santong.kernel import attempts, cells, tenancy
from santong.kernel.models import AuditEntry
from santong.merchants import public as merchants
from santong.merchants.models import Session, StaffUser
from santong.merchants.services import prove_password as proving
from santong.merchants.tests.browser import ME, log_in
from santong.merchants.tests.factories import PASSWORD, make_staff


def test_whoever_gives_the_right_password_is_in(
    code: str, lin: merchants.Staff, address: str
) -> None:
    client = Client()

    answer = log_in(client, code, address=address)
    me = client.get(ME).json()

    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert (me["kind"], me["id"], me["merchant_code"]) == ("staff", str(lin.id), code)
    cookie = client.cookies["santong_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_capitals_and_blanks_do_not_matter(code: str, lin: merchants.Staff, address: str) -> None:
    answer = log_in(Client(), f" {code.upper()} ", login=" LIN ", address=address)

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("onward", "target"),
    [
        ("/console/orders/?page=2", "/console/orders/?page=2"),
        ("https://elsewhere.example/", "/console/"),
        ("//elsewhere.example/", "/console/"),
        ("javascript:alert(1)", "/console/"),
    ],
)
def test_goes_on_to_pages_of_ours_only(
    code: str, lin: merchants.Staff, address: str, onward: str, target: str
) -> None:
    assert log_in(Client(), code, address=address, onward=onward)["Location"] == target


def test_unknown_merchant_unknown_log_in_and_wrong_password_look_the_same(
    code: str, lin: merchants.Staff, address: str
) -> None:
    def page(**typed: str) -> tuple[int, str]:
        given = {"merchant": code, "login": "lin", "password": PASSWORD, **typed}
        answer: Any = Client().post("/log-in/", given, REMOTE_ADDR=address)
        text = answer.content.decode()
        for value in (*given.values(), "nobody", "lin"):
            text = text.replace(f'value="{value}"', "")
        return answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    wrong = page(password="wrong")

    assert wrong[0] == 401
    assert page(merchant="nobody") == wrong
    assert page(login="nobody") == wrong


def test_somebody_disabled_is_not_let_in(
    merchant: int, code: str, lin: merchants.Staff, address: str
) -> None:
    with tenancy.scope(merchant_id=merchant):
        StaffUser.objects.filter(id=lin.id).update(is_active=False)

    assert log_in(Client(), code, address=address).status_code == 401


def test_the_sixth_try_is_not_looked_at_even_if_it_is_right(
    code: str, lin: merchants.Staff, address: str
) -> None:
    client = Client(headers={"accept-language": "en"})
    wrong = [
        log_in(client, code, address=address, password=f"wrong {n}").status_code for n in range(5)
    ]

    answer = log_in(client, code, address=address)

    assert wrong == [401] * 5
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert "Try again in 15 minutes" in answer.content.decode()
    assert client.get(ME).status_code == 401


def test_an_unknown_log_in_is_locked_out_like_a_known_one(
    code: str, lin: merchants.Staff, address: str
) -> None:
    answers = [
        log_in(Client(), "no-such-merchant", login=address, address=address).status_code
        for _ in range(6)
    ]

    assert answers == [401] * 5 + [429]


def test_a_lock_out_ends_by_itself(
    code: str, lin: merchants.Staff, address: str, now: datetime
) -> None:
    def prove(password: str, at: datetime) -> object:
        return proving.prove_password(
            merchant_code=code, login="lin", password=password, address=address, now=at
        )

    for minute in range(5):
        with pytest.raises(merchants.LogInRefused):
            prove("wrong", now + timedelta(minutes=minute))
    with pytest.raises(merchants.TooManyTries) as refused:
        prove(PASSWORD, now + timedelta(minutes=5))

    pause = timedelta(seconds=refused.value.retry_after_seconds)

    assert prove(PASSWORD, now + timedelta(minutes=5) + pause)


def test_a_good_log_in_starts_the_count_anew(code: str, lin: merchants.Staff, address: str) -> None:
    for _ in range(2):
        for _ in range(4):
            log_in(Client(), code, address=address, password="wrong")
        assert log_in(Client(), code, address=address).status_code == 302


def test_one_address_is_stopped_after_fifty_wrong_tries_whatever_the_log_ins(
    database: None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "check_password", lambda *_: False)
    neighbour = address.replace("::1", "::2")

    answers = [
        log_in(Client(), "nobody", login=f"{address}-{n}", address=address).status_code
        for n in range(50)
    ]

    assert answers == [401] * 50
    assert log_in(Client(), "nobody", login="x", address=neighbour).status_code == 429


def test_many_colleagues_behind_one_address_log_in(
    merchant: int, code: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "check_password", lambda *_: True)
    with tenancy.scope(merchant_id=merchant):
        for n in range(60):
            make_staff(merchant, login=f"clerk-{n}", role=None)

    answers = [
        log_in(Client(), code, login=f"clerk-{n}", address=address).status_code for n in range(60)
    ]

    assert answers == [302] * 60


def test_of_a_hundred_wrong_tries_at_once_at_most_five_are_looked_at(
    code: str,
    lin: merchants.Staff,
    address: str,
    at_once: Callable[..., list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    def count(password: str, encoded: str) -> bool:
        looked_at.append(password)
        return check_password(password, encoded)

    monkeypatch.setattr(proving, "check_password", count)

    def four_tries(place: int) -> Callable[[], list[int]]:
        def run() -> list[int]:
            client = Client()
            return [
                log_in(client, code, address=address, password=f"{place}-{n}").status_code
                for n in range(4)
            ]

        return run

    answers = chain.from_iterable(at_once(*[four_tries(place) for place in range(25)]))

    assert len(looked_at) == 5
    assert sorted(answers) == [401] * 5 + [429] * 95


def test_the_count_survives_the_refusal(
    code: str, lin: merchants.Staff, address: str, now: datetime
) -> None:
    log_in(Client(), code, address=address, password="wrong")
    soon = datetime.now(tz=now.tzinfo)

    waits = [
        attempts.take(subject=f"log-in:{code}:lin", most=5, within=timedelta(minutes=15), now=soon)
        for _ in range(5)
    ]

    assert waits[:4] == [None] * 4
    assert waits[4] is not None


def test_no_transaction_is_open_while_a_password_is_hashed(
    code: str, lin: merchants.Staff, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_transactions: list[bool] = []

    def look(password: str, encoded: str) -> bool:
        from django.db import connection  # noqa: PLC0415

        open_transactions.append(connection.in_atomic_block)
        return True

    monkeypatch.setattr(proving, "check_password", look)

    log_in(Client(), code, address=address)

    assert open_transactions == [False]


def test_a_password_that_changes_between_proof_and_session_lets_nobody_in(
    merchant: int,
    code: str,
    lin: merchants.Staff,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look_and_change(password: str, encoded: str) -> bool:
        with tenancy.scope(merchant_id=merchant):
            StaffUser.objects.filter(id=lin.id).update(password="another")
        return True

    monkeypatch.setattr(proving, "check_password", look_and_change)

    assert log_in(Client(), code, address=address).status_code == 401
    with tenancy.scope(merchant_id=merchant):
        assert not Session.objects.exists()


def test_who_logs_out_is_out(merchant: int, code: str, lin: merchants.Staff, address: str) -> None:
    client, other = Client(), Client()
    log_in(client, code, address=address)
    log_in(other, code, address=address)
    kept = client.cookies["santong_session"].value

    answer = client.post("/log-out/")
    client.cookies["santong_session"] = kept

    assert answer.status_code == 302
    assert client.get(ME).status_code == 401
    assert other.get(ME).status_code == 200
    with tenancy.scope(merchant_id=merchant):
        assert AuditEntry.objects.filter(action="merchants.log_out").count() == 1


def test_nobody_is_logged_out_by_a_link(code: str, lin: merchants.Staff, address: str) -> None:
    client = Client()
    log_in(client, code, address=address)

    assert client.get("/log-out/").status_code == 405
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize("page", ["/log-in/", "/log-out/", "/password/"])
def test_a_form_of_another_site_is_refused(
    code: str, lin: merchants.Staff, address: str, page: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    opened = Client()
    log_in(opened, code, address=address)
    client.cookies["santong_session"] = opened.cookies["santong_session"].value

    assert client.post(page, {}).status_code == 403


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "zh-hans"), ("en", "en")])
def test_the_page_speaks_the_readers_language(database: None, language: str, title: str) -> None:
    answer: Any = Client(headers={"accept-language": language}).get("/log-in/")

    assert f'<html lang="{title}">' in answer.content.decode()
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_the_merchant_is_remembered_for_the_next_time(
    code: str, lin: merchants.Staff, address: str
) -> None:
    client = Client()
    log_in(client, code, address=address)
    client.post("/log-out/")

    assert f'value="{code}"' in client.get("/log-in/").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"merchant": "x" * 5000, "login": "y", "password": "z"},
        {"merchant": "a\x00b", "login": "y", "password": "z"},
        {"merchant": "m", "login": "\ud800", "password": "z"},
        {"merchant": "m", "login": "<script>", "password": "p" * 10_000},
    ],
)
def test_whatever_is_typed_is_refused_politely(
    database: None, address: str, typed: dict[str, str]
) -> None:
    body = urlencode(typed, errors="surrogatepass")

    answer: Any = Client().post(
        "/log-in/",
        body,
        content_type="application/x-www-form-urlencoded",
        REMOTE_ADDR=address,
    )

    assert answer.status_code == 401
    assert b"<script>" not in answer.content


def test_a_log_in_while_the_merchant_moves_is_told_to_come_back(
    merchant: int, code: str, lin: merchants.Staff, address: str
) -> None:
    from django.db import connections, transaction  # noqa: PLC0415

    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(cells.KEEP_OUT, [merchant])

        answer = log_in(Client(), code, address=address)
        api: Any = Client(headers={"cookie": f"santong_session={merchant}.{'x' * 43}"}).get(ME)

    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert (api.status_code, api["Retry-After"]) == (503, "2")

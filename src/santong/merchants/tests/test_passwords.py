"""Passwords: changed by their owner, made for one time, reset by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.services import prove_password as proving
from santong.merchants.tests.browser import ME, log_in
from santong.merchants.tests.factories import PASSWORD


def test_a_changed_password_ends_every_session_and_opens_one(
    code: str, lin: merchants.Staff, address: str
) -> None:
    here, there = Client(), Client()
    log_in(here, code, address=address)
    log_in(there, code, address=address)
    typed = {
        "old_password": PASSWORD,
        "new_password": "另一个很长的密码 2026",
        "again": "另一个很长的密码 2026",
    }

    answer: Any = here.post("/password/", typed, REMOTE_ADDR=address)

    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 401
    assert log_in(Client(), code, address=address).status_code == 401
    assert (
        log_in(Client(), code, address=address, password="另一个很长的密码 2026").status_code == 302
    )


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short", "at least 10"),
        ("password123", "most used"),
        (PASSWORD, "is the old one"),
        ("staff-lin-longlong", "two different ways"),
        ("", "all three fields"),
    ],
)
def test_a_new_password_that_is_no_good_is_refused_in_words(
    code: str, lin: merchants.Staff, address: str, new: str, says: str
) -> None:
    client = Client(headers={"accept-language": "en"})
    log_in(client, code, address=address)
    client.cookies.pop("django_language")
    again = "typed otherwise" if "longlong" in new else new
    typed = {"old_password": PASSWORD, "new_password": new, "again": again}

    answer: Any = client.post("/password/", typed, REMOTE_ADDR=address)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert client.get(ME).status_code == 200


def test_wrong_old_passwords_are_counted_like_wrong_log_ins(
    code: str, lin: merchants.Staff, address: str
) -> None:
    client = Client()
    log_in(client, code, address=address)
    typed = {"old_password": "wrong", "new_password": "x" * 12, "again": "x" * 12}

    answers: list[Any] = [client.post("/password/", typed, REMOTE_ADDR=address) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


def test_a_one_time_password_must_be_changed_first(
    merchant: int, code: str, address: str, now: datetime
) -> None:
    soon = datetime.now(tz=now.tzinfo)
    with tenancy.scope(merchant_id=merchant):
        made = merchants.create_staff(merchant_id=merchant, login="new", name="新", now=soon)
        merchants.grant_role(
            merchant_id=merchant, staff_id=made.staff.id, role="head_office", now=soon
        )
    client = Client()

    first = log_in(client, code, address=address, login="new", password=made.password)
    may_before = client.get(ME).json()["permissions"]
    typed = {
        "old_password": made.password,
        "new_password": "x7-long-enough",
        "again": "x7-long-enough",
    }
    client.post("/password/", typed, REMOTE_ADDR=address)

    assert first["Location"] == "/password/"
    assert may_before == []
    assert "staff.edit" in client.get(ME).json()["permissions"]


def test_a_one_time_password_is_good_for_a_week(
    merchant: int, code: str, address: str, now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = merchants.create_staff(merchant_id=merchant, login="new", name="新", now=now)

    def prove(at: datetime) -> object:
        return proving.prove_password(
            merchant_code=code, login="new", password=made.password, address=address, now=at
        )

    assert prove(now + timedelta(days=6))
    with pytest.raises(merchants.LogInRefused):
        prove(now + timedelta(days=7))


def test_a_password_that_is_reset_ends_every_session(
    merchant: int, code: str, lin: merchants.Staff, address: str, now: datetime
) -> None:
    client = Client()
    log_in(client, code, address=address)

    with tenancy.scope(merchant_id=merchant):
        merchants.reset_password(merchant_id=merchant, staff_id=lin.id, reason="lost", now=now)

    assert client.get(ME).status_code == 401

"""Statements, differences and months over HTTP."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.tests.factories import (
    ACCOUNT,
    DAY,
    NOW,
    Move,
    line,
    move,
    open_account,
)
from santong.reconciliation.tests.statements import simulated_file

PATH = "/api/v1/reconciliation"
_keys = itertools.count(1)


@pytest.fixture
def token(merchant: int) -> str:
    open_account(merchant)
    with tenancy.scope(merchant_id=merchant):
        return make_token(merchant)


def get(token: str, path: str) -> Any:
    answer = Client().get(f"{PATH}{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def post(token: str, path: str, body: Any = b"", *, key: str = "") -> Any:
    return Client().post(
        f"{PATH}{path}",
        body,
        content_type="application/octet-stream" if isinstance(body, bytes) else "application/json",
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or f"reconciliation-{next(_keys)}",
        },
    )


def test_a_file_is_handed_in_and_its_difference_explained(merchant: int, token: str) -> None:
    move(merchant, Move("payment", "T1", 700))
    content = simulated_file([line("T1", 700), line("T2", 300)])

    received = post(token, f"/files?account_code={ACCOUNT}&day={DAY}", content)
    file_id = received.json()["id"]
    work_on_file(merchant_id=merchant, file_id=int(file_id), now=NOW)

    assert (received.status_code, received.json()["state"]) == (202, "received")
    file = get(token, f"/files/{file_id}")
    assert (file["matched"], file["differences"], file["unexplained_minor"]) == (1, 1, 0)
    assert [each["id"] for each in get(token, f"/files?day={DAY}")["items"]] == [file_id]
    different = get(token, f"/files/{file_id}/lines?only=different")["items"]
    matched = get(token, f"/files/{file_id}/lines?only=matched")["items"]
    assert [each["our_reference"] for each in (*different, *matched)] == ["T2", "T1"]
    (found,) = get(token, f"/differences?file_id={file_id}")["items"]
    assert (found["category"], found["difference_minor"]) == ("missing_in_books", 300)
    assert "correct" in found["offers"]

    claimed = post(token, f"/differences/{found['id']}/claim", {"note": "I look"})
    explained = post(token, f"/differences/{found['id']}/explain", {"note": "a test payment"})
    again = post(token, f"/differences/{found['id']}/explain", {"note": "a test payment"})

    assert [each.status_code for each in (claimed, explained, again)] == [200, 200, 409]
    assert get(token, f"/differences/{found['id']}")["state"] == "explained"
    summary = get(token, "/differences/summary")
    assert summary["counted"][0]["count"] == 1
    assert summary["unexplained_minor_by_account"] == {ACCOUNT: 0}
    (day,) = get(token, "/days?since=2026-11-01&until=2026-12-01")["items"]
    assert (day["lines"], day["matched"], day["open"]) == (2, 1, 0)


def test_a_page_ends_where_the_next_begins(merchant: int, token: str) -> None:
    content = simulated_file([line(f"T{number}", 1) for number in range(5)])
    received = post(token, f"/files?account_code={ACCOUNT}&day={DAY}", content)
    work_on_file(merchant_id=merchant, file_id=int(received.json()["id"]), now=NOW)

    seen: list[str] = []
    cursor = ""
    while True:
        page = get(token, f"/differences?limit=2&cursor={cursor}")
        seen += [each["reference"] for each in page["items"]]
        cursor = page["next_cursor"] or ""
        if not cursor:
            break

    assert seen == ["T4", "T3", "T2", "T1", "T0"]


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        (f"account_code={ACCOUNT}&day={DAY}", b"", 422),
        (f"account_code=nobody&day={DAY}", b"x", 404),
        (f"account_code={ACCOUNT}&day=2999-01-01", b"x", 422),
        (f"account_code={ACCOUNT}&day=yesterday", b"x", 422),
        (f"account_code={ACCOUNT}&day={DAY}&format=excel", b"x", 422),
        (f"account_code={ACCOUNT}&day={DAY}", b"\x1f\x8b" + bytes(20), 422),
    ],
)
def test_what_is_no_file_is_refused(token: str, query: str, body: bytes, status: int) -> None:
    assert post(token, f"/files?{query}", body).status_code == status


def test_a_month_over_http(token: str) -> None:
    balance = get(token, "/months/2026-10/trial-balance")
    early = post(token, "/months/2999-10/close")
    closed = post(token, "/months/2026-09/close")
    again = post(token, "/months/2026-09/close")
    alone = post(token, "/months/2026-09/reopen", {"reason": "a late file"})
    nonsense = post(token, "/months/2026-13/close")
    file = Client().get(
        f"{PATH}/months/2026-09/trial-balance/file?format=xlsx",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (balance["is_closed"], balance["is_balanced"], balance["rows"]) == (False, True, [])
    assert (early.status_code, early.json()["code"]) == (409, "reconciliation.month_not_ready")
    assert early.json()["obstacles"][0]["why"] == "too_early"
    assert (closed.status_code, again.status_code) == (200, 409)
    assert (alone.status_code, nonsense.status_code) == (403, 404)
    assert file.content[:2] == b"PK"
    assert [each["month"] for each in get(token, "/months")["items"]] == ["2026-09-01"]


def test_a_form_is_no_file(token: str) -> None:
    answer = Client().post(
        f"/api/v1/reconciliation/files?account_code={ACCOUNT}&day={DAY}",
        {"file": SimpleUploadedFile("day.csv", b"a,b")},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "a-form"},
    )

    assert answer.status_code == 422
    assert "/body" in answer.content.decode()

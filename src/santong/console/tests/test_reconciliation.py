"""Statements at the screen: handed in, followed, worked on, closed."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from santong.console.tests.desk import Desk, Shop, open_shop
from santong.reconciliation.tests.factories import (
    DAY,
    Move,
    differences,
    line,
    move,
    open_account,
    reconcile,
    written,
)

MOST_QUESTIONS = 45
LARGER_THAN_MEMORY = 2_621_440

_keys = itertools.count(1)


@pytest.fixture
def shop(new_merchant: Callable[..., int]) -> Shop:
    return open_shop(new_merchant())


@pytest.fixture
def account(shop: Shop) -> str:
    """An account with a statement that differs in three ways."""
    merchant_id = shop.world.merchant_id
    code = open_account(merchant_id)
    move(merchant_id, Move("payment", "M1", 45_900), Move("payment", "M2", 10_000))
    reconcile(merchant_id, [line("M1", 45_900), line("M2", 20_050), line("M4", 700)])
    return code


def difference(shop: Shop, category: str) -> int:
    found: dict[str, int] = {each.category: each.id for each in differences(shop.world.merchant_id)}
    return found[category]


def state(shop: Shop, difference_id: int) -> str:
    """How a difference stands, whatever that is."""
    states = ("", "explained", "proposed", "written_off", "waiting", "corrected")
    found = [
        each
        for wanted in states
        for each in differences(shop.world.merchant_id, state=wanted)
        if each.id == difference_id
    ]
    return found[0].state


def work(desk: Desk, difference_id: int, **form: str) -> int:
    return desk.send(f"/console/reconciliation/differences/{difference_id}/work/", **form)[0]


def test_a_month_marks_its_days(shop: Shop, account: str) -> None:
    page = shop.desk("finance").client.get("/console/reconciliation/?month=2026-11")

    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('class="day-open"') == 1
    assert 'class="day-missing"' in text
    assert "Missing in the books" in text


def test_a_large_file_is_handed_in(shop: Shop) -> None:
    code = open_account(shop.world.merchant_id)
    content = written(line(f"T{number:08}", 100) for number in range(45_000))
    assert len(content) > LARGER_THAN_MEMORY

    answer = shop.desk("finance").client.post(
        "/console/reconciliation/files/receive/",
        {
            "key": f"hand-in-{next(_keys)}",
            "account": code,
            "day": DAY.isoformat(),
            "format": "",
            "file": SimpleUploadedFile("bill.csv", content),
        },
        follow=True,
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "The file is here; it is being read and matched." in text
    assert "<progress" in text


@pytest.mark.parametrize(
    "given",
    [
        {"day": "2099-01-01"},
        {"account": "nowhere"},
        {"file": SimpleUploadedFile("bill.csv", b"")},
    ],
    ids=["day-to-come", "no-such-account", "empty"],
)
def test_what_cannot_be_taken_is_refused(
    shop: Shop, account: str, given: dict[str, object]
) -> None:
    form = {
        "key": f"hand-in-{next(_keys)}",
        "account": account,
        "day": DAY.isoformat(),
        "file": SimpleUploadedFile("bill.csv", b"#simulated\n"),
    }

    answer = shop.desk("finance").client.post(
        "/console/reconciliation/files/receive/", {**form, **given}
    )

    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()


def test_a_file_shows_what_differs(shop: Shop, account: str) -> None:
    found = differences(shop.world.merchant_id)
    desk = shop.desk("finance")

    _, file = desk.open(f"/console/reconciliation/files/{found[0].file_id}/")
    _, everything = desk.open(f"/console/reconciliation/files/{found[0].file_id}/?only=all")

    assert "Amount differs" in file
    assert "M1" not in file
    assert "M1" in everything


def test_both_sides_stand_beside_each_other(shop: Shop, account: str) -> None:
    number = difference(shop, "amount_differs")

    _, page = shop.desk("finance").open(f"/console/reconciliation/differences/{number}/")

    assert "¥200.50" in page
    assert "¥100.00" in page
    assert "they have more" in page


def test_a_difference_is_explained(shop: Shop, account: str) -> None:
    number = difference(shop, "missing_in_books")
    desk = shop.desk("finance")

    without_note = work(desk, number, step="explain", note="")
    explained = work(desk, number, step="explain", note="somebody else's money")

    assert (without_note, explained) == (422, 200)
    assert state(shop, number) == "explained"


def test_what_is_large_is_written_off_by_two(shop: Shop, account: str) -> None:
    number = difference(shop, "amount_differs")
    desk = shop.desk("finance")

    proposed = work(desk, number, step="write_off", note="not worth asking")
    own = work(desk, number, step="approve", note="agreed")
    agreed = work(shop.desk("finance"), number, step="approve", note="agreed")

    assert (proposed, own, agreed) == (200, 403, 200)
    assert state(shop, number) == "written_off"


def test_to_wait_needs_a_day(shop: Shop, account: str) -> None:
    number = difference(shop, "missing_in_books")
    desk = shop.desk("finance")

    not_offered = work(desk, number, step="wait", note="later", due_on="2026-12-01")
    no_such_step = work(desk, number, step="dance", note="later")

    assert (not_offered, no_such_step) == (409, 422)
    assert state(shop, number) == "open"


def test_a_month_says_what_stands_in_the_way(shop: Shop, account: str) -> None:
    desk = shop.desk("finance")

    _, page = desk.open("/console/reconciliation/months/?month=2026-11")
    status, _ = desk.send("/console/reconciliation/months/close/", month="2026-11")

    assert "No statement" in page
    assert "Difference without an owner or a note" in page
    assert status == 409


def test_a_month_is_closed_by_one_and_opened_again_by_another(shop: Shop) -> None:
    desk = shop.desk("finance")
    path = "/console/reconciliation/months"

    closed, page = desk.send(f"{path}/close/", month="2020-01")
    own, _ = desk.send(f"{path}/reopen/", month="2020-01", reason="a mistake")
    others, again = shop.desk("finance").send(
        f"{path}/reopen/", month="2020-01", reason="a mistake"
    )

    assert (closed, own, others) == (200, 403, 200)
    assert "The month is closed and stays as it is." in page
    assert "a mistake" in again


PATHS = (
    "/console/reconciliation/?month=2026-11",
    "/console/reconciliation/files/{file_id}/",
    "/console/reconciliation/files/{file_id}/?only=all",
    "/console/reconciliation/differences/",
    "/console/reconciliation/differences/{id}/",
    "/console/reconciliation/months/?month=2026-11",
)


@pytest.mark.parametrize("role", ["customer_service", "store_manager", "developer"])
def test_statements_are_for_those_who_may(shop: Shop, account: str, role: str) -> None:
    (found, *_) = differences(shop.world.merchant_id)
    desk = shop.desk(role)

    for path in PATHS:
        assert desk.open(path.format(file_id=found.file_id, id=found.id))[0] == 403, path
    assert work(desk, found.id, step="explain", note="no") == 403


def test_pages_about_statements_ask_a_fixed_number_of_questions(shop: Shop, account: str) -> None:
    (found, *_) = differences(shop.world.merchant_id)
    desk = shop.desk("finance")
    paths = [path.format(file_id=found.file_id, id=found.id) for path in PATHS]
    few = [desk.questions(path) for path in paths]
    for number in range(4):
        code = open_account(shop.world.merchant_id, code=f"till-{number}")
        reconcile(shop.world.merchant_id, [line(f"N{number}", 100)], account=code)

    many = [desk.questions(path) for path in paths]

    for path, before, after in zip(paths, few, many, strict=True):
        assert after <= before + 1, path
        assert after <= MOST_QUESTIONS, path


def test_a_file_asks_no_more_for_more_lines_and_a_difference_for_a_longer_story(shop: Shop) -> None:
    desk = shop.desk("finance")

    few, many = (_asked_of_file(shop, desk, lines=lines) for lines in (1, 8))

    assert {path: (few[path], many[path]) for path in few if many[path] > few[path] + 1} == {}
    assert max(many.values()) <= MOST_QUESTIONS


def _asked_of_file(shop: Shop, desk: Desk, *, lines: int) -> dict[str, int]:
    """How much pages ask of a file that differs in so many lines; one was worked on as often."""
    merchant_id = shop.world.merchant_id
    code = open_account(merchant_id, code=f"till-{lines}")
    file = reconcile(
        merchant_id, [line(f"L{lines}-{each}", 20_050) for each in range(lines)], account=code
    )
    mine = [each for each in differences(merchant_id) if each.file_id == file.id]
    second = shop.desk("finance")
    for _ in range(lines):
        assert work(desk, mine[0].id, step="write_off", note="not worth asking") == 200
        assert work(second, mine[0].id, step="reject", note="it is") == 200
    paths = {
        "file": f"/console/reconciliation/files/{file.id}/",
        "all of it": f"/console/reconciliation/files/{file.id}/?only=all",
        "difference": f"/console/reconciliation/differences/{mine[0].id}/",
    }
    return {name: desk.questions(path) for name, path in paths.items()}

"""A file is read once, whoever reads it, however often they are stopped."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from santong.kernel import cells, tenancy
from santong.reconciliation.contracts import Row, StatementFile
from santong.reconciliation.models import StatementFile as FileRow
from santong.reconciliation.models import StatementLine
from santong.reconciliation.providers import work
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.tests.factories import (
    ACCOUNT,
    DAY,
    NOW,
    Move,
    assert_sound,
    differences,
    line,
    move,
    open_account,
    receive,
)
from santong.reconciliation.tests.statements import simulated_file

# A million, to see how long it takes.
LINES = int(os.environ.get("SANTONG_STATEMENT_LINES", "400"))


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file is read in many transactions, as a large one is."""
    monkeypatch.setattr(work, "LINES_AT_ONCE", 7)


def make_day(merchant: int, lines: int) -> bytes:
    """A day of payments and refunds, of which some differ; the same day each time."""
    chance = random.Random(20261110)
    open_account(merchant, fee_per_million=6_000)
    rows: list[Row] = []
    moves: list[Move] = []
    for number in range(lines):
        amount = chance.randrange(1, 500_000)
        reference = f"T{number}"
        fee = (amount * 6_000 + 500_000) // 1_000_000
        if chance.random() > 0.002:
            rows.append(line(reference, amount, fee_minor=fee, clock=clock(number)))
        if chance.random() > 0.002:
            moves.append(Move("payment", reference, amount))
    chance.shuffle(rows)
    move(merchant, *moves)
    return simulated_file(rows)


def clock(number: int) -> str:
    return f"{number % 24:02d}:{number % 60:02d}:00"


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("stage", ["checking", "reading", "matching: judging", "matching: books"])
def test_whatever_is_broken_off_goes_on_where_it_was(merchant: int, stage: str) -> None:
    content = make_day(merchant, 60)
    file = receive(merchant, content)
    killed = 0

    done: StatementFile | None = None
    for allowed in range(1, 40):
        try:
            done = work_on_file(
                merchant_id=merchant, file_id=file.id, now=NOW, tell=killer(stage, allowed)
            )
            break
        except Killed:
            killed += 1
    assert done is not None

    assert killed >= 1
    assert (done.state, done.lines_read) == ("matched", done.lines)
    assert lines_of(merchant) == done.lines == content.count(b"\npayment,")
    assert_sound(merchant)


def killer(stage: str, allowed: int) -> Callable[[str, int, int], None]:
    """Ends the process when a stage has told of itself so often."""
    told = 0

    def tell(now_at: str, _done: int, _of: int) -> None:
        nonlocal told
        told += now_at == stage
        if told >= allowed and now_at == stage and allowed < 4:
            raise Killed

    return tell


@pytest.mark.usefixtures("small_pieces")
def test_two_workers_at_one_file_read_it_once(merchant: int, at_once: Any) -> None:
    content = make_day(merchant, 60)
    file = receive(merchant, content)

    results = at_once(*[lambda: work_on_file(merchant_id=merchant, file_id=file.id, now=NOW)] * 3)
    done = work_on_file(merchant_id=merchant, file_id=file.id, now=NOW)

    assert any(isinstance(each, StatementFile) for each in results)
    assert done.state == "matched"
    assert lines_of(merchant) == done.lines
    assert_sound(merchant)


def test_a_file_that_arrives_twice_at_once_is_one(merchant: int, at_once: Any) -> None:
    open_account(merchant)
    content = simulated_file([line("T1", 5)])

    results = at_once(*[lambda: receive(merchant, content)] * 4)

    assert len({each.id for each in results}) == 1
    with tenancy.scope(merchant_id=merchant):
        assert FileRow.objects.of_merchant(merchant).count() == 1


def test_the_command_tells_what_it_found(merchant: int, tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(make_day(merchant, LINES))

    told = run(merchant, path)
    again = run(merchant, path)

    assert "unexplained 0" in told
    assert f"{lines_of(merchant)} lines" in told
    assert told.splitlines()[1:-1] == again.splitlines()[1:-1]
    assert {each.category for each in differences(merchant)} <= {
        "missing_in_books",
        "missing_at_provider",
    }
    assert_sound(merchant)


def test_the_command_says_where_a_file_is_not_whole(merchant: int, tmp_path: Path) -> None:
    open_account(merchant)
    path = tmp_path / "day.csv"
    path.write_bytes(simulated_file([line("T1", 5)]).replace(b",5,0,done", b",6,0,done"))

    with pytest.raises(CommandError) as refused:
        run(merchant, path)

    assert "line 4 amount_minor" in str(refused.value)
    assert lines_of(merchant) == 0


def run(merchant: int, path: Path) -> str:
    told = io.StringIO()
    call_command(
        "reconcile",
        str(path),
        f"--merchant={code_of(merchant)}",
        f"--account={ACCOUNT}",
        f"--day={DAY}",
        stdout=told,
    )
    print(told.getvalue())  # noqa: T201  figures, for whoever runs it with a million lines
    return told.getvalue()


def code_of(merchant: int) -> str:
    home = cells.cell_of(merchant)
    return next(each.code for each in cells.merchants_of(home) if each.merchant_id == merchant)


def lines_of(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        return StatementLine.objects.of_merchant(merchant).count()

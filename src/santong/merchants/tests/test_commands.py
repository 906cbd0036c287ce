"""Opening a merchant, printing demo log-ins, looking after cells: at the command line."""

from __future__ import annotations

import io
import json
import re
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from santong.kernel import cells, tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff


def run(*command: str) -> str:
    said = io.StringIO()
    call_command(*command, stdout=said)
    return said.getvalue()


@pytest.fixture
def code(database: None) -> str:
    return f"c-{uuid.uuid4().hex[:12]}"


def test_a_merchant_is_opened_with_its_first_log_in(code: str) -> None:
    said = run("create_merchant", code, "春晓集团", "--cell", "second")

    entry = cells.merchant_by_code(code)
    assert entry.cell.name == "second"
    assert re.search(r"password  \w{4}-\w{4}-\w{4} ", said)
    with tenancy.scope(merchant_id=entry.merchant_id):
        (first,) = merchants.staff(merchant_id=entry.merchant_id)
        assert (first.login, first.must_change_password) == ("admin", True)
        assert merchants.check_invariants(merchant_id=entry.merchant_id) == []


def test_a_merchants_code_is_taken_once(code: str) -> None:
    run("create_merchant", code, "春晓集团")

    with pytest.raises(CommandError, match="already"):
        run("create_merchant", code, "another")


def test_an_unknown_cell_is_refused_and_nothing_is_left(code: str) -> None:
    with pytest.raises(CommandError, match="there are: main, second"):
        run("create_merchant", code, "春晓集团", "--cell", "moon")

    with pytest.raises(cells.UnknownMerchant):
        cells.merchant_by_code(code)


def test_a_merchant_that_cannot_be_opened_leaves_no_entry(code: str) -> None:
    with pytest.raises(Exception, match="name"):
        run("create_merchant", code, " ")

    cells.forget()
    with pytest.raises(cells.UnknownMerchant):
        cells.merchant_by_code(code)


def test_demo_log_ins_are_printed_as_far_as_they_exist(
    merchant: int, code: str, tmp_path: Path
) -> None:
    home = next(e for e in cells.merchants_of(cells.cell_of(merchant)) if e.merchant_id == merchant)
    with tenancy.scope(merchant_id=merchant):
        make_staff(merchant, login="lin")
    (tmp_path / "secrets").mkdir()
    kept = [
        {"merchant": home.code, "login": "lin", "password": "shown", "role": "head_office"},
        {"merchant": home.code, "login": "gone", "password": "hidden", "role": "clerk"},
        {"merchant": code, "login": "lin", "password": "hidden", "role": "clerk"},
    ]
    (tmp_path / "secrets" / "demo-logins.json").write_text(json.dumps(kept), encoding="utf-8")

    with override_settings(VAR=tmp_path):
        said = run("logins")

    assert "shown" in said
    assert "hidden" not in said


def test_without_a_demo_there_is_nothing_to_print(database: None, tmp_path: Path) -> None:
    with override_settings(VAR=tmp_path):
        assert "no demo log-ins" in run("logins")


def test_cells_are_listed_made_and_a_merchant_moved(code: str) -> None:
    run("create_merchant", code, "春晓集团")

    said = run("cells", "move", code, "--to", "second")

    assert re.search(r"1  merchants_merchant", said)
    assert "moved to second" in said
    listed = run("cells", "list")
    assert re.search(rf"2  second .*{code}", listed, re.DOTALL)
    with pytest.raises(CommandError, match="lives there already"):
        run("cells", "move", code, "--to", "second")


@pytest.mark.parametrize(
    "command",
    [
        ("cells", "move", "nobody-at-all", "--to", "second"),
        ("cells", "move", "nobody-at-all", "--to", "moon"),
        ("cells", "create", "No Name"),
    ],
)
def test_what_cannot_be_done_with_cells_is_said(database: None, command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*command)


def test_a_new_cell_has_all_tables_and_takes_merchants(code: str) -> None:
    run("cells", "create", "third")

    run("create_merchant", code, "春晓集团", "--cell", "third")

    entry = cells.merchant_by_code(code)
    with tenancy.scope(merchant_id=entry.merchant_id):
        (first,) = merchants.staff(merchant_id=entry.merchant_id)
    assert entry.cell.name == "third"
    assert first.id > 2 * cells.IDS_PER_CELL

from __future__ import annotations

import json
import re
from http import HTTPStatus
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from santong.kernel import cells, tenancy
from santong.orders import public as orders
from santong.simulation.tests.factories import make_olist_files

SMALL = ["--stores=12", "--skus=40", "--orders=8"]


def orders_of(code: str) -> int:
    merchant_id = cells.merchant_by_code(code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        return len(orders.orders_page(merchant_id=merchant_id, limit=100))


def test_the_demo_is_loaded_once_and_its_log_ins_are_kept_for_the_owner_only(
    database: None, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    call_command("load_demo", *SMALL)
    placed = orders_of("demo")

    call_command("load_demo", "--if-empty", *SMALL)

    kept = tmp_path / "secrets" / "demo-logins.json"
    told = StringIO()
    call_command("logins", stdout=told)
    log_ins = json.loads(kept.read_text(encoding="utf-8"))
    assert kept.stat().st_mode & 0o777 == 0o600
    assert {"headoffice", "developer", "manager-0001"} <= {each["login"] for each in log_ins}
    assert "headoffice" in told.getvalue()
    assert orders_of("demo") == placed > 0


def test_simulating_a_merchant_that_is_not_there_is_refused(database: None) -> None:
    with pytest.raises(CommandError, match="no merchant nobody"):
        call_command("simulate", "--merchant=nobody")


def test_a_replay_is_printed_and_saved(
    database: None, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path / "var"
    (tmp_path / "olist").mkdir()
    make_olist_files(tmp_path / "olist")
    acknowledged = tmp_path / "acknowledged"

    call_command("replay", str(tmp_path / "olist"), f"--acknowledged={acknowledged}")

    (report,) = (tmp_path / "var" / "reports").glob("replay-*.html")
    printed = capsys.readouterr().out
    assert str(report).replace("\n", "") in printed.replace("\n", "")
    assert acknowledged.read_text(encoding="utf-8").startswith("order-1 ")
    assert "超卖" in printed
    log_in = re.search(r"log in: (\S+) / (\S+) / (\S+)", printed)
    assert log_in is not None
    fields = dict(zip(("merchant", "login", "password"), log_in.groups(), strict=True))
    inside = Client()
    assert inside.post("/log-in/", fields).status_code == HTTPStatus.FOUND
    assert "order-1" in inside.get("/console/orders/").content.decode()


def test_the_replay_names_all_missing_files(tmp_path: Path) -> None:
    make_olist_files(tmp_path, without=["orders", "sellers"])

    with pytest.raises(CommandError) as refused:
        call_command("replay", str(tmp_path), "--in-memory")

    assert "sellers or olist_sellers_dataset" in str(refused.value)
    assert "orders or olist_orders_dataset" in str(refused.value)

"""Clocks over HTTP: calendars and policies are made, clocks started, years told, figures read."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from django.test import Client

from santong.clocks.contracts import Step
from santong.clocks.events import ClockStopped
from santong.clocks.services.look_at_due import look_at_due
from santong.clocks.tests.factories import LATE, facts_told, make_clock, make_policy
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token

LUNCH = "09:00-12:00 13:00-18:00"
OFFICE = {
    "code": "office",
    "name": "客服",
    "weekly": [LUNCH] * 5 + [""] * 2,
    "makeup_hours": LUNCH,
    "region": "CN",
}
PROMISE = {"calendar_code": "office", "target_seconds": 14_400, "warn_percent": 75}
FILE = "date,kind,name\n2027-01-01,holiday,元旦\n"

_keys = itertools.count(1)


class Program:
    """A program that may look after clocks."""

    def __init__(self, merchant_id: int) -> None:
        self.merchant_id = merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            token = make_token(merchant_id, permissions=["clocks.view", "clocks.edit"])
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, **body: Any) -> Any:
        return self._send(self.client.post, path, body)

    def put(self, path: str, **body: Any) -> Any:
        return self._send(self.client.put, path, body)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query).json()

    def _send(self, how: Any, path: str, body: dict[str, Any]) -> Any:
        return how(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": f"clocks-{self.merchant_id}-{next(_keys)}"},
        )


@pytest.fixture
def program(merchant: int) -> Program:
    """A program of a merchant with a calendar and a policy."""
    found = Program(merchant)
    assert found.post("work-calendars", **OFFICE).status_code == 201
    published = found.post("clock-policies/reply/versions", name="回复", reason="new", **PROMISE)
    assert published.status_code == 201
    return found


def test_a_calendar_is_shown_as_people_write_it(program: Program) -> None:
    shown = program.get("work-calendars/office")
    year = program.get("work-calendars/office/years/2026")
    days = {day["on"]: day for day in year["days"]}

    assert shown["weekly"] == OFFICE["weekly"]
    assert shown["known_years"][0] == 2004
    assert year["is_known"]
    assert days["2026-10-01"] == {
        "on": "2026-10-01",
        "kind": "holiday",
        "name": "国庆节",
        "hours": "",
    }
    assert (days["2026-09-20"]["kind"], days["2026-09-20"]["hours"]) == ("makeup", LUNCH)
    assert not program.get("work-calendars/office/years/2031")["is_known"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"weekly": ["9-12"] + [""] * 6}, "/weekly/0"),
        ({"weekly": ["09:00-12:00 11:00-13:00"] + [""] * 6}, "/weekly/0"),
        ({"weekly": ["18:00-09:00"] + [""] * 6}, "/weekly/0"),
        ({"makeup_hours": "25:00-26:00"}, "/makeup_hours"),
        ({"time_zone": "Shanghai"}, "/time_zone"),
        ({"region": "china"}, "/region"),
        ({"code": "a b"}, "/code"),
    ],
)
def test_what_is_no_calendar_is_refused_by_its_field(
    program: Program, changed: dict[str, Any], pointer: str
) -> None:
    refused = program.post("work-calendars", **(OFFICE | {"code": "other"} | changed))

    assert refused.status_code == 422
    assert refused.json()["pointer"] == pointer


def test_a_calendar_is_changed_from_the_version_that_was_looked_at(program: Program) -> None:
    said: dict[str, Any] = {name: value for name, value in OFFICE.items() if name != "code"}
    said["own_days"] = [{"on": "2026-11-12", "name": "盘点"}]

    changed = program.put("work-calendars/office", version=1, reason="we count", **said)
    late = program.put(
        "work-calendars/office", version=1, reason="late", **(said | {"own_days": []})
    )

    assert changed.json()["version"] == 2
    assert late.status_code == 412


def test_a_promise_is_tried_before_it_is_published(program: Program) -> None:
    tried = program.post(
        "clock-policy-trials",
        started_at="2026-09-30T17:00:00+08:00",
        steps=[{"basis": "after_breach", "value": 3600, "role": "head_office"}],
        **PROMISE,
    ).json()

    assert tried["due_at"] == "2026-10-08T04:00:00Z"
    assert tried["warn_at"] == "2026-10-08T03:00:00Z"
    assert tried["tell_at"] == ["2026-10-08T05:00:01Z"]
    assert tried["unknown_years"] == []


def test_a_clock_is_started_rests_and_stops(program: Program) -> None:
    asked = {
        "subject": "case:7",
        "term": "reply",
        "policy_code": "reply",
        "tags": {"store": "SH-01"},
    }
    started = program.post("clocks", **asked)
    again = program.post("clocks", **asked)
    path = f"clocks/{started.json()['id']}"

    rests = program.post(f"{path}/pause", reason="we wait for the buyer").json()
    goes_on = program.post(f"{path}/resume").json()
    moved = program.post(f"{path}/due", due_at="2035-01-01T00:00:00Z", reason="agreed").json()
    by_policy = program.post(f"{path}/policy", policy_code="reply").json()
    stopped = program.post(f"{path}/stop").json()
    shown = program.get(path)

    assert started.status_code == 201
    assert again.json() == started.json()
    assert (rests["state"], rests["due_at"], goes_on["state"]) == ("paused", None, "running")
    assert moved["due_at"] == "2035-01-01T00:00:00Z"
    assert by_policy["target_seconds"] == 14_400
    assert (stopped["state"], stopped["is_kept"]) == ("stopped", True)
    assert [each["kind"] for each in shown["events"]] == [
        "start",
        "pause",
        "resume",
        "due_change",
        "policy_change",
        "stop",
    ]
    with tenancy.scope(merchant_id=program.merchant_id):
        assert len(facts_told(merchant_id=program.merchant_id, kind=ClockStopped)) == 1


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize("field", ["started_at", "due_at"])
def test_antiquity_and_the_end_of_days_are_refused(
    program: Program, field: str, instant: str
) -> None:
    asked = {"subject": "case:1", "term": "reply", "policy_code": "reply", field: instant}

    assert program.post("clocks", **asked).json()["pointer"] == f"/{field}"


@pytest.mark.parametrize("days", [{"since": "0001-01-01"}, {"until": "9999-12-31"}])
def test_figures_of_no_time_of_ours_are_refused(program: Program, days: dict[str, str]) -> None:
    assert program.client.get("/api/v1/clock-figures", days).status_code == 422


def test_a_promise_that_takes_centuries_is_refused(program: Program) -> None:
    said = OFFICE | {"code": "rare", "weekly": ["09:00-09:15", *[""] * 6]}
    program.post("work-calendars", **said)

    refused = program.post(
        "clock-policies/slow/versions",
        name="slow",
        reason="new",
        calendar_code="rare",
        target_seconds=100_000_000,
    )

    assert refused.json()["code"] == "clocks.calendar_never_open"


def test_clocks_are_found_by_how_they_stand(program: Program) -> None:
    late = program.post(
        "clocks", subject="visit:1", term="arrival_1", due_at="2026-01-01T00:00:00Z"
    )
    rests = program.post("clocks", subject="visit:2", term="arrival_2", policy_code="reply").json()
    program.post(f"clocks/{rests['id']}/pause")
    gone = program.post("clocks", subject="visit:3", term="arrivals", policy_code="reply").json()
    program.post(f"clocks/{gone['id']}/cancel", reason="off")

    found = {
        standing: [each["subject"] for each in program.get("clocks", standing=standing)["items"]]
        for standing in ("late", "open", "rests", "ended")
    }

    assert late.status_code == 201
    assert found == {
        "late": ["visit:1"],
        "open": ["visit:1"],
        "rests": ["visit:2"],
        "ended": ["visit:3"],
    }
    arrivals = program.get("clocks", term="arrival")["items"]
    assert [each["subject"] for each in arrivals] == ["visit:2", "visit:1"]


def test_a_year_is_looked_at_and_then_told(program: Program) -> None:
    path = "holiday-regions/CN/years/2027"
    seen = program.post(f"{path}/previews", csv=FILE).json()
    loaded = program.put(path, csv=FILE, expected_version=seen["version"])
    moved = program.put(path, csv=FILE.replace("元旦", "New Year"), expected_version=0)
    known = program.get("holiday-regions/CN/years")

    assert (seen["version"], len(seen["changes"])) == (0, 1)
    assert loaded.json()["version"] == 1
    assert moved.json()["code"] == "clocks.year_moved"
    assert known["items"][-1]["days"] == [{"on": "2027-01-01", "kind": "holiday", "name": "元旦"}]
    assert known["library"] == []


def test_a_file_with_mistakes_is_refused_line_by_line(program: Program) -> None:
    refused = program.put(
        "holiday-regions/CN/years/2027", csv="date,kind\n2026-01-01,休\nx,班\n", expected_version=0
    )

    assert refused.status_code == 422
    assert refused.json()["mistakes"] == [
        {"line": 2, "why": "other_year", "said": "2026-01-01"},
        {"line": 3, "why": "date", "said": "x"},
    ]


def test_what_came_with_the_product_can_be_taken_again(program: Program) -> None:
    path = "holiday-regions/CN/years/2026"
    told = program.put(path, csv=FILE.replace("2027", "2026"), expected_version=1).json()
    offered = program.get("holiday-regions/CN/years")["library"]

    back = program.post(f"{path}/library", expected_version=2).json()
    nothing = program.post("holiday-regions/CN/years/2031/library", expected_version=0)

    assert (told["version"], offered) == (2, [2026])
    assert (back["version"], back["source"], len(back["days"]) > 30) == (3, "library", True)
    assert nothing.json()["code"] == "clocks.year_refused"


def test_who_was_told_looks_after_it(program: Program) -> None:
    merchant_id = program.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        step = Step(basis="share", value=50, role="head_office")
        make_policy(merchant_id=merchant_id, steps=(step,))
        make_clock(merchant_id=merchant_id, subject="order:1")
        look_at_due(merchant_id=merchant_id, limit=10, now=LATE)
    (told,) = program.get("clock-escalations")["items"]
    path = f"clock-escalations/{told['id']}"

    seen = program.post(f"{path}/see").json()
    done = program.post(f"{path}/finish", note="sent by hand").json()
    again = program.post(f"{path}/finish", note="sent by hand")
    other = program.post(f"{path}/finish", note="something else")

    assert (told["state"], seen["state"], done["state"]) == ("told", "seen", "done")
    assert (done["note"], again.status_code, other.status_code) == ("sent by hand", 200, 409)
    assert program.get("clock-escalations")["items"] == []
    assert len(program.get("clock-escalations", is_open="false")["items"]) == 1


def test_figures_say_what_was_kept(program: Program) -> None:
    kept = program.post("clocks", subject="case:1", term="reply_1", policy_code="reply").json()
    program.post(f"clocks/{kept['id']}/stop")
    broken = program.post(
        "clocks", subject="case:2", term="reply_2", due_at="2026-01-01T00:00:00Z"
    ).json()
    program.post(f"clocks/{broken['id']}/stop")
    program.post("clocks", subject="case:3", term="reply", due_at="2026-02-01T00:00:00Z")

    found = program.get("clock-figures")

    (row,) = found["rows"]
    assert (row["name"], row["kept"], row["broken"], row["kept_permille"]) == ("reply", 1, 1, 500)
    assert (row["open"], row["late"], row["oldest_due_at"]) == (1, 1, "2026-02-01T00:00:00Z")
    assert found["all"]["kept"] == 1
    assert [(day["kept"], day["broken"]) for day in found["days"]] == [(1, 1)]
    wrong = program.client.get("/api/v1/clock-figures", {"since": "2020-01-01"})
    assert wrong.status_code == 422

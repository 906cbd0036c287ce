"""How often an app calls, and the log of what it called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from santong.kernel import tenancy
from santong.openplatform import contracts
from santong.openplatform.calls.limits import CallLimiter
from santong.openplatform.public import (
    app_by_key,
    calls_of_app,
    error_rates,
    flush_calls,
    log_call,
    session_of,
    take_call,
)
from santong.openplatform.services.forget_calls import forget_calls
from santong.openplatform.tests.factories import NOW, assert_sound, let_in, make_app

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "2"))
MINUTE = timedelta(minutes=1)


def test_over_all_processes_no_more_calls_pass_than_an_app_may_make(
    merchant: int, at_once: AtOnce
) -> None:
    for most in (1, 97, 640)[: ROUNDS + 1]:
        app = make_app(merchant, calls_per_minute=most).app
        processes = [CallLimiter() for _ in range(4)]

        def calls(process: CallLimiter, app: contracts.App = app, most: int = most) -> list[Any]:
            return [
                process.take_call(app=app, method="taobao.time.get", now=NOW)
                for _ in range(most + 5)
            ]

        answers = at_once(*[lambda p=process: calls(p) for process in processes * 2])

        passed = sum(each is None for answer in answers for each in answer)
        later = {each for answer in answers for each in answer if each is not None}
        assert passed == most
        assert later == {NOW + MINUTE - timedelta(seconds=NOW.second)}
    assert_sound(merchant)


def test_each_method_and_each_minute_has_its_own_calls(merchant: int) -> None:
    app = make_app(merchant, calls_per_minute=2).app

    def passes(method: str, now: datetime) -> list[bool]:
        return [take_call(app=app, method=method, now=now) is None for _ in range(3)]

    assert passes("a", NOW) == [True, True, False]
    assert passes("b", NOW) == [True, True, False]
    assert passes("a", NOW + MINUTE) == [True, True, False]
    assert passes("a", NOW) == [False, False, False], "a clock that is behind gets nothing"


def record(app: contracts.App, **named: Any) -> contracts.CallRecord:
    return contracts.CallRecord(
        **{
            "app_key": app.app_key,
            "owner_id": app.owner_id,
            "seller_id": None,
            "method": "taobao.time.get",
            "at": NOW,
            "milliseconds": 4,
            **named,
        }
    )


def test_a_call_is_read_by_the_owner_and_by_the_seller_and_by_nobody_else(
    new_merchant: Callable[..., int],
) -> None:
    owner, seller, stranger = new_merchant(), new_merchant(cell="second"), new_merchant()
    app = make_app(owner).app
    log_call(
        record=record(
            app,
            seller_id=seller,
            method="taobao.trade.get",
            request={
                "tid": "71",
                "mobile": "13800000000",
                "session": "sat_x",
                "note": "call 138 0000 0000",
                "nested": {"name": "林静", "rows": [{"tid": 8}]},
            },
            shown=frozenset({"tid", "note", "nested", "session"}),
        )
    )
    log_call(record=record(app, code="15", sub_code="isv.trade-not-exist", milliseconds=30))
    flush_calls()

    def read(merchant_id: int) -> list[contracts.Call]:
        with tenancy.scope(merchant_id=merchant_id):
            return calls_of_app(
                merchant_id=merchant_id, app_key=app.app_key, since=NOW, until=NOW + MINUTE
            )

    assert [call.method for call in read(owner)] == ["taobao.time.get", "taobao.trade.get"]
    (sellers,) = read(seller)
    assert sellers.seller_id == seller
    assert sellers.request == {
        "tid": "71",
        "mobile": "***",
        "session": "***",
        "note": "call ***",
        "nested": {"name": "***", "rows": [{"tid": 8}]},
    }
    assert read(stranger) == []
    with tenancy.scope(merchant_id=owner):
        failed = calls_of_app(
            merchant_id=owner,
            app_key=app.app_key,
            since=NOW,
            until=NOW + MINUTE,
            only_failures=True,
        )
        rates = error_rates(
            merchant_id=owner, app_key=app.app_key, since=NOW - MINUTE, until=NOW + MINUTE
        )
    assert [call.sub_code for call in failed] == ["isv.trade-not-exist"]
    assert [(rate.method, rate.calls, rate.failures) for rate in rates] == [
        ("taobao.time.get", 1, 1),
        ("taobao.trade.get", 1, 0),
    ]


def test_calls_that_many_write_at_once_are_all_there(merchant: int, at_once: AtOnce) -> None:
    app = make_app(merchant).app

    def calls() -> None:
        for number in range(50):
            log_call(
                record=record(app, method=f"m{number % 3}", code="15" if number % 5 == 0 else "")
            )
        flush_calls()

    at_once(*[calls for _ in range(6)])
    flush_calls()

    with tenancy.scope(merchant_id=merchant):
        rates = error_rates(
            merchant_id=merchant, app_key=app.app_key, since=NOW - MINUTE, until=NOW + MINUTE
        )
        lines = calls_of_app(
            merchant_id=merchant,
            app_key=app.app_key,
            since=NOW,
            until=NOW + MINUTE,
            most=1_000,
        )
    assert sum(rate.calls for rate in rates) == len(lines) == 300
    assert sum(rate.failures for rate in rates) == 60
    assert Counter(line.method for line in lines) == {r.method: r.calls for r in rates}


def test_a_call_touches_no_row_once_its_app_and_session_are_known(
    new_merchant: Callable[..., int],
) -> None:
    let = let_in(make_app(new_merchant(), calls_per_minute=1_000), new_merchant())

    def call() -> None:
        app = app_by_key(app_key=let.app.app_key, now=NOW)
        assert app is not None
        assert take_call(app=app, method="taobao.time.get", now=NOW) is None
        assert session_of(app=app, session_key=let.session_key, now=NOW) is not None

    call()

    with CaptureQueriesContext(connection) as queries:
        call()
    assert queries.captured_queries == []


def test_calls_are_forgotten_after_a_month(merchant: int) -> None:
    app = make_app(merchant).app
    for at in (NOW - timedelta(days=31), NOW):
        log_call(record=record(app, at=at))
    flush_calls()

    with tenancy.scope(merchant_id=merchant):
        dropped = forget_calls(merchant_id=merchant, now=NOW)
        kept = calls_of_app(
            merchant_id=merchant,
            app_key=app.app_key,
            since=NOW - timedelta(days=60),
            until=NOW + MINUTE,
        )
        rates = error_rates(
            merchant_id=merchant,
            app_key=app.app_key,
            since=NOW - timedelta(days=60),
            until=NOW + MINUTE,
        )

    assert (dropped, [call.at for call in kept]) == (1, [NOW])
    assert [rate.calls for rate in rates] == [1]

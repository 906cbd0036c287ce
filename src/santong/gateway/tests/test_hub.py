"""As the hub: an older CRM is asked of whom we do not know, and told of what it is to take over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from santong.gateway import public as gateway
from santong.gateway.rules.breaker import FAILURES_TO_OPEN
from santong.gateway.services.tell_crm import tell_crm
from santong.gateway.spi import outbound
from santong.gateway.spi.deliver import deliver
from santong.gateway.tests.factories import NOW, make_line
from santong.gateway.tests.platform import (
    BIND,
    BIND_QUERY,
    MEMBER_QUERY,
    REGISTER,
    Shop,
    make_connected_shop,
    make_older_crm,
    phone,
)
from santong.gateway.tests.simulated import APP_KEY, SECRET, Simulated
from santong.kernel import tenancy
from santong.kernel.outbound import Answer, post

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def shop(merchant: int, side: Simulated) -> Shop:
    """A marketplace's shop with an older CRM behind it."""
    make_older_crm(merchant, side, answers_within_ms=10_000)
    return make_connected_shop(merchant, behind_code="old-crm", answers_within_ms=30_000)


def test_whom_only_the_older_crm_knows_can_be_bound_there(shop: Shop, side: Simulated) -> None:
    number = phone()
    side.members[number] = {"point": 888, "level": "2", "mobile": number}

    query = shop.platform.call(BIND_QUERY, {"mobile": number, "ouid": "AAH1"})
    member = shop.platform.call(MEMBER_QUERY, {"mobile": number})
    bound = shop.platform.call(BIND, {"mobile": number, "ouid": "AAH1", "type": "1"})

    assert query == {
        "bind_code": "",
        "bindable": True,
        "member": {"point": 888, "level": "2"},
    }
    assert member == {"query_code": "E02"}
    assert bound == {"bind_code": "SUC", "member": {"point": 888, "level": "2"}}
    assert all(heard.is_signed for heard in side.heard)
    assert side.heard[0].fields == {"mobile": number, "ouid": "AAH1"}


def test_whom_we_know_the_older_crm_is_not_asked_about(shop: Shop, side: Simulated) -> None:
    number = phone()
    shop.join(number, points=5)

    answer = shop.platform.call(BIND_QUERY, {"mobile": number})

    assert answer["member"]["point"] == 5
    assert side.heard == []


def test_whom_nobody_knows_may_register_and_the_older_crm_is_told(
    shop: Shop, side: Simulated
) -> None:
    number = phone()

    query = shop.platform.call(BIND_QUERY, {"mobile": number})
    registered = shop.platform.call(REGISTER, {"mobile": number, "ouid": "AAH1"})
    again = shop.platform.call(REGISTER, {"mobile": number, "ouid": "AAH1", "extend": "x"})
    deliver(merchant_id=shop.merchant_id, clock=lambda: NOW.replace(year=2027))

    assert (query["bind_code"], query["bindable"]) == ("E04", False)
    assert registered["register_code"] == again["register_code"] == "SUC"
    told = [heard for heard in side.heard if heard.method == REGISTER]
    assert [heard.fields["mobile"] for heard in told] == [number]


def test_while_it_is_down_members_of_ours_are_served_and_others_are_asked_again(
    shop: Shop, side: Simulated
) -> None:
    ours, theirs = phone(), phone()
    member_id = shop.join(ours, points=9)
    side.members[theirs] = {"point": 1}
    side.moods.choose = lambda: "gone"

    others = [shop.platform.call(BIND_QUERY, {"mobile": theirs}) for _ in range(8)]
    query = shop.platform.call(BIND_QUERY, {"mobile": ours})
    bound = shop.platform.call(BIND, {"mobile": ours, "ouid": "AAH1", "type": "1"})
    registered = shop.platform.call(REGISTER, {"mobile": phone(), "ouid": "AAH2"})

    assert {answer["bind_code"] for answer in others} == {"E05"}
    assert query["member"]["point"] == 9
    assert (bound["bind_code"], registered["register_code"]) == ("SUC", "SUC")
    assert shop.bindings(member_id) == ["bound"]
    with tenancy.scope(merchant_id=shop.merchant_id):
        crm, _ = gateway.line_states(merchant_id=shop.merchant_id)
        asked = gateway.calls_of(
            merchant_id=shop.merchant_id,
            connection_id=crm.connection_id,
            before_id=2**63 - 1,
            limit=50,
        )
    assert (crm.breaker, crm.waiting) == ("open", 2)
    assert len(asked) == FAILURES_TO_OPEN


def test_a_slow_crm_does_not_make_us_slow(
    merchant: int, side: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_older_crm(merchant, side, answers_within_ms=400)
    shop = make_connected_shop(merchant, behind_code="old-crm", answers_within_ms=30_000)
    side.moods.choose = lambda: "slow"
    number = phone()
    side.members[number] = {"point": 888}
    waits = waits_seen(monkeypatch)

    answer = shop.platform.call(BIND_QUERY, {"mobile": number})

    assert answer == {"bind_code": "E05", "bindable": False}
    assert waits == [0.4]


def waits_seen(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How many seconds each call out may take from now on."""
    waits: list[float] = []

    def seen(*, within_seconds: float, **call: Any) -> Answer:
        waits.append(within_seconds)
        return post(within_seconds=within_seconds, **call)

    monkeypatch.setattr(outbound, "post", seen)
    return waits


@pytest.mark.parametrize("lie", [{"point": "x" * 9}, "nobody", None, [1]])
def test_whatever_it_says_of_a_member_is_taken_with_care(
    shop: Shop, side: Simulated, lie: Any
) -> None:
    number = phone()
    side.members[number] = lie or {"nick": "李桂花", "secret": "x"}

    answer = shop.platform.call(BIND_QUERY, {"mobile": number})

    assert answer["bindable"] is True
    assert answer.get("member", {}).keys() <= {"point", "level", "extend"}


def test_every_change_of_points_is_taken_over_once(merchant: int, side: Simulated) -> None:
    shop = make_connected_shop(merchant)
    with tenancy.scope(merchant_id=merchant):
        make_line(
            merchant,
            kind="crm",
            storefront_code="",
            programme_code=shop.programme.code,
            app_key=APP_KEY,
            secret=SECRET,
            url=side.url,
        )
    member_id = shop.join(phone())

    for serial_no, point in [("accrual:1", 100), ("burn:2", -30), ("burn:2", -30), ("x", 0)]:
        with tenancy.scope(merchant_id=merchant):
            tell_crm(
                merchant_id=merchant,
                programme_id=shop.programme.id,
                member_id=member_id,
                serial_no=serial_no,
                point=point,
                why="test",
                now=NOW,
            )
    deliver(merchant_id=merchant, clock=lambda: NOW + timedelta(seconds=1))

    assert list(side.points.values()) == [70]
    assert side.applied == ["accrual:1", "burn:2"]

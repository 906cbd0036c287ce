"""What another system says, and what becomes of it here: once, to the unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.tests.vectors import cases_of
from santong.qimen import public as qimen
from santong.qimen.rules.methods import bare_name
from santong.qimen.spi.receive import receive
from santong.qimen.tests.factories import NOW
from santong.qimen.tests.world import Desk, code_of, open_desk

AtOnce = Callable[..., list[Any]]

ENTRY = (
    "<request><entryOrder><entryOrderCode>E1</entryOrderCode><ownerCode>O</ownerCode>"
    "<warehouseCode>WH-SH01</warehouseCode>{more}</entryOrder><orderLines>{lines}</orderLines>"
    "</request>"
)
LINE = (
    "<orderLine><orderLineNo>{n}</orderLineNo><ownerCode>O</ownerCode><itemCode>COAT</itemCode>"
    "<planQty>{q}</planQty></orderLine>"
)
RECEIVED = (
    "<request><entryOrder><entryOrderCode>E1</entryOrderCode><ownerCode>O</ownerCode>"
    "<warehouseCode>WH-SH01</warehouseCode><outBizCode>{biz}</outBizCode>"
    "<confirmType>{kind}</confirmType></entryOrder><orderLines><orderLine>"
    "<itemCode>COAT</itemCode><actualQty>{q}</actualQty>{batches}</orderLine></orderLines></request>"
)
OUT = (
    "<request><deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode>"
    "<orderType>B2BCK</orderType><warehouseCode>WH-SH01</warehouseCode></deliveryOrder><orderLines>"
    "<orderLine><ownerCode>O</ownerCode><itemCode>COAT</itemCode><planQty>{q}</planQty></orderLine>"
    "</orderLines></request>"
)
LEFT = (
    "<request><deliveryOrder><deliveryOrderCode>{code}</deliveryOrderCode>"
    "<outBizCode>{biz}</outBizCode><confirmType>{kind}</confirmType></deliveryOrder><orderLines>"
    "<orderLine><itemCode>COAT</itemCode><actualQty>{q}</actualQty></orderLine></orderLines>"
    "</request>"
)
CHANGE = (
    "<request><items><item><ownerCode>O</ownerCode><warehouseCode>WH-SH01</warehouseCode>"
    "<orderCode>X</orderCode><outBizCode>{biz}</outBizCode><itemCode>COAT</itemCode>"
    "<quantity>{q}</quantity></item></items></request>"
)
COUNT = (
    "<request><totalPage>2</totalPage><currentPage>{page}</currentPage>"
    "<warehouseCode>WH-SH01</warehouseCode><checkOrderCode>C1</checkOrderCode><items><item>"
    "<itemCode>COAT</itemCode><quantity>{q}</quantity></item></items></request>"
)
CANCEL = "<request><orderCode>{code}</orderCode></request>"


@pytest.fixture
def desk(merchant: int) -> Desk:
    return open_desk(merchant)


def test_goods_come_in_in_parts_and_are_booked_once(desk: Desk) -> None:
    batches = (
        "<batchs><batch><actualQty>3</actualQty></batch>"
        "<batch><inventoryType>CC</inventoryType><actualQty>1</actualQty></batch></batchs>"
    )
    announced = [desk.say("entryorder.create", ENTRY.format(more="", lines=LINE.format(n=1, q=6)))]
    first = RECEIVED.format(biz="B1", kind=1, q=4, batches=batches)

    came = [desk.say("entryorder.confirm", first) for _ in range(2)]
    rest = desk.say("entryorder.confirm", RECEIVED.format(biz="B2", kind=0, q=2, batches=""))
    late = desk.say("entryorder.confirm", RECEIVED.format(biz="B3", kind=0, q=1, batches=""))
    read = desk.say("entryorder.query", "<request><entryOrderCode>E1</entryOrderCode></request>")

    assert [code_of(answer) for answer in (*announced, *came, rest)] == ["", "", "", ""]
    assert code_of(late) == "qimen.state_passed"
    assert desk.stock() == (15, 0)
    assert (read.findtext(".//status"), read.findtext(".//actualQty")) == ("FULFILLED", "6")
    desk.assert_sound()


def test_other_content_under_a_number_and_batches_that_do_not_add_up_are_refused(
    desk: Desk,
) -> None:
    desk.say("entryorder.create", ENTRY.format(more="", lines=LINE.format(n=1, q=6)))
    again = desk.say("entryorder.create", ENTRY.format(more="", lines=LINE.format(n=1, q=7)))
    wrong = desk.say(
        "entryorder.confirm",
        RECEIVED.format(
            biz="B1",
            kind=0,
            q=4,
            batches="<batchs><batch><actualQty>3</actualQty></batch></batchs>",
        ),
    )

    assert code_of(again) == "qimen.number_reused"
    assert code_of(wrong) == "qimen.quantity_wrong"
    assert desk.stock() == (10, 0)


def test_a_document_in_several_messages_waits_until_its_lines_add_up(desk: Desk) -> None:
    total = "<totalOrderLines>2</totalOrderLines>"
    first = ENTRY.format(more=total, lines=LINE.format(n=1, q=1))

    waits = [desk.say("entryorder.create", first) for _ in range(2)]
    whole = desk.say("entryorder.create", ENTRY.format(more=total, lines=LINE.format(n=2, q=2)))

    assert [answer.findtext("entryOrderId") for answer in waits] == [None, None]
    assert whole.findtext("entryOrderId")
    assert code_of(desk.say("entryorder.create", first)) == ""
    desk.assert_sound()


def test_goods_that_leave_are_promised_first_and_the_rest_is_given_back(desk: Desk) -> None:
    asked = desk.say("stockout.create", OUT.format(code="D1", q=8))
    beyond = desk.say("stockout.create", OUT.format(code="D2", q=3))
    promised = desk.stock()

    left = desk.say("stockout.confirm", LEFT.format(code="D1", biz="B1", kind=1, q=5))
    more = desk.say("stockout.confirm", LEFT.format(code="D1", biz="B2", kind=1, q=4))
    final = desk.say("stockout.confirm", LEFT.format(code="D1", biz="B3", kind=0, q=1))

    assert [code_of(answer) for answer in (asked, left, final)] == ["", "", ""]
    assert code_of(beyond) == "inventory.insufficient_stock"
    assert code_of(more) == "qimen.quantity_wrong"
    assert (promised, desk.stock()) == ((10, 8), (4, 0))
    assert code_of(desk.say("order.cancel", CANCEL.format(code="D1"))) == "qimen.state_passed"
    desk.assert_sound()


def test_what_is_cancelled_gives_its_promise_back_once(desk: Desk) -> None:
    desk.say("stockout.create", OUT.format(code="D1", q=8))

    answers = [desk.say("order.cancel", CANCEL.format(code="D1")) for _ in range(2)]

    assert [code_of(answer) for answer in answers] == ["", ""]
    assert desk.stock() == (10, 0)
    assert code_of(desk.say("order.cancel", CANCEL.format(code="D9"))) == "kernel.no_such"


def test_a_count_is_taken_in_when_all_its_pages_are_there(desk: Desk) -> None:
    first = desk.say("inventory.report", COUNT.format(page=1, q=-2))
    before = desk.stock()
    second = desk.say("inventory.report", COUNT.format(page=2, q=1))
    again = desk.say("inventory.report", COUNT.format(page=1, q=-2))
    other = desk.say("inventory.report", COUNT.format(page=1, q=-3))

    assert [code_of(answer) for answer in (first, second, again)] == ["", "", ""]
    assert code_of(other) == "qimen.number_reused"
    assert (before, desk.stock()) == ((10, 0), (9, 0))


def test_the_same_message_twenty_times_at_once_is_booked_once(desk: Desk, at_once: AtOnce) -> None:
    answers = at_once(
        *[lambda: code_of(desk.say("stockchange.report", CHANGE.format(biz="B1", q=-3)))] * 8
    )

    assert answers == [""] * 8
    assert desk.stock() == (7, 0)
    desk.assert_sound()


def test_of_two_contents_under_one_number_one_is_booked(desk: Desk, at_once: AtOnce) -> None:
    answers = at_once(
        lambda: code_of(desk.say("stockchange.report", CHANGE.format(biz="B1", q=-3))),
        lambda: code_of(desk.say("stockchange.report", CHANGE.format(biz="B1", q=-4))),
    )

    assert sorted(answers) == ["", "qimen.number_reused"]
    assert desk.stock()[0] in {7, 6}


def test_the_longest_number_is_taken_once(desk: Desk) -> None:
    code = "E" * 60
    asked = ENTRY.format(more="", lines=LINE.format(n=1, q=6)).replace(">E1<", f">{code}<")
    came = RECEIVED.format(biz="B" * 200, kind=1, q=4, batches="").replace(">E1<", f">{code}<")
    desk.say("entryorder.create", asked)

    answers = [code_of(desk.say("entryorder.confirm", came)) for _ in range(2)]

    assert answers == ["", ""]
    assert desk.stock() == (14, 0)


def test_a_refused_message_is_taken_again_by_hand(desk: Desk) -> None:
    refused = desk.say("stockchange.report", CHANGE.format(biz="B1", q=-13))
    with tenancy.scope(merchant_id=desk.merchant_id):
        (logged,) = qimen.messages_of(merchant_id=desk.merchant_id, contract_id=desk.contract.id)
    desk.say("stockchange.report", CHANGE.format(biz="B2", q=5))

    with tenancy.scope(merchant_id=desk.merchant_id):
        state = qimen.take_again(
            merchant_id=desk.merchant_id, message_id=logged.id, reason="stock came", now=NOW
        )

    assert code_of(refused) == "inventory.below_zero"
    assert (logged.state, logged.may_be_taken_again, state) == ("refused", True, "done")
    assert desk.stock() == (2, 0)


def test_a_paused_contract_an_old_clock_and_another_pack_are_refused(
    merchant: int, new_merchant: Callable[..., int]
) -> None:
    desk = open_desk(merchant)
    other = open_desk(new_merchant(), app={"packs": ("goods",)})
    raw = CANCEL.format(code="D1")
    stale = desk.say("order.cancel", raw, now=NOW)
    with tenancy.scope(merchant_id=merchant):
        qimen.pause_contract(
            merchant_id=merchant, contract_id=desk.contract.id, reason="moving", now=NOW
        )

    assert code_of(stale) == "kernel.no_such"
    assert code_of(desk.say("order.cancel", raw)) == "isv.permission-denied"
    assert code_of(other.say("order.cancel", raw)) == "isv.permission-denied"


@pytest.mark.parametrize("minutes", [-11, 11])
def test_a_call_that_is_old_or_from_the_future_is_refused(desk: Desk, minutes: int) -> None:
    made_at = NOW + timedelta(minutes=minutes)

    answer = receive(
        query=desk.query("order.cancel", b"<request/>", made_at=made_at),
        body=b"<request/>",
        address="",
        request_id="",
        now=NOW,
    )

    assert b"isv.invalid-timestamp" in answer


def _clock(case: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(case["clock_utc"])


VECTORS = [case for case in cases_of("http_requests") if "qimen" in str(case)]


def test_what_published_clients_sent_is_taken_byte_for_byte(merchant: int) -> None:
    cases = [case for case in VECTORS if bare_name(method=case["expect"]["method"])]
    desk = open_desk(
        merchant,
        sku_code="SKU-RED-M",
        app={"app_key": "12129701", "secret": cases[0]["app_secret"]},
        customer_id="c1700000000001",
    )

    answers = [
        receive(
            query=case["target"].partition("?")[2],
            body=case["body"].encode(),
            address="",
            request_id="",
            now=_clock(case),
        )
        for case in cases * 2
    ]

    assert len(cases) == 2
    assert all(b"<flag>success</flag>" in answer for answer in answers), answers
    assert answers[:2] == answers[2:]
    assert desk.stock() == (10, 2)

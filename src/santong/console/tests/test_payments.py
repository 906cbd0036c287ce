"""Payments at the screen: found, understood, asked for again, given back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from santong.console.tests.desk import Desk, Shop, open_shop
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.tests.factories import Troubles, make_troubles

MOST_QUESTIONS = 45
NOW = datetime.now(UTC)


@pytest.fixture
def shop(new_merchant: Callable[..., int]) -> Shop:
    return open_shop(new_merchant(), near=5)


@pytest.fixture
def troubles(shop: Shop) -> Troubles:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return make_troubles(merchant_id=shop.world.merchant_id, now=NOW)


def intent(shop: Shop, intent_id: int) -> payments.Intent:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return payments.intent_by_id(merchant_id=shop.world.merchant_id, intent_id=intent_id)


def raw(desk: Desk, path: str) -> str:
    return desk.client.get(path).content.decode()


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        ("reference={paid.tenders[0].reference}", "paid", "waiting"),
        ("reference={paid.tenders[0].their_reference}", "paid", "waiting"),
        ("reference={failed.parts[0].reference}", "paid", "waiting"),
        ("document={waiting.document}", "waiting", "paid"),
        ("state=cancelled", "late", "waiting"),
        ("account=wallet", "waiting", "outside_intent"),
        ("method=external", "outside_intent", "waiting"),
    ],
    ids=["ours", "theirs", "of-a-refund", "document", "state", "account", "method"],
)
def test_payments_are_found_by(
    shop: Shop, troubles: Troubles, query: str, found: str, left_out: str
) -> None:
    page = raw(shop.desk("finance"), "/console/payments/?" + query.format(**_by_name(troubles)))

    assert f"/console/payments/{getattr(troubles, found).id}/" in page
    assert f"/console/payments/{getattr(troubles, left_out).id}/" not in page


def test_an_orders_payment_is_found_by_the_orders_number(shop: Shop) -> None:
    order = shop.order()
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        made = make_troubles(merchant_id=shop.world.merchant_id, now=NOW, order_id=order.id)
    desk = shop.desk("finance")

    listed = raw(desk, f"/console/payments/?document={order.external_number}")
    _, story = desk.open(f"/console/payments/{made.paid.id}/")
    of_order = raw(shop.desk("head_office"), f"/console/orders/{order.id}/")

    assert f"/console/payments/{made.paid.id}/" in listed
    assert f"/console/payments/{made.waiting.id}/" not in listed
    assert order.external_number in story
    assert f"/console/payments/?document=order%3A{order.id}" in of_order


def test_a_story_has_all_of_it(shop: Shop, troubles: Troubles) -> None:
    status, page = shop.desk("finance").open(f"/console/payments/{troubles.paid.id}/")

    assert status == 200
    for text in (
        "CARD_CLOSED",
        "told again, changed nothing twice",
        "not delivered",
        troubles.paid.tenders[0].reference,
        "taken back in a dispute",
        "came in",
    ):
        assert text in page


def test_late_money_is_explained(shop: Shop, troubles: Troubles) -> None:
    _, page = shop.desk("finance").open(f"/console/payments/{troubles.late.id}/")

    assert "¥88.00 came in after the payment had been given up" in page


def test_a_provider_is_asked_again_once(shop: Shop, troubles: Troubles) -> None:
    desk = shop.desk("finance")
    (tender,) = troubles.waiting.tenders
    path = f"/console/payments/{troubles.waiting.id}/ask-again/"

    for _ in range(2):
        status, _ = desk.send(path, tender=str(tender.id), key="one-tap")
        assert status == 200

    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (call,) = payments.calls_of(
            merchant_id=shop.world.merchant_id, tender_ids=[tender.id], part_ids=[]
        )
    assert call.due_at is not None
    assert call.due_at <= datetime.now(UTC)


def test_what_came_in_is_not_asked_about(shop: Shop, troubles: Troubles) -> None:
    status, page = shop.desk("finance").send(
        f"/console/payments/{troubles.paid.id}/ask-again/",
        tender=str(troubles.paid.tenders[0].id),
    )

    assert status == 409
    assert "It is settled, or nobody can be asked about it." in page


def test_a_refund_shows_its_way_before_it_is_done(shop: Shop, troubles: Troubles) -> None:
    desk = shop.desk("finance")
    path = f"/console/payments/{troubles.paid.id}/refund/"

    page = raw(desk, f"{path}?amount=100.00")
    way = re.search(r'name="way" value="([^"]+)"', page)

    assert way is not None
    assert way[1] == f"{troubles.paid.tenders[0].id}:10000"
    for _ in range(2):
        status, _ = desk.send(
            f"{path}give-back/",
            amount="100.00",
            tender="",
            way=way[1],
            reason="不合身",
            key="one-tap",
        )
        assert status == 200
    refunding = intent(shop, troubles.paid.id).tenders[0].refunding_minor
    assert refunding == 10_000


def test_a_refund_that_would_go_another_way_is_not_done(shop: Shop, troubles: Troubles) -> None:
    before = intent(shop, troubles.paid.id)

    status, page = shop.desk("finance").send(
        f"/console/payments/{troubles.paid.id}/refund/give-back/",
        amount="100.00",
        way="1:10000",
        reason="不合身",
    )

    assert status == 409
    assert "The money would go back another way than was shown" in page
    assert intent(shop, troubles.paid.id) == before


def test_more_than_came_in_is_refused_before_it_is_asked(shop: Shop, troubles: Troubles) -> None:
    status, page = shop.desk("finance").open(
        f"/console/payments/{troubles.paid.id}/refund/?amount=9999"
    )

    assert status == 200
    assert "At most ¥400.00 can go back." in page
    assert "What will be done" not in page


@pytest.mark.parametrize("role", ["head_office", "finance", "developer"])
def test_an_open_payment_is_cancelled_by_who_takes_or_looks_after_payments(
    shop: Shop, troubles: Troubles, role: str
) -> None:
    desk = shop.desk(role)
    _, page = desk.open(f"/console/payments/{troubles.waiting.id}/")

    status, _ = desk.send(f"/console/payments/{troubles.waiting.id}/cancel/", reason="asked twice")

    assert "Ask for it no longer" in page
    assert status == 200
    assert intent(shop, troubles.waiting.id).state == "cancelled"


def test_the_queue_has_every_kind(shop: Shop, troubles: Troubles) -> None:
    status, page = shop.desk("finance").open("/console/payments/exceptions/")

    assert status == 200
    for heading in (
        "Refunds that failed",
        "Refunds that a channel gives",
        "Disputes",
        "Providers that do not answer",
        "Paid late, or twice",
        "Given up, and the provider has not said how it ended",
    ):
        assert heading in page


def test_what_failed_is_given_back_again_from_the_queue(shop: Shop, troubles: Troubles) -> None:
    status, page = shop.desk("finance").send(
        f"/console/payments/{troubles.paid.id}/refunds/{troubles.failed.id}/retry/",
        reason="again",
        **{"from": "queue"},
    )

    assert status == 200
    assert "What failed is given back again." in page
    assert "Refunds that failed" not in page


def test_what_failed_is_left_at_what_went_back(shop: Shop, troubles: Troubles) -> None:
    desk = shop.desk("finance")
    path = f"/console/payments/{troubles.paid.id}/refunds/{troubles.failed.id}/give-up/"

    refused, _ = desk.send(path, reason="", **{"from": "queue"})
    status, page = desk.send(path, reason="paid by a transfer", **{"from": "queue"})
    _, story = desk.open(f"/console/payments/{troubles.paid.id}/")

    assert refused == 422
    assert status == 200
    assert "It is left at what went back." in page
    assert "Refunds that failed" not in page
    assert "left at what went back" in story
    assert "Give it back again" not in story


def test_somebody_says_that_a_channel_gave_it_back(shop: Shop, troubles: Troubles) -> None:
    desk = shop.desk("finance")
    path = (
        f"/console/payments/{troubles.outside_intent.id}/parts/{troubles.outside.parts[0].id}"
        "/confirm/"
    )

    refused, _ = desk.send(path, went="no", **{"from": "queue"})
    status, page = desk.send(path, went="yes", their_reference="R-1", **{"from": "queue"})

    assert refused == 422
    assert status == 200
    assert "Refunds that a channel gives" not in page
    assert intent(shop, troubles.outside_intent.id).refunded_minor == 3_300


def test_an_account_is_opened_changed_and_closed(shop: Shop) -> None:
    desk = shop.desk("finance")

    opened, _ = desk.send(
        "/console/payments/accounts/open/",
        provider="terminal",
        code="counter",
        name="刷卡",
        method="card",
        fee_per_million="6000",
    )
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        account = payments.payment_account_by_code(
            merchant_id=shop.world.merchant_id, code="counter"
        )
    base = f"/console/payments/accounts/{account.id}"
    changed, _ = desk.send(f"{base}/change/", name="刷卡机", fee_per_million="5500")
    closed, page = desk.send(f"{base}/close/", reason="no longer rented")
    _, listed = desk.open("/console/payments/accounts/")

    assert (opened, changed, closed) == (200, 200, 200)
    assert "Nothing more comes in there; refunds still go." in page
    assert "刷卡机" in listed
    assert "0.55 %" in listed
    reopened, _ = desk.send(f"{base}/reopen/", reason="rented again")
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        account = payments.payment_account_by_code(
            merchant_id=shop.world.merchant_id, code="counter"
        )
    assert reopened == 200
    assert account.is_open


def test_what_is_wrong_with_a_setting_is_said_beside_it(shop: Shop) -> None:
    status, page = shop.desk("finance").send(
        "/console/payments/accounts/open/",
        provider="wechat_pay",
        code="wx",
        name="微信",
        method="wechat_pay",
        fee_per_million="0",
        set_mchid="19000000A",
        set_appid="wx1",
        set_certificate_serial="1",
        set_platform_key_id="PUB",
        set_private_key="-----BEGIN SECRET-----",
    )

    assert status == 422
    assert "Digits only." in page
    assert "BEGIN SECRET" not in page


PATHS = (
    "/console/payments/",
    "/console/payments/exceptions/",
    "/console/payments/accounts/",
    "/console/payments/accounts/new/",
    "/console/payments/{paid.id}/",
    "/console/payments/{paid.id}/refund/?amount=1",
)


@pytest.mark.parametrize("role", ["clerk", "store_manager"])
def test_whoever_works_at_one_place_sees_no_money_of_all(
    shop: Shop, troubles: Troubles, role: str
) -> None:
    desk = shop.desk(role, at=shop.world.near)

    for path in PATHS:
        assert desk.open(path.format(**_by_name(troubles)))[0] == 403, path
    assert "Money that waits" not in desk.open("/console/")[1]


@pytest.mark.parametrize(
    ("role", "path"),
    [("clerk", "cancel"), ("developer", "ask-again"), ("clerk", "refund/give-back")],
    ids=["cancel", "handle", "refund"],
)
def test_whoever_may_not_do_a_thing_does_not(
    shop: Shop, troubles: Troubles, role: str, path: str
) -> None:
    before = intent(shop, troubles.waiting.id)

    status, _ = shop.desk(role).send(
        f"/console/payments/{troubles.waiting.id}/{path}/",
        reason="because",
        tender=str(troubles.waiting.tenders[0].id),
    )

    assert status == 403
    assert intent(shop, troubles.waiting.id) == before


def test_pages_about_money_ask_a_fixed_number_of_questions(shop: Shop, troubles: Troubles) -> None:
    desk = shop.desk("finance")
    few = [desk.questions(path.format(**_by_name(troubles))) for path in PATHS]
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        for _ in range(4):
            make_troubles(merchant_id=shop.world.merchant_id, now=NOW)

    many = [desk.questions(path.format(**_by_name(troubles))) for path in PATHS]

    for path, before, after in zip(PATHS, few, many, strict=True):
        assert after <= before + 1, path
        assert after <= MOST_QUESTIONS, path


def _by_name(troubles: Troubles) -> dict[str, object]:
    return {name: getattr(troubles, name) for name in Troubles.__slots__}

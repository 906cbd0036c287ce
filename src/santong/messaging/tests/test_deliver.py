"""Messages reach each endpoint at least once and in order, whatever the others do."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from santong.kernel import tenancy
from santong.messaging import public as messaging
from santong.messaging.models import Parked
from santong.messaging.rules.pauses import ATTEMPTS, FAILING_MOST
from santong.messaging.senders.rounds import deliver_due
from santong.messaging.tests.factories import (
    NOW,
    PAID,
    SHIPPED,
    Clock,
    findings,
    look,
    make_messages,
    make_webhook,
)
from santong.messaging.tests.receiver import Got, Receiver

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = "http://127.0.0.1:9/hook"


def test_a_message_is_a_signed_cloudevent(merchant: int, receiver: Receiver) -> None:
    now = datetime.now(UTC)
    _, secret = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:7"], now=now)

    deliver_due(merchant_id=merchant, clock=lambda: now)

    (got,) = receiver.got
    assert Webhook(secret).verify(got.body, got.headers) == {
        "specversion": "1.0",
        "id": f"msg_{merchant}_1",
        "source": f"/merchants/{merchant}",
        "type": PAID,
        "subject": "order_id:7",
        "time": now.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "sequence": "1",
        "data": {"of": "order_id:7"},
    }
    assert got.id == f"msg_{merchant}_1"
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"


def test_an_endpoint_hears_its_topics_from_when_it_asked_and_nothing_twice(
    merchant: int, receiver: Receiver
) -> None:
    make_messages(merchant, ["order_id:1"])
    make_webhook(merchant, receiver.url, topics=[PAID])
    make_messages(merchant, ["order_id:2"], topic=SHIPPED)
    make_messages(merchant, ["order_id:3", "order_id:4"])

    deliver_due(merchant_id=merchant, clock=Clock())
    deliver_due(merchant_id=merchant, clock=Clock())

    assert sorted(receiver.numbers()) == [3, 4]
    assert findings(merchant) == []


def test_while_a_secret_is_rotated_both_verify_and_then_the_older_one_ends(
    merchant: int, receiver: Receiver
) -> None:
    clock = Clock(datetime.now(UTC))
    webhook_id, older = make_webhook(merchant, receiver.url)
    with tenancy.scope(merchant_id=merchant):
        newer = messaging.rotate_secret(
            merchant_id=merchant,
            webhook_id=webhook_id,
            older_lives=timedelta(seconds=60),
            reason="yearly",
            now=clock.now,
        ).secret
    make_messages(merchant, ["order_id:1"])
    deliver_due(merchant_id=merchant, clock=clock)
    clock.go_on(seconds=61)
    make_messages(merchant, ["order_id:2"])

    deliver_due(merchant_id=merchant, clock=clock)

    during, after = receiver.got
    assert Webhook(older).verify(during.body, during.headers)
    assert Webhook(newer).verify(during.body, during.headers)
    assert Webhook(newer).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(older).verify(after.body, after.headers)


def test_a_third_of_failures_loses_nothing_and_keeps_the_order_of_each_thing(
    merchant: int, receiver: Receiver
) -> None:
    chance = random.Random(15)
    receiver.answers = lambda _got: 500 if chance.random() < 0.3 else 200
    clock = Clock()
    make_webhook(merchant, receiver.url)
    keys = [f"order_id:{chance.randrange(12)}" for _ in range(150)]
    make_messages(merchant, keys)

    for _ in range(60):
        deliver_due(merchant_id=merchant, clock=clock)
        clock.go_on(minutes=11)

    assert sorted(receiver.numbers()) == list(range(1, 151))
    for key in set(keys):
        of_key = [int(got.event["sequence"]) for got in receiver.got if got.event["subject"] == key]
        assert of_key == sorted(of_key)
    assert findings(merchant) == []


def test_the_id_of_a_message_is_the_same_at_every_try(merchant: int, receiver: Receiver) -> None:
    seen: list[str] = []

    def answers(got: Got) -> int:
        seen.append(got.id)
        return 503 if len(seen) < 3 else 200

    receiver.answers = answers
    clock = Clock()
    webhook_id, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:1"])

    for _ in range(3):
        deliver_due(merchant_id=merchant, clock=clock)
        clock.go_on(minutes=1)

    with tenancy.scope(merchant_id=merchant):
        tries = messaging.deliveries(merchant_id=merchant, webhook_id=webhook_id)
    assert seen == [f"msg_{merchant}_1"] * 3
    assert [(each.attempt, each.status, each.outcome) for each in tries] == [
        (3, 200, "delivered"),
        (2, 503, "failed"),
        (1, 503, "failed"),
    ]


def test_a_dead_receiver_is_left_alone_and_catches_up_when_it_is_back(
    merchant: int, receiver: Receiver
) -> None:
    asked: list[Got] = []
    is_down = True

    def answers(got: Got) -> int:
        asked.append(got)
        return 500 if is_down else 200

    receiver.answers = answers
    clock = Clock()
    webhook_id, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, [f"order_id:{number}" for number in range(200)])
    deliver_due(merchant_id=merchant, clock=clock)
    at_first = len(asked)
    clock.go_on(minutes=11)
    deliver_due(merchant_id=merchant, clock=clock)
    after_a_rest = len(asked)
    down = look(merchant, webhook_id, now=clock.now)

    is_down = False
    for _ in range(6):
        clock.go_on(minutes=11)
        deliver_due(merchant_id=merchant, clock=clock)

    up = look(merchant, webhook_id, now=clock.now)
    assert at_first <= 12
    assert after_a_rest == at_first + 1
    assert (down.state, down.waiting) == ("failing", 200)
    assert down.lag_seconds == 660
    assert sorted(receiver.numbers()) == list(range(1, 201))
    assert (up.state, up.waiting, up.dead, up.failing_since) == ("active", 0, 0, None)
    assert findings(merchant) == []


def test_one_dead_receiver_delays_no_other(merchant: int, receiver: Receiver) -> None:
    make_webhook(merchant, NOBODY)
    make_webhook(merchant, receiver.url)
    make_messages(merchant, [f"order_id:{number}" for number in range(100)])

    deliver_due(merchant_id=merchant, clock=Clock())

    assert sorted(receiver.numbers()) == list(range(1, 101))


def test_a_message_that_only_its_receiver_refuses_is_given_up_and_the_next_of_its_kind_goes_on(
    merchant: int, receiver: Receiver
) -> None:
    receiver.answers = lambda got: 422 if got.event["sequence"] == "1" else 200
    clock = Clock()
    webhook_id, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:1", "order_id:1", "order_id:2"])
    deliver_due(merchant_id=merchant, clock=clock)
    with tenancy.scope(merchant_id=merchant):
        Parked.objects.filter(attempts=1).update(attempts=ATTEMPTS - 1)
    clock.go_on(hours=2)

    deliver_due(merchant_id=merchant, clock=clock)
    clock.go_on(hours=2)
    deliver_due(merchant_id=merchant, clock=clock)

    stands = look(merchant, webhook_id, now=clock.now)
    assert receiver.numbers() == [3, 2]
    assert (stands.state, stands.dead, stands.waiting) == ("active", 1, 0)
    assert findings(merchant) == []


def test_gone_is_believed_and_a_redirect_is_not_followed(merchant: int, receiver: Receiver) -> None:
    receiver.answers = lambda _got: 302
    redirected, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:1"])
    deliver_due(merchant_id=merchant, clock=Clock())
    with tenancy.scope(merchant_id=merchant):
        (tried,) = messaging.deliveries(merchant_id=merchant, webhook_id=redirected)
    receiver.answers = lambda _got: 410

    deliver_due(merchant_id=merchant, clock=Clock(NOW + timedelta(minutes=1)))
    gone = look(merchant, redirected)

    assert (tried.status, tried.why, receiver.got) == (302, "refused", [])
    assert (gone.state, gone.paused_why) == ("gone", "gone")
    assert findings(merchant) == []


def test_an_endpoint_that_fails_for_three_days_is_paused_and_says_so(merchant: int) -> None:
    clock = Clock()
    webhook_id, _ = make_webhook(merchant, NOBODY)
    make_messages(merchant, [f"order_id:{number}" for number in range(6)])
    deliver_due(merchant_id=merchant, clock=clock)
    clock.now += FAILING_MOST

    deliver_due(merchant_id=merchant, clock=clock)
    paused = look(merchant, webhook_id, now=clock.now)
    deliver_due(merchant_id=merchant, clock=clock)

    assert (paused.state, paused.paused_why, paused.waiting) == ("paused", "failed_too_long", 6)
    assert findings(merchant) == []


def test_an_address_inside_our_walls_is_never_called(
    merchant: int, receiver: Receiver, settings: object
) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = []  # type: ignore[attr-defined]
    webhook_id, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:1"])

    deliver_due(merchant_id=merchant, clock=Clock())

    with tenancy.scope(merchant_id=merchant):
        (tried,) = messaging.deliveries(merchant_id=merchant, webhook_id=webhook_id)
    assert (tried.outcome, tried.why, receiver.got) == ("failed", "address_not_allowed", [])


def test_a_log_can_be_replayed_from_a_number_and_one_message_alone(
    merchant: int, receiver: Receiver
) -> None:
    clock = Clock()
    webhook_id, _ = make_webhook(merchant, receiver.url)
    make_messages(merchant, ["order_id:1"] * 4)
    deliver_due(merchant_id=merchant, clock=clock)
    with tenancy.scope(merchant_id=merchant):
        messaging.replay_from(
            merchant_id=merchant, webhook_id=webhook_id, number=3, reason="lost", now=NOW
        )
    deliver_due(merchant_id=merchant, clock=clock)
    with tenancy.scope(merchant_id=merchant):
        messaging.replay_one(
            merchant_id=merchant, webhook_id=webhook_id, number=2, reason="again", now=NOW
        )

    deliver_due(merchant_id=merchant, clock=clock)

    assert receiver.numbers() == [1, 2, 3, 4, 3, 4, 2]
    assert findings(merchant) == []


def test_a_pause_keeps_what_is_told_and_a_test_message_comes_like_any_other(
    merchant: int, receiver: Receiver
) -> None:
    webhook_id, _ = make_webhook(merchant, receiver.url)
    with tenancy.scope(merchant_id=merchant):
        messaging.pause_webhook(merchant_id=merchant, webhook_id=webhook_id, reason="move", now=NOW)
    make_messages(merchant, ["order_id:1"])
    deliver_due(merchant_id=merchant, clock=Clock())
    while_paused = list(receiver.got)
    with tenancy.scope(merchant_id=merchant):
        messaging.resume_webhook(
            merchant_id=merchant, webhook_id=webhook_id, reason="moved", now=NOW
        )
        messaging.send_test(merchant_id=merchant, webhook_id=webhook_id, now=NOW)

    deliver_due(merchant_id=merchant, clock=Clock())

    assert while_paused == []
    assert sorted(each.event["type"] for each in receiver.got) == [PAID, "santong.test.v1"]
    assert findings(merchant) == []

"""What buyers are told leaves once, is tried again where it does not, and waits for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import NoSuch
from santong.storefront.models import Notice
from santong.storefront.selectors.messages import last_message
from santong.storefront.selectors.notices import count_failed, notices_of
from santong.storefront.senders import send_notices
from santong.storefront.services.forget_expired import forget_expired
from santong.storefront.services.queue_notice import queue_notice
from santong.storefront.services.settle_notice import (
    drop_notice,
    send_notice_again,
    settle_notice,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PHONE = "+8613800138000"
AtOnce = Callable[..., list[Any]]


class Refusing:
    """A carrier that is down."""

    def send(self, **message: object) -> None:
        raise ConnectionRefusedError(message["phone"])


@pytest.fixture
def carrier_down(settings: Any) -> None:
    settings.SANTONG_MESSAGE_SENDER = f"{__name__}.Refusing"


def queue(merchant_id: int, *, key: str = "visit:9:offered", text: str = "请预约上门时间") -> bool:
    with tenancy.scope(merchant_id=merchant_id):
        return queue_notice(
            merchant_id=merchant_id,
            key=key,
            subject="visit:9",
            kind="visit_offered",
            phone=PHONE,
            text=text,
            due_at=NOW,
            now=NOW,
        )


def send_at(merchant_id: int, now: datetime) -> int:
    return send_notices(merchant_id=merchant_id, clock=lambda: now)


def states(merchant_id: int) -> list[tuple[str, int, str]]:
    with tenancy.scope(merchant_id=merchant_id):
        found = notices_of(merchant_id=merchant_id, subject="visit:9")
    return [(each.state, each.tries, each.why) for each in found]


def test_a_notice_is_told_once_for_its_key(merchant: int) -> None:
    first = queue(merchant)
    second = queue(merchant, text="别的话")
    tried = send_at(merchant, NOW)
    again = send_at(merchant, NOW + timedelta(hours=1))

    assert (first, second, tried, again) == (True, False, 1, 0)
    assert states(merchant) == [("sent", 1, "")]
    with tenancy.scope(merchant_id=merchant):
        message = last_message(merchant_id=merchant, phone=PHONE)
        (shown,) = notices_of(merchant_id=merchant, subject="visit:9")
    assert message is not None
    assert message.text == "请预约上门时间"
    assert shown.phone == "138****8000"


def test_nothing_is_sent_before_its_time(merchant: int) -> None:
    queue(merchant)

    assert send_at(merchant, NOW - timedelta(seconds=1)) == 0


def test_what_does_not_leave_is_tried_again_and_then_waits_for_a_person(
    merchant: int, carrier_down: None
) -> None:
    queue(merchant)
    now = NOW
    for _ in range(5):
        send_at(merchant, now)
        now += timedelta(hours=7)

    assert states(merchant) == [("failed", 5, "ConnectionRefusedError")]
    with tenancy.scope(merchant_id=merchant):
        assert count_failed(merchant_id=merchant) == 1


def test_a_person_sends_a_failed_notice_again_or_lets_it_be(
    merchant: int, carrier_down: None, settings: Any
) -> None:
    queue(merchant)
    queue(merchant, key="visit:9:booked")
    for hours in range(0, 35, 7):
        send_at(merchant, NOW + timedelta(hours=hours))
    with tenancy.scope(merchant_id=merchant):
        first, second = notices_of(merchant_id=merchant, subject="visit:9")

        send_notice_again(merchant_id=merchant, notice_id=first.id, now=NOW)
        drop_notice(merchant_id=merchant, notice_id=second.id, now=NOW)
    settings.SANTONG_MESSAGE_SENDER = "santong.storefront.senders.KeptMessages"
    send_at(merchant, NOW)

    assert [state for state, _tries, _why in states(merchant)] == ["sent", "unwanted"]
    with pytest.raises(NoSuch), tenancy.scope(merchant_id=merchant):
        drop_notice(merchant_id=merchant, notice_id=first.id, now=NOW)


def test_a_late_answer_of_who_lost_the_claim_changes_nothing(merchant: int) -> None:
    queue(merchant)
    with tenancy.scope(merchant_id=merchant):
        notice = Notice.objects.of_merchant(merchant).get()
        Notice.objects.of_merchant(merchant).update(claim=2)

        settle_notice(
            merchant_id=merchant, notice_id=notice.id, claim=1, why="TimeoutError", now=NOW
        )

    assert states(merchant) == [("queued", 0, "")]


def test_many_workers_send_each_notice_once(merchant: int, at_once: AtOnce) -> None:
    for number in range(30):
        queue(merchant, key=f"visit:9:{number}", text=f"第{number}条")

    tried = at_once(*[lambda: send_at(merchant, NOW) for _ in range(4)])

    assert sum(tried) == 30
    assert states(merchant) == [("sent", 1, "")] * 30


def test_phone_and_text_are_forgotten_a_day_after_the_end(merchant: int) -> None:
    queue(merchant)
    send_at(merchant, NOW)

    with tenancy.scope(merchant_id=merchant):
        forget_expired(merchant_id=merchant, now=NOW + timedelta(hours=23))
        kept = bytes(Notice.objects.of_merchant(merchant).get().text_sealed)
        forget_expired(merchant_id=merchant, now=NOW + timedelta(hours=25))
        row = Notice.objects.of_merchant(merchant).get()
        forget_expired(merchant_id=merchant, now=NOW + timedelta(days=91))
        left = Notice.objects.of_merchant(merchant).count()

    assert kept
    assert (bytes(row.text_sealed), bytes(row.phone_sealed), row.state) == (b"", b"", "sent")
    assert left == 0

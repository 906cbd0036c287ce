from __future__ import annotations

from datetime import timedelta

from structlog.testing import capture_logs

from santong.payments import public as ledger
from santong.payments.jobs import compare_with_the_log, let_holds_expire, let_lots_expire
from santong.payments.models import Account
from santong.payments.tests.factories import (
    NOW,
    assert_sound,
    balance,
    earn,
    make_points,
    of,
    take_hold,
)

SOON = NOW + timedelta(days=30)


def test_what_has_ended_of_every_asset_is_written_down_by_the_clock(merchant_id: int) -> None:
    accounts = [of(make_points(merchant_id=merchant_id)) for _ in range(2)]
    ledger.open_asset(merchant_id=merchant_id, code="experience:1", kind="experience", now=NOW)
    for account in accounts:
        earn(merchant_id=merchant_id, account=account, amount=10, expires_at=SOON)

    swept = [let_lots_expire(merchant_id=merchant_id, now=now) for now in (NOW, SOON, SOON)]

    assert swept == [0, 2, 0]
    assert [balance(merchant_id=merchant_id, account=each).posted for each in accounts] == [0, 0]
    assert_sound(merchant_id=merchant_id)


def test_holds_run_out_by_the_clock(merchant_id: int) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=10)
    take_hold(merchant_id=merchant_id, account=account, amount=10, expires_at=SOON)

    swept = [let_holds_expire(merchant_id=merchant_id, now=now) for now in (NOW, SOON, SOON)]

    assert swept == [0, 1, 0]
    assert balance(merchant_id=merchant_id, account=account).available == 10


def test_every_night_the_log_is_replayed_and_what_differs_is_told(
    merchant_id: int,
) -> None:
    account = of(make_points(merchant_id=merchant_id))
    earn(merchant_id=merchant_id, account=account, amount=10)
    quiet = compare_with_the_log(merchant_id=merchant_id, now=NOW)
    rows = Account.objects.of_merchant(merchant_id).filter(kind="available")
    rows.update(posted=11)

    with capture_logs() as told:
        differing = compare_with_the_log(merchant_id=merchant_id, now=NOW)

    assert (quiet, differing) == (0, 1)
    assert [(line["log_level"], line["stored"], line["replayed"]) for line in told] == [
        ("error", "11", "10")
    ]

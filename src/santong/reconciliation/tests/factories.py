"""Things of reconciliation for tests: say what the test is about."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.reconciliation.contracts import (
    Difference,
    FileFormat,
    LineKind,
    Row,
    StatementFile,
)
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.rules.packing import pack
from santong.reconciliation.selectors.differences import differences_page
from santong.reconciliation.selectors.invariants import check_invariants
from santong.reconciliation.services.receive_file import receive_file
from santong.reconciliation.tests.statements import simulated_file

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 10)
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
ACCOUNT = "till"

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Move:
    """A movement that the books are to have."""

    kind: str
    reference: str
    amount_minor: int
    their_reference: str = ""
    at: datetime | None = None
    currency: str = "CNY"


def open_account(merchant: int, *, code: str = ACCOUNT, fee_per_million: int = 0) -> str:
    """A payment account at the simulated provider."""
    with tenancy.scope(merchant_id=merchant):
        payments.open_payment_account(
            merchant_id=merchant,
            code=code,
            provider="simulated",
            method="wechat_pay",
            name="微信收款",
            currency="CNY",
            fee_per_million=fee_per_million,
            now=NOW - timedelta(days=60),
        )
    return code


def at(clock: str = "12:00:00", *, day: date = DAY) -> datetime:
    """A moment of a day in Beijing."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=BEIJING)


def line(
    reference: str,
    amount_minor: int,
    *,
    kind: LineKind = "payment",
    fee_minor: int = 0,
    their_reference: str | None = None,
    clock: str = "12:00:00",
    day: date = DAY,
    currency: str = "CNY",
) -> Row:
    """A line of a simulated statement."""
    theirs = f"S-{reference}" if their_reference is None else their_reference
    moved_at = at(clock, day=day).isoformat()
    return Row(0, kind, reference, theirs, amount_minor, fee_minor, currency, moved_at)


def move(merchant: int, *moves: Move, account: str = ACCOUNT) -> None:
    """Let the books have movements, as payments writes them."""
    if not moves:
        return
    columns = zip(
        *(
            (
                each.kind,
                each.reference,
                each.their_reference or f"S-{each.reference}",
                each.amount_minor,
                each.currency,
                each.at or at(),
                f"order:{each.reference}"[:60],
            )
            for each in moves
        ),
        strict=True,
    )
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_movement (merchant_id, account_id, kind, reference,"
            " their_reference, amount_minor, currency, moved_at, recorded_at, document, subject,"
            " txn_id) SELECT a.merchant_id, a.id, m.kind, m.ours, m.theirs, m.amount, m.currency,"
            " m.at, m.at, m.document, 'tender:1', 1 FROM payments_paymentaccount a,"
            " unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[],"
            " %s::timestamptz[], %s::text[])"
            " AS m(kind, ours, theirs, amount, currency, at, document)"
            " WHERE a.merchant_id = %s AND a.code = %s",
            [*map(list, columns), merchant, account],
        )


def written(rows: Iterable[Row]) -> bytes:
    """A day's statement as the simulated provider writes it."""
    return simulated_file(rows)


def receive(
    merchant: int,
    content: bytes,
    *,
    day: date = DAY,
    account: str = ACCOUNT,
    file_format: FileFormat | None = None,
    now: datetime | None = None,
) -> StatementFile:
    """A file arrives."""
    with tenancy.scope(merchant_id=merchant):
        return receive_file(
            merchant_id=merchant,
            account_code=account,
            day=day,
            file_format=file_format,
            packed=pack(io.BytesIO(content)),
            now=now or NOW + timedelta(days=30),
        )


def reconcile(
    merchant: int,
    rows: Iterable[Row] | bytes,
    *,
    day: date = DAY,
    account: str = ACCOUNT,
    file_format: FileFormat | None = None,
) -> StatementFile:
    """A file arrives, is read and matched."""
    content = rows if isinstance(rows, bytes) else simulated_file(rows)
    file = receive(merchant, content, day=day, account=account, file_format=file_format)
    return work_on_file(merchant_id=merchant, file_id=file.id, now=NOW)


def differences(merchant: int, *, state: str = "") -> list[Difference]:
    """Differences in the order in which they were found."""
    with tenancy.scope(merchant_id=merchant):
        found = differences_page(merchant_id=merchant, before_id=2**62, limit=10_000, state=state)
    return found[::-1]


def categories(merchant: int) -> dict[str, str]:
    """The category of each live difference, by our number."""
    return {each.reference: each.category for each in differences(merchant)}


def assert_sound(merchant: int) -> None:
    """Everything adds up."""
    with tenancy.scope(merchant_id=merchant):
        assert check_invariants(merchant_id=merchant) == []


def new_reference() -> str:
    return f"T-{next(_numbers)}"


def booked(merchant: int, *, account: str = ACCOUNT) -> dict[str, int]:
    """What statements have had booked at the account, by kind."""
    with tenancy.scope(merchant_id=merchant):
        found = payments.movements_page(
            merchant_id=merchant,
            account_code=account,
            moved_from=NOW - timedelta(days=90),
            moved_until=NOW + timedelta(days=90),
            limit=1_000,
        )
    sums: dict[str, int] = {}
    for each in found:
        if each.reference.startswith("statement:"):
            sums[each.kind] = sums.get(each.kind, 0) + each.amount_minor
    return sums

"""A file's lines meet the movements of the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from santong.kernel import audit
from santong.kernel.plans import plan_for_values
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.reconciliation.contracts import LIVE, StatementFile
from santong.reconciliation.errors import FileStatePassed
from santong.reconciliation.models import Account
from santong.reconciliation.models import StatementFile as Row
from santong.reconciliation.rules.days import BEIJING
from santong.reconciliation.rules.fees import TOLERANCE_MINOR
from santong.reconciliation.services import judging, pairing
from santong.reconciliation.services.book import book, book_net
from santong.reconciliation.services.read_lines import locked
from santong.reconciliation.services.supersede_file import supersede_file
from santong.reconciliation.services.take_chargebacks import take_chargebacks

ROUNDING_MINOR = 1
# Formats in which a line says what the provider has kept of it.
_WITH_FEES = {"simulated", "alipay", "wechat_trade"}

_STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lines", (pairing.LINES,)),
    ("movements", (pairing.MOVEMENTS, pairing.TABLES)),
    ("our reference", (pairing.BY_OUR_REFERENCE, pairing.REST, pairing.BY_OUR_REFERENCE_ANY_DAY)),
    ("their reference", (pairing.BY_THEIR_REFERENCE_AND_AMOUNT, pairing.BY_THEIR_REFERENCE)),
    ("bank", ()),
    ("judging", (judging.JUDGED, judging.LONELY, judging.ALONE, judging.SETTLED, judging.SUMMED)),
    ("matches", (judging.MATCHED,)),
    (
        "differences",
        (
            judging.DIFFERING,
            judging.SEEN_ANEW,
            judging.LEFT_ALONE,
            judging.NOT_IN_THE_NEIGHBOUR,
            judging.ADDED,
        ),
    ),
)
_BANK = (pairing.BY_AMOUNT_AND_TIME, pairing.BY_DAYS_NET)
_USED = (
    "their",
    "our",
    "pair",
    "their_rest",
    "our_rest",
    "judged",
    "lonely",
    "twin",
    "alone",
    "settled",
    "summed",
)
STAGES = len(_STAGES) + 1


def _silent(_stage: str) -> None:
    """Nobody wants to know."""


@all_or_nothing
def match_file(
    *,
    merchant_id: int,
    file_id: int,
    now: datetime,
    tell: Callable[[str], None] = _silent,
) -> StatementFile:
    """Match a file that has been read, with all that still waits at its account.

    Every line and every movement of the day is then matched, or differs in exactly one way; what a
    provider has kept as agreed is booked, and so is what it took from us for a buyer. Of two files
    for a day the one that came later counts. Once more for a matched file looks for what has come
    since. `tell` hears of each stage.

    Raises FileStatePassed, NoSuch. Locks the account, then files.
    """
    row = locked_with_account(merchant_id, file_id)
    if row.state not in {"read", "matched"}:
        raise FileStatePassed(file_id=file_id, state=row.state)
    if row.state == "read" and _is_outdated(row, now=now):
        return row.as_contract()
    take_chargebacks(row, now=now)
    with connection.cursor() as cursor:
        plan_for_values()
        # A merchant may match two accounts in one transaction.
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in _USED))
        values = _values(row, now=now)
        for stage, statements in _STAGES:
            for statement in _BANK if stage == "bank" and values["is_bank"] else statements:
                for each in statement.split(";\n"):
                    if each.strip():
                        cursor.execute(each, values)
            tell(stage)
        if row.state == "read":
            cursor.execute(judging.THEIRS, values)
        _book(cursor, row, now=now)
    tell("books")
    return _matched(row, now=now)


def locked_with_account(merchant_id: int, file_id: int) -> Row:
    """A file's row, after its account's: whoever matches an account is alone. Raises NoSuch."""
    code = Row.objects.of_merchant(merchant_id).filter(id=file_id).values_list("account_code")
    list(Account.objects.of_merchant(merchant_id).filter(code__in=code).lock())
    return locked(merchant_id, file_id)


def _is_outdated(row: Row, *, now: datetime) -> bool:
    """Let the day's older file go, or this one, where a later one has been matched already."""
    other = (
        Row.objects.of_merchant(row.merchant_id)
        .filter(account_code=row.account_code, day=row.day, state="matched")
        .first()
    )
    if other is None:
        return False
    older, newer = (row, other) if other.id > row.id else (other, row)
    supersede_file(merchant_id=row.merchant_id, file_id=older.id, by_id=newer.id, now=now)
    row.refresh_from_db()
    return older.id == row.id


def _values(row: Row, *, now: datetime) -> dict[str, Any]:
    account = payments.payment_account_by_code(merchant_id=row.merchant_id, code=row.account_code)
    begins = datetime.combine(row.day, time(), tzinfo=BEIJING)
    return {
        "merchant": row.merchant_id,
        "account": row.account_code,
        "file": row.id,
        "day": row.day,
        "from": begins,
        "until": begins + timedelta(days=1),
        "since": row.day - timedelta(days=pairing.WAIT_DAYS),
        "live": list(LIVE),
        "currency": row.currency,
        "is_new": row.state == "read",
        "is_bank": row.format == "bank",
        "per_million": account.fee_per_million if row.format in _WITH_FEES else 0,
        "fee_tolerance": TOLERANCE_MINOR,
        "rounding": ROUNDING_MINOR,
        "border": pairing.BORDER_MINUTES,
        "now": now,
    }


def _book(cursor: Any, row: Row, *, now: datetime) -> None:
    """Book what providers have kept as agreed, and what went from a provider to the bank."""
    cursor.execute(
        "SELECT file, sum(booked_minor)::bigint FROM judged WHERE net_of IS NULL GROUP BY file"
        " HAVING sum(booked_minor) <> 0 ORDER BY file"
    )
    for file_id, amount_minor in cursor.fetchall():
        book(merchant_id=row.merchant_id, file_id=file_id, amount_minor=amount_minor, now=now)
    cursor.execute("SELECT line, net_of, amount FROM judged WHERE net_of IS NOT NULL ORDER BY line")
    for line_id, net_of, amount_minor in cursor.fetchall():
        book_net(
            merchant_id=row.merchant_id,
            line_id=line_id,
            net_of=net_of,
            account_code=row.account_code,
            amount_minor=amount_minor,
            now=now,
        )


def _matched(row: Row, *, now: datetime) -> StatementFile:
    was = row.state
    row.refresh_from_db()
    row.state = "matched"
    row.matched_at = now
    row.save(update_fields=["state", "matched_at"])
    if was == "read":
        audit.record(
            audit.Change(
                action="reconciliation.match_file",
                subject="statement_file",
                subject_id=row.id,
                reason="matched",
                after={"matched": row.matched, "differences": row.differences},
            ),
            now=now,
        )
    return row.as_contract()

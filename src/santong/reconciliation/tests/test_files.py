"""A file takes the place of another, is refused, or stands there as it came."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.reconciliation.errors import FileTooLarge, FileUnreadable
from santong.reconciliation.jobs import fetch_for_merchant
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.rules.packing import pack, unpack
from santong.reconciliation.selectors.files import files_page, lines_page, raw_line
from santong.reconciliation.tests.factories import (
    DAY,
    NOW,
    Move,
    assert_sound,
    booked,
    differences,
    line,
    move,
    open_account,
    receive,
    reconcile,
)
from santong.reconciliation.tests.statements import simulated_file

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def account(merchant: int) -> str:
    return open_account(merchant)


def test_a_corrected_file_takes_the_place_of_the_first_and_both_are_kept(
    merchant: int,
) -> None:
    open_account(merchant, fee_per_million=6_000)
    move(merchant, Move("payment", "T1", 10_000), Move("payment", "T2", 5_000))
    first = reconcile(merchant, [line("T1", 9_000, fee_minor=54), line("T2", 5_000, fee_minor=30)])

    second = reconcile(
        merchant, [line("T1", 10_000, fee_minor=60), line("T2", 5_000, fee_minor=30)]
    )

    with tenancy.scope(merchant_id=merchant):
        kept = lines_page(merchant_id=merchant, file_id=first.id, before_id=2**62, limit=10)
    assert [each.amount_minor for each in kept] == [5_000, 9_000]
    assert (second.matched, second.differences, second.booked_minor) == (2, 0, -90)
    assert differences(merchant) == []
    assert booked(merchant) == {"fee": -90}
    assert_sound(merchant)


def test_the_older_of_two_files_does_not_take_the_place_of_the_newer(
    merchant: int, account: str
) -> None:
    older = receive(merchant, simulated_file([line("T1", 1)]))
    newer = reconcile(merchant, [line("T1", 2)])

    file = work_on_file(merchant_id=merchant, file_id=older.id, now=NOW)

    assert (file.state, file.superseded_by_id) == ("superseded", newer.id)
    assert [each.theirs_minor for each in differences(merchant)] == [2]
    assert_sound(merchant)


def test_a_day_begins_at_midnight_in_beijing(merchant: int, account: str) -> None:
    early = datetime(2026, 11, 11, 20, 0, tzinfo=UTC)
    content = simulated_file([line("T1", 1)])

    there = receive(merchant, content, day=date(2026, 11, 12), now=early)

    assert there.day == date(2026, 11, 12)
    with pytest.raises(FieldInvalid) as refused:
        receive(merchant, content, day=date(2026, 11, 13), now=early)
    assert refused.value.pointer == "/day"


def test_the_same_file_twice_is_one(merchant: int, account: str) -> None:
    content = simulated_file([line("T1", 1)])

    first = reconcile(merchant, content)
    second = reconcile(merchant, content)

    assert (first.id, first.lines, len(differences(merchant))) == (second.id, 1, 1)


def test_the_same_lines_for_another_day_are_refused(merchant: int, account: str) -> None:
    content = simulated_file([line("T1", 1)])
    reconcile(merchant, content)

    file = reconcile(merchant, content, day=TOMORROW)

    assert (file.state, file.problem) == ("refused", f"the same file is there for {DAY}")


def test_nothing_is_taken_of_a_file_that_is_not_whole(merchant: int, account: str) -> None:
    content = simulated_file([line("T1", 1), line("T2", 2)]).replace(
        b"#total,2,,,3,", b"#total,2,,,4,"
    )

    file = reconcile(merchant, content)

    assert (file.state, file.problem_line, file.problem_column) == ("refused", 5, "amount_minor")
    assert (file.lines_read, differences(merchant)) == (0, [])
    with tenancy.scope(merchant_id=merchant):
        assert lines_page(merchant_id=merchant, file_id=file.id, before_id=2**62, limit=9) == []


def test_a_line_is_kept_exactly_as_it_came(merchant: int, account: str) -> None:
    content = simulated_file([line("T1", 1), line("T2", 2)])
    file = reconcile(merchant, content)

    with tenancy.scope(merchant_id=merchant):
        raw = raw_line(merchant_id=merchant, file_id=file.id, line=4)

    assert raw == content.splitlines()[3]


def test_yesterdays_statement_is_fetched_once(merchant: int, account: str) -> None:
    early = NOW.replace(hour=1)

    fetched = [fetch_for_merchant(merchant_id=merchant, now=now) for now in (early, NOW, NOW)]

    with tenancy.scope(merchant_id=merchant):
        (file,) = files_page(merchant_id=merchant, before_id=2**62, limit=9)
    assert fetched == [0, 1, 0]
    assert (file.account_code, file.day, file.state) == (account, DAY, "received")
    done = work_on_file(merchant_id=merchant, file_id=file.id, now=NOW)
    assert (done.state, done.lines, done.differences) == ("matched", 0, 0)


@pytest.mark.parametrize("wrap", [gzip.compress, lambda raw: zipped({"20887_业务明细.csv": raw})])
def test_a_packed_file_is_the_same_file(
    merchant: int, account: str, wrap: Callable[[bytes], bytes]
) -> None:
    content = simulated_file([line("T1", 1)])

    plain = receive(merchant, content)
    packed = receive(merchant, wrap(content))

    assert packed.id == plain.id


def test_what_unpacks_to_far_more_than_it_is_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        pack(io.BytesIO(gzip.compress(bytes(64 << 20))))
    with pytest.raises(FileTooLarge):
        pack(io.BytesIO(zipped({"a.csv": bytes(64 << 20)})))
    with pytest.raises(FileTooLarge):
        pack(io.BytesIO(b"0" * 1_001), most_bytes=1_000)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(gzip.compress(b"a" * 1_000, mtime=0)[:-9], id="half of a file"),
        pytest.param(b"\x1f\x8b" + bytes(40), id="gzip by its first bytes"),
        pytest.param(b"PK\x03\x04" + bytes(40), id="zip by its first bytes"),
        pytest.param("two", id="two tables"),
    ],
)
def test_what_is_no_packed_file_is_refused(content: bytes | str) -> None:
    raw = zipped({"a.csv": b"1", "b.csv": b"2"}) if isinstance(content, str) else content

    with pytest.raises(FileUnreadable):
        pack(io.BytesIO(raw))


def test_the_summary_beside_the_lines_is_left_alone() -> None:
    packed = pack(io.BytesIO(zipped({"1_业务明细(汇总).csv": b"sums", "1_业务明细.csv": b"lines"})))

    assert b"".join(unpack(packed.parts)) == b"lines"


def zipped(content_by_name: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in content_by_name.items():
            archive.writestr(name, content)
    return sink.getvalue()

"""Statement files are read whole, or refused with line, column and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.reconciliation.contracts import FileFormat, Row
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats import READERS, check, read, split_lines
from santong.reconciliation.rules.formats.fields import Wrong, minor, minor_rounded
from santong.reconciliation.tests.statements import (
    ALIPAY,
    BANK,
    SIMULATED,
    WECHAT_FUNDS,
    WECHAT_TRADE,
    simulated_file,
)

DAY = date(2026, 11, 10)
FILES: dict[FileFormat, bytes] = {
    "simulated": SIMULATED,
    "alipay": ALIPAY,
    "wechat_trade": WECHAT_TRADE,
    "wechat_funds": WECHAT_FUNDS,
    "bank": BANK,
}


def rows_of(content: bytes, file_format: FileFormat) -> list[Row]:
    return list(read(split_lines([content]), file_format=file_format, day=DAY, currency="CNY"))


def refused(content: bytes, file_format: FileFormat) -> FileUnreadable:
    with pytest.raises(FileUnreadable) as raised:
        rows_of(content, file_format)
    return raised.value


def test_every_format_has_a_file_here() -> None:
    assert FILES.keys() == READERS.keys()


def test_a_simulated_statement() -> None:
    found = rows_of(SIMULATED, "simulated")

    assert found == [
        Row(3, "payment", "T1", "S1", 10_000, 60, "CNY", "2026-11-10T09:00:00+08:00"),
        Row(4, "refund", "R1", "S2", -2_500, -15, "CNY", "2026-11-10T12:00:00+08:00"),
        Row(5, "other", "", "S3", -1, 0, "CNY", "2026-11-10T23:59:59+08:00"),
    ]


def test_alipays_business_bill() -> None:
    found = rows_of(ALIPAY, "alipay")

    assert found == [
        Row(6, "payment", "T1", "2026111022001", 10_000, 60, "CNY", "2026-11-10 09:00:01+08:00"),
        Row(7, "payment", "T2", "2026111022002", 1, 0, "CNY", "2026-11-10 10:30:00+08:00"),
        Row(8, "refund", "R1", "2026111022001", -2_500, 0, "CNY", "2026-11-10 18:00:00+08:00"),
        Row(9, "transfer", "", "2026111022009", -300, 0, "CNY", "2026-11-10 19:00:00+08:00"),
    ]


def test_wechats_trade_bill() -> None:
    found = rows_of(WECHAT_TRADE, "wechat_trade")

    assert found == [
        Row(2, "payment", "T1", "4200000001", 10_000, 60, "CNY", "2026-11-10 09:00:00+08:00"),
        Row(3, "refund", "R1", "5030000001", -2_500, -15, "CNY", "2026-11-10 12:00:00+08:00"),
    ]


def test_wechats_bill_of_funds() -> None:
    found = rows_of(WECHAT_FUNDS, "wechat_funds")

    assert [(row.kind, row.our_reference, row.amount_minor) for row in found] == [
        ("payment", "T1", 10_000),
        ("fee", "T1", -60),
        ("refund", "R1", -2_500),
        ("transfer", "W1", -7_000),
        ("other", "X1", 100),
    ]


def test_a_banks_list() -> None:
    found = rows_of(BANK, "bank")

    assert found == [
        Row(2, "payment", "", "B1", 994_000, 0, "CNY", "2026-11-10T08:15:00+08:00"),
        Row(3, "transfer", "TR-20261110-7", "B2", -50_000, 0, "CNY", "2026-11-10T09:00:00+08:00"),
        Row(4, "fee", "", "B3", -50, 0, "CNY", "2026-11-10T09:00:01+08:00"),
        Row(
            5,
            "transfer_returned",
            "TR-20261110-7",
            "B4",
            50_000,
            0,
            "CNY",
            "2026-11-10T16:00:00+08:00",
        ),
    ]


def test_a_banks_list_may_stand_newest_first_and_in_gb18030() -> None:
    head, *rest = BANK.decode().splitlines()

    found = rows_of("\n".join([head, *reversed(rest)]).encode("gb18030"), "bank")

    assert [row.their_reference for row in found] == ["B4", "B3", "B2", "B1"]


def test_older_trade_bills_call_the_sums_otherwise() -> None:
    older = (
        WECHAT_TRADE.decode()
        .replace(",应结订单金额", ",总金额")
        .replace("应结订单总金额", "总交易额")
        .replace(",退款总金额", ",总退款金额")
    )

    assert len(rows_of(older.encode(), "wechat_trade")) == 2


def test_a_comma_in_the_name_of_goods_is_no_column() -> None:
    named = WECHAT_TRADE.replace("`羊绒大衣".encode(), '`大衣, "红", `L'.encode())

    assert len(rows_of(named, "wechat_trade")) == 2


@pytest.mark.parametrize("file_format", FILES)
def test_what_a_file_comes_to(file_format: FileFormat) -> None:
    rows = rows_of(FILES[file_format], file_format)

    totals = check(
        split_lines([FILES[file_format]]), file_format=file_format, day=DAY, currency="CNY"
    )

    assert (totals.lines, totals.amount_minor, totals.fee_minor) == (
        len(rows),
        sum(row.amount_minor for row in rows),
        sum(row.fee_minor for row in rows),
    )


@pytest.mark.parametrize("file_format", FILES)
def test_no_line_goes_missing_unnoticed(file_format: FileFormat) -> None:
    lines = split(FILES[file_format])
    whole = rows_of(FILES[file_format], file_format)

    for row in whole[1:-1] or whole[:1]:
        less = join([line for number, line in enumerate(lines, start=1) if number != row.line])
        refused(less, file_format)


@pytest.mark.parametrize("file_format", [name for name in FILES if name != "bank"])
def test_a_file_that_is_cut_off_is_refused(file_format: FileFormat) -> None:
    lines = split(FILES[file_format])
    # Below its sums Alipay only says when it has written the file.
    needed = len(lines) - (1 if file_format == "alipay" else 0)

    for kept in range(needed):
        refused(join(lines[:kept]), file_format)


@pytest.mark.parametrize("file_format", FILES)
def test_a_file_of_another_day_is_refused(file_format: FileFormat) -> None:
    with pytest.raises(FileUnreadable) as raised:
        list(
            read(
                split_lines([FILES[file_format]]),
                file_format=file_format,
                day=date(2026, 11, 20),
                currency="CNY",
            )
        )

    assert "2026-11-20" in raised.value.reason


@pytest.mark.parametrize(
    ("file_format", "before", "after", "line", "column"),
    [
        ("simulated", b"10000,60", b"10000.5,60", 3, "amount_minor"),
        ("simulated", b"2026-11-10T12:00:00", b"yesterday", 4, "time"),
        ("simulated", b"#total,3,,,7499,45", b"#total,3,,,7498,45", 6, "amount_minor"),
        ("simulated", b"#total,3,,,7499,45", b"#total,4,,,7499,45", 6, "lines"),
        ("simulated", b"CNY,3,1000", b"CNY,2,1000", 6, "lines"),
        ("simulated", b",8454", b",8455", 1, "balance"),
        ("simulated", b"2026-11-10,CNY", b"2026-11-10,USD", 1, "currency"),
        ("wechat_trade", b"`100.00,`0.00,`0,`0,", b"`1OO.00,`0.00,`0,`0,", 2, "应结订单金额"),
        ("wechat_trade", b"`2,`100.00", b"`3,`100.00", 5, "总交易单数"),
        ("wechat_trade", b"`2,`100.00", b"`2,`100.01", 5, "应结订单总金额"),
        ("wechat_funds", b"`75.40,", b"`75.41,", 4, "账户结余(元)"),
        ("bank", b"8900.00", b"8900.01", 3, "balance"),
    ],
)
def test_a_refusal_names_line_and_column(
    file_format: FileFormat, before: bytes, after: bytes, line: int, column: str
) -> None:
    assert FILES[file_format].count(before) == 1

    problem = refused(FILES[file_format].replace(before, after), file_format)

    assert (problem.line, problem.column) == (line, column)


def test_alipays_own_sums_are_compared() -> None:
    text = ALIPAY.decode("gb18030")

    fewer = refused(text.replace("交易合计：2笔", "交易合计：1笔").encode("gb18030"), "alipay")
    less = refused(text.replace("共100.01元", "共100.02元").encode("gb18030"), "alipay")

    assert (fewer.column, less.column) == ("交易", "交易")


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("0", "CNY", 0),
        ("", "CNY", 0),
        ("1,234.5", "CNY", 123_450),
        ("-0.01", "CNY", -1),
        ("0.60000", "CNY", 60),
        ("1200", "JPY", 1200),
    ],
)
def test_amounts(text: str, currency: str, found: int) -> None:
    assert minor(text, currency) == found


@pytest.mark.parametrize("text", ["1.005", "1e3", "\u0661", "--1", "1.", "nan", "1 0", "9" * 14])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Wrong):
        minor(text, "CNY")


@pytest.mark.parametrize(
    ("text", "found"), [("0.00499", 0), ("0.005", 1), ("-0.005", -1), ("-0.60000", -60)]
)
def test_fees_are_rounded_half_away_from_nothing(text: str, found: int) -> None:
    assert minor_rounded(text, "CNY") == found


@given(cents=st.integers(min_value=-(10**14), max_value=10**14))
def test_not_one_fen_is_lost_in_reading(cents: int) -> None:
    sign = "-" if cents < 0 else ""
    text = f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"

    assert minor(text, "CNY") == cents


@given(pieces=st.lists(st.binary(max_size=40).map(lambda raw: raw.replace(b"\r", b"")), max_size=8))
def test_lines_are_the_same_however_they_are_cut(pieces: Sequence[bytes]) -> None:
    whole = b"".join(pieces)
    lines = whole.split(b"\n")

    found = list(split_lines(pieces))

    assert found == (lines if lines[-1] else lines[:-1])


@given(
    amounts=st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6)), max_size=30
    )
)
def test_what_is_written_is_read(amounts: list[tuple[int, int]]) -> None:
    rows = [
        Row(n, "payment", f"T{n}", f"S{n}", amount, fee, "CNY", "2026-11-10T10:00:00+08:00")
        for n, (amount, fee) in enumerate(amounts, start=3)
    ]

    assert rows_of(simulated_file(rows), "simulated") == rows


def split(content: bytes) -> list[bytes]:
    return content.splitlines()


def join(lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)

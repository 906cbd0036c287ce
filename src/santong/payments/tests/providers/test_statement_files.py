"""A statement comes out of what it is packed in, whole or not at all."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.payments.contracts.providers import Unreachable
from santong.payments.providers import statement_files
from santong.payments.providers.statement_files import plain_file
from santong.payments.tests.providers.alipay_side import packed

LINES = "交易号,金额\r\n1,0.01\r\n"


def zipped(*files: tuple[str, bytes]) -> bytes:
    packing = io.BytesIO()
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files:
            folder.writestr(name, content)
    return packing.getvalue()


@given(text=st.text(alphabet=st.characters(codec="gbk"), max_size=200))
def test_what_was_packed_comes_out_letter_by_letter(text: str) -> None:
    lines = f"交易号{text}"

    assert plain_file(packed=gzip.compress(lines.encode())) == lines.encode()
    assert plain_file(packed=packed(lines)) == lines.encode("gbk")
    assert plain_file(packed=lines.encode()) == lines.encode()


def test_the_summary_is_not_the_statement_however_long_it_is() -> None:
    names = zipped(("1_业务明细(汇总).csv", b"x" * 10_000), ("1_业务明细.csv", LINES.encode()))

    assert plain_file(packed=names) == LINES.encode()
    assert plain_file(packed=packed(LINES)) == LINES.encode("gbk")


@pytest.mark.parametrize(
    "broken",
    [
        gzip.compress(LINES.encode())[:-9],
        gzip.compress(LINES.encode())[:-1] + b"x",
        b"\x1f\x8b",
        packed(LINES)[:60],
        b"PK\x03\x04",
        zipped(),
        zipped(("汇总.csv", b"1")),
        zipped(("folder/", b"")),
    ],
    ids=["cut gzip", "changed gzip", "no gzip", "cut zip", "no zip", "empty", "summary", "folder"],
)
def test_what_is_not_whole_is_fetched_again(broken: bytes) -> None:
    with pytest.raises(Unreachable) as unreachable:
        plain_file(packed=broken)

    assert unreachable.value.args == ("statement_not_readable",)


def test_what_would_not_fit_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_files, "LARGEST_STATEMENT", 1_000)

    for large in (gzip.compress(b"0" * 1_001), zipped(("1.csv", b"0" * 1_001))):
        with pytest.raises(Unreachable):
            plain_file(packed=large)
    assert plain_file(packed=gzip.compress(b"0" * 1_000)) == b"0" * 1_000

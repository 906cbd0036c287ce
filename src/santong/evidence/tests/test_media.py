"""What a file is, its bytes say; what it may be, its kind."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.evidence.contracts import KINDS, Kind
from santong.evidence.rules.media import MOST_BYTES_BY_KIND, TYPES_BY_KIND, checked_type, sniffed
from santong.evidence.tests.factories import FILM, PDF, make_photo
from santong.kernel.errors import FieldInvalid


class Case(NamedTuple):
    name: str
    content: bytes
    media_type: str


CASES = [
    Case("a JPEG", make_photo(), "image/jpeg"),
    Case("a PNG", make_photo(format="PNG"), "image/png"),
    Case("a WebP", make_photo(format="WEBP"), "image/webp"),
    Case("a telephone's HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
    Case("an AVIF is not taken", b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", ""),
    Case("a film", FILM, "video/mp4"),
    Case("a film of an iPhone", b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime"),
    Case("a paper", PDF, "application/pdf"),
    Case("a chat", '[{"who": "buyer", "said": "少了一条腿"}]'.encode(), "application/json"),
    Case("words", "沙发少了一条腿\n".encode(), "text/plain"),
    Case("words that begin like JSON", b"[9:41] hello", "text/plain"),
    Case("a script is words, never a page", b"<script>alert(1)</script>", "text/plain"),
    Case("a program", b"\x7fELF\x02\x01\x01\x00", ""),
    Case("words of another encoding", "沙发".encode("gb18030"), ""),
    Case("nothing", b"", "text/plain"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_what_its_bytes_are(case: Case) -> None:
    assert sniffed(case.content) == case.media_type


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_takes_its_types_and_refuses_all_others(kind: Kind) -> None:
    for case in CASES[:-1]:
        if case.media_type in TYPES_BY_KIND[kind]:
            assert checked_type(kind=kind, content=case.content, pointer="/f") == case.media_type
        else:
            with pytest.raises(FieldInvalid) as refused:
                checked_type(kind=kind, content=case.content, pointer="/f")
            assert refused.value.pointer == "/f"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_may_be_as_large_as_its_kind_and_not_a_byte_larger(kind: Kind) -> None:
    first = FILM if kind == "video" else make_photo()
    most = first + b"\x00" * (MOST_BYTES_BY_KIND[kind] - len(first))

    checked_type(kind=kind, content=most, pointer="/file")
    with pytest.raises(FieldInvalid, match="at most"):
        checked_type(kind=kind, content=most + b"\x00", pointer="/file")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FieldInvalid, match="empty"):
        checked_type(kind="document", content=b"", pointer="/file")


@given(content=st.binary(max_size=400))
def test_no_bytes_break_the_sniffer(content: bytes) -> None:
    assert sniffed(content) in {"", *frozenset[str]().union(*TYPES_BY_KIND.values())}

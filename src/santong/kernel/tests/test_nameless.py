"""What stays for ever names nobody."""

from __future__ import annotations

import pytest

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_name, check_prose, names_somebody, without_persons


@pytest.mark.parametrize(
    "prose", ["call 13977665544", "+86 139 7766 5544", "021-6333-8888 1", "w@example.com", "a @ b"]
)
def test_prose_with_a_number_or_an_address_is_refused(prose: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        check_prose(prose, pointer="/reason")

    assert refused.value.pointer == "/reason"


@pytest.mark.parametrize("prose", ["", "order 123456789 came late", "被退回，2026-11-11 已核"])
def test_prose_without_one_passes(prose: str) -> None:
    check_prose(prose)


@pytest.mark.parametrize(
    "name",
    ["13977665544", "welcome:13977665544", "claim/+86-139-7766-5544", "w.li@example.com/1"],
)
def test_a_system_calls_nothing_by_somebodys_number(name: str) -> None:
    with pytest.raises(FieldInvalid):
        check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "2026112200013977665544",
        "0190f3c2-7c1e-7a3b-8e52-a13977665544",
        "order:17",
        "12345678901",
        "T13977665544",
        "line@2",
    ],
)
def test_long_numbers_of_systems_pass(name: str) -> None:
    assert not names_somebody(name)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("TimeoutError: no answer", "TimeoutError: no answer"),
        ("13977665544 is unknown", "… is unknown"),
        ("unknown: wang@example.com, +86 139-7766-5544", "unknown: …, +…"),
        ("error 502 at 10:24", "error 502 at 10:24"),
    ],
)
def test_what_others_say_is_kept_without_persons(said: str, kept: str) -> None:
    assert without_persons(said) == kept

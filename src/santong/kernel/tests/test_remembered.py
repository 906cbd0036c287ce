"""What a process remembers for a few seconds."""

from __future__ import annotations

import pytest
from django.db import transaction

from santong.kernel.remembered import Remembered


class Shelf:
    """A value that counts how often it was read."""

    def __init__(self) -> None:
        self.value = "old"
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        return self.value


def test_reads_once_and_again_when_the_seconds_have_passed() -> None:
    shelf, remembered, forgetful = (
        Shelf(),
        Remembered[str, str](seconds=60),
        Remembered[str, str](seconds=0),
    )

    for _ in range(3):
        remembered.get("a", shelf.read)
    assert shelf.reads == 1

    for _ in range(3):
        forgetful.get("a", shelf.read)
    assert shelf.reads == 4


def test_a_refusal_is_not_remembered() -> None:
    remembered = Remembered[str, str](seconds=60)

    def refuse() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        remembered.get("a", refuse)

    assert remembered.get("a", lambda: "there now") == "there now"


def test_what_is_changed_is_read_again_in_the_transaction_and_after_it(merchant: int) -> None:
    shelf, remembered = Shelf(), Remembered[str, str](seconds=60)
    remembered.get("a", shelf.read)

    with transaction.atomic():
        shelf.value = "new"
        remembered.forget()
        assert remembered.get("a", shelf.read) == "new"
        shelf.value = "newer"
        assert remembered.get("a", shelf.read) == "newer"

    assert remembered.get("a", shelf.read) == "newer"
    shelf.value = "not looked at"
    assert remembered.get("a", shelf.read) == "newer"


def test_what_is_rolled_back_was_never_remembered(merchant: int) -> None:
    shelf, remembered = Shelf(), Remembered[str, str](seconds=60)

    with transaction.atomic():
        shelf.value = "never committed"
        remembered.forget()
        remembered.get("a", shelf.read)
        transaction.set_rollback(True)
    shelf.value = "old"

    assert remembered.get("a", shelf.read) == "old"


def test_holds_no_more_than_it_is_told_to() -> None:
    shelf, remembered = Shelf(), Remembered[int, str](seconds=60, most=10)

    for number in range(25):
        remembered.get(number, shelf.read)

    assert len(remembered._kept) <= 10  # noqa: SLF001

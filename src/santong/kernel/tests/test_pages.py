"""Cursor pages and ids from outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of, page_of

ids = st.integers(min_value=1, max_value=LARGEST_ID)


@given(ids)
def test_a_cursor_says_where_the_next_page_begins(last_id: int) -> None:
    assert before_id(cursor_after(last_id)) == last_id


@given(st.text(max_size=60))
def test_whatever_somebody_sends_as_cursor_is_an_id_or_refused(text: str) -> None:
    try:
        found = before_id(text)
    except FieldInvalid:
        return
    assert 0 < found <= LARGEST_ID


@given(st.text(max_size=60))
def test_whatever_somebody_sends_as_id_is_an_id_or_nothing(text: str) -> None:
    try:
        found = id_of(text, kind="brand")
    except NoSuch:
        return
    assert 0 < found <= LARGEST_ID


@given(ids)
def test_an_id_comes_back_as_it_went_out(number: int) -> None:
    assert id_of(str(number), kind="brand") == number


@pytest.mark.parametrize("text", ["0", "-1", "1e3", "\uff11\uff12", str(LARGEST_ID + 1), "", " 1"])
def test_what_is_no_id_names_nothing(text: str) -> None:
    with pytest.raises(NoSuch):
        id_of(text, kind="brand")


def test_walking_the_pages_shows_each_row_once() -> None:
    rows = list(range(23, 0, -1))
    seen: list[int] = []
    cursor: str | None = None

    for _ in range(10):
        below = [row for row in rows if row < before_id(cursor)][: 5 + 1]
        page = page_of(below, limit=5, ids=below)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == rows


def test_the_last_page_has_no_next() -> None:
    page = page_of(["only"], limit=5, ids=[1])

    assert (page.items, page.next_cursor) == (["only"], None)

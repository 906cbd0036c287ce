"""A link opens what it was made for, and nothing else does."""

from __future__ import annotations

import base64

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.links import Link, link_of, token_of

IDS = st.integers(min_value=1, max_value=2**63 - 1)
LINKS = st.builds(
    Link, merchant_id=IDS, thing_id=IDS, round=st.integers(min_value=0, max_value=2**32 - 1)
)
HERE = "fieldservice.visit"
LINK = Link(merchant_id=7, thing_id=9, round=1)
URL_LETTERS = st.characters(codec="ascii", categories=("L", "N"), include_characters="-_")


@given(link=LINKS)
def test_a_token_says_what_it_opens_and_is_written_in_one_way(link: Link) -> None:
    token = token_of(purpose=HERE, link=link)

    assert link_of(purpose=HERE, token=token) == link
    assert token_of(purpose=HERE, link=link) == token
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(link=LINKS, bit=st.integers(min_value=0, max_value=36 * 8 - 1))
def test_no_token_with_another_bit_opens_anything(link: Link, bit: int) -> None:
    packed = bytearray(base64.urlsafe_b64decode(token_of(purpose=HERE, link=link)))
    packed[bit // 8] ^= 1 << bit % 8

    assert link_of(purpose=HERE, token=base64.urlsafe_b64encode(packed).decode()) is None


@given(link=LINKS, other=LINKS)
def test_the_proof_of_one_link_opens_no_other(link: Link, other: Link) -> None:
    token, another = token_of(purpose=HERE, link=link), token_of(purpose=HERE, link=other)
    mixed = base64.urlsafe_b64decode(another)[:20] + base64.urlsafe_b64decode(token)[20:]

    opened = link_of(purpose=HERE, token=base64.urlsafe_b64encode(mixed).decode())

    assert opened == (link if link == other else None)


@given(link=LINKS, purpose=st.text(max_size=30).filter(lambda text: text != HERE))
def test_a_token_opens_nothing_of_another_purpose(link: Link, purpose: str) -> None:
    assert link_of(purpose=purpose, token=token_of(purpose=HERE, link=link)) is None


@given(token=st.one_of(st.text(URL_LETTERS, min_size=48, max_size=48), st.text(max_size=60)))
def test_what_nobody_of_ours_wrote_opens_nothing(token: str) -> None:
    assert link_of(purpose=HERE, token=token) is None


@pytest.mark.parametrize("swap", [("-", "+"), ("_", "/")])
def test_the_other_alphabet_opens_nothing(swap: tuple[str, str]) -> None:
    ours, theirs = swap
    tokens = (
        token_of(purpose=HERE, link=Link(merchant_id=7, thing_id=number, round=1))
        for number in range(1, 200)
    )
    token = next(each for each in tokens if ours in each)

    assert link_of(purpose=HERE, token=token) is not None
    assert link_of(purpose=HERE, token=token.replace(ours, theirs)) is None


def test_a_token_of_the_secret_before_opens_while_that_is_a_fallback() -> None:
    with override_settings(SECRET_KEY="before"):
        old = token_of(purpose=HERE, link=LINK)

    with override_settings(SECRET_KEY="now", SECRET_KEY_FALLBACKS=["older", "before"]):
        kept, new = link_of(purpose=HERE, token=old), token_of(purpose=HERE, link=LINK)
    with override_settings(SECRET_KEY="now", SECRET_KEY_FALLBACKS=[]):
        gone, good = link_of(purpose=HERE, token=old), link_of(purpose=HERE, token=new)

    assert (kept, gone, good) == (LINK, None, LINK)
    assert new != old

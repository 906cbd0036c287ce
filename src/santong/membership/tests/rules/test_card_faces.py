"""Text on a card can be read, or the card is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel.errors import FieldInvalid
from santong.membership.contracts.members import CardFace
from santong.membership.errors import CardUnreadable
from santong.membership.rules.card_faces import clean_face, contrast

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


# As the Web Content Accessibility Guidelines and their checkers give them.
@pytest.mark.parametrize(
    ("one", "other", "hundredths"),
    [
        ("#000000", "#ffffff", 2_100),
        ("#ffffff", "#ffffff", 100),
        ("#777777", "#ffffff", 447),
        ("#767676", "#ffffff", 454),
        ("#ff0000", "#ffffff", 399),
        ("#0000ff", "#ffffff", 859),
        ("#ffff00", "#ffffff", 107),
    ],
)
def test_a_contrast_is_what_the_guidelines_say(one: str, other: str, hundredths: int) -> None:
    assert contrast(one, other) == hundredths


def answer_to(face: CardFace) -> object:
    try:
        return clean_face(face)
    except CardUnreadable as refused:
        return "unreadable", refused.contrast_hundredths, refused.least_hundredths


@given(one=colours, other=colours)
def test_a_face_is_taken_exactly_when_it_can_be_read(one: str, other: str) -> None:
    apart = contrast(one, other)
    face = CardFace(ground=one.upper(), ink=other)

    assert contrast(other, one) == apart
    assert 100 <= apart <= 2_100
    assert answer_to(face) == (
        CardFace(ground=one, ink=other) if apart >= 450 else ("unreadable", apart, 450)
    )


@pytest.mark.parametrize(
    ("face", "pointer"),
    [
        (CardFace(ground="#000000"), "/ink"),
        (CardFace(ink="#000000"), "/ground"),
        (CardFace(ground="black", ink="#ffffff"), "/ground"),
        (CardFace(ground="#000", ink="#ffffff"), "/ground"),
        (CardFace(ground="#000000", ink="#ffffff;}"), "/ink"),
        (CardFace(picture="https://other.invalid/a.png", picture_alt="a bird"), "/picture"),
        (CardFace(picture="//other.invalid/a.png", picture_alt="a bird"), "/picture"),
        (CardFace(picture="/static/../a.png", picture_alt="a bird"), "/picture"),
        (CardFace(picture='/static/a".png', picture_alt="a bird"), "/picture"),
        (CardFace(picture="/static/a.png"), "/picture_alt"),
        (CardFace(picture_alt="a bird"), "/picture_alt"),
    ],
)
def test_what_could_not_be_shown_is_refused_at_its_field(face: CardFace, pointer: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        clean_face(face)

    assert refused.value.pointer == pointer


def test_a_face_of_the_house_and_one_with_a_picture_are_taken() -> None:
    whole = CardFace(
        ground="#083f33", ink="#ffffff", picture="/static/crane.svg", picture_alt="A crane"
    )

    assert clean_face(CardFace()) == CardFace()
    assert clean_face(whole) == whole

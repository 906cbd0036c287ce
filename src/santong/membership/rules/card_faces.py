"""What a card may look like: whoever reads it must be able to."""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid
from santong.membership.contracts.members import CardFace
from santong.membership.errors import CardUnreadable

LONGEST_PICTURE = 200
LONGEST_ALT = 120
# WCAG 2.2, success criterion 1.4.3, for text of any size.
LEAST_CONTRAST = 450

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
# A file of this host: nothing else may be loaded by a page.
_PICTURE = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._-]*)+\.(png|jpg|jpeg|webp|svg)", re.ASCII)
_UNIT = 1_000_000_000
# Below this share a channel's light is linear (IEC 61966-2-1).
_DIM = 0.04045
_GLARE = _UNIT // 20


def _linear(channel: int) -> int:
    """The light of one channel of sRGB, in billionths."""
    share = channel / 255
    light = share / 12.92 if share <= _DIM else ((share + 0.055) / 1.055) ** 2.4
    return round(light * _UNIT)


_LIGHT = tuple(_linear(channel) for channel in range(256))


def contrast(one: str, other: str) -> int:
    """How far two colours stand apart, in hundredths: 100 for the same, 2100 for black on white."""
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + _GLARE) * 100 // (dark + _GLARE)


def clean_face(face: CardFace) -> CardFace:
    """A face as it is kept: both colours or none, readable; a picture with its words.

    Raises FieldInvalid, CardUnreadable.
    """
    ground, ink = (_colour(face.ground, "/ground"), _colour(face.ink, "/ink"))
    if bool(ground) != bool(ink):
        raise FieldInvalid(
            pointer="/ink" if ground else "/ground", reason="both colours, or none of them"
        )
    if ground and (found := contrast(ground, ink)) < LEAST_CONTRAST:
        raise CardUnreadable(contrast_hundredths=found, least_hundredths=LEAST_CONTRAST)
    picture, words = face.picture.strip(), face.picture_alt.strip()
    if picture and (len(picture) > LONGEST_PICTURE or not _PICTURE.fullmatch(picture)):
        raise FieldInvalid(pointer="/picture", reason="a picture's path on this host")
    if len(words) > LONGEST_ALT or not words.isprintable() or bool(words) != bool(picture):
        raise FieldInvalid(
            pointer="/picture_alt", reason=f"with a picture, 1 to {LONGEST_ALT} characters"
        )
    return CardFace(ground=ground, ink=ink, picture=picture, picture_alt=words)


def _colour(text: str, pointer: str) -> str:
    colour = text.strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        raise FieldInvalid(pointer=pointer, reason="a colour as #rrggbb")
    return colour


def _luminance(colour: str) -> int:
    red, green, blue = (_LIGHT[int(colour[at : at + 2], 16)] for at in (1, 3, 5))
    return (2_126 * red + 7_152 * green + 722 * blue) // 10_000

"""What a file is, by its bytes, and whether a kind of evidence may be that.

What a browser or a name says of a file is not believed. Sources: JPEG (ITU-T T.81 B.1), PNG (W3C
PNG 5.2), WebP (RFC 9649), files by brand (ISO/IEC 14496-12 4.3), PDF (ISO 32000-1 7.5.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from santong.evidence.contracts import Kind
from santong.kernel.errors import FieldInvalid

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
MP4, MOV, PDF = "video/mp4", "video/quicktime", "application/pdf"
JSON, TEXT = "application/json", "text/plain"

_PICTURES: Final = frozenset({JPEG, PNG, WEBP, HEIC})
TYPES_BY_KIND: Final[Mapping[Kind, frozenset[str]]] = {
    "photo": _PICTURES,
    "video": frozenset({MP4, MOV}),
    "chat": _PICTURES | {PDF, JSON, TEXT},
    "signature": frozenset({PNG, JPEG, WEBP}),
    "scan": _PICTURES | {PDF},
    "document": _PICTURES | {PDF, JSON, TEXT},
}
_MEGA: Final = 1024 * 1024
# A file is sealed and opened as a whole, in memory: that is what bounds a video.
MOST_BYTES_BY_KIND: Final[Mapping[Kind, int]] = {
    "photo": 20 * _MEGA,
    "video": 64 * _MEGA,
    "chat": 10 * _MEGA,
    "signature": _MEGA,
    "scan": 20 * _MEGA,
    "document": 20 * _MEGA,
}

_BRAND_AT: Final = 8
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"})
_MP4_BRANDS: Final = frozenset(
    (
        *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso8", b"mp41", b"mp42"),
        *(b"avc1", b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6"),
    )
)
_PLAIN_CONTROLS: Final = frozenset("\t\n\r\f")


def checked_type(*, kind: Kind, content: bytes, pointer: str) -> str:
    """The type of a file that may stand as evidence of a kind. Raises FieldInvalid."""
    if not content:
        raise FieldInvalid(pointer=pointer, reason="an empty file")
    most = MOST_BYTES_BY_KIND[kind]
    if len(content) > most:
        raise FieldInvalid(
            pointer=pointer, reason=f"a {kind} has at most {most} bytes, this one {len(content)}"
        )
    found = sniffed(content)
    if found not in TYPES_BY_KIND[kind]:
        wanted = ", ".join(sorted(TYPES_BY_KIND[kind]))
        raise FieldInvalid(
            pointer=pointer, reason=f"a {kind} is {wanted}, not {found or 'something unknown'}"
        )
    return found


def sniffed(content: bytes) -> str:
    """What the bytes are; nothing, if they are none of the types that are taken."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp":
        return _of_brand(content)
    if content.startswith(b"%PDF-"):
        return PDF
    return _written(content)


def _of_brand(content: bytes) -> str:
    brand = content[_BRAND_AT : _BRAND_AT + 4]
    if brand in _HEIC_BRANDS and b"avif" not in _compatible_brands(content):
        return HEIC
    if brand == b"qt  ":
        return MOV
    return MP4 if brand in _MP4_BRANDS else ""


def _compatible_brands(content: bytes) -> list[bytes]:
    end = min(int.from_bytes(content[:4], "big"), len(content), 256)
    return [content[place : place + 4] for place in range(16, end, 4)]


def _written(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    if any(each < " " and each not in _PLAIN_CONTROLS for each in text):
        return ""
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return TEXT
        return JSON
    return TEXT

"""The binary frames of TOP's message channel, little-endian, as its client libraries write them.

`byte version`, `byte type`, then headers, each `int16 kind` and a value, ended by `int16 0`. What
a reader does not know is refused: a frame cannot be read past it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

VERSION: Final = 2
CONNECT, CONNECT_ACK, SEND, SEND_ACK = 0, 1, 2, 3
PULL, CONFIRM, DATA, FAILED = 1, 2, 3, 20
KIND: Final = "__kind"

_END, _CUSTOM, _STATUS, _PHRASE, _FLAG, _TOKEN = range(6)
LONGEST_FRAME: Final = 1 << 20
HEADERS_MOST: Final = 200

Format = Literal["void", "text", "byte", "int16", "int32", "int64", "date", "bytes"]
_FORMATS: Final[tuple[Format, ...]] = (
    "void",
    "text",
    "byte",
    "int16",
    "int32",
    "int64",
    "date",
    "bytes",
)
_NUMBERS: Final[Mapping[Format, struct.Struct]] = {
    "byte": struct.Struct("<B"),
    "int16": struct.Struct("<h"),
    "int32": struct.Struct("<i"),
    "int64": struct.Struct("<q"),
    "date": struct.Struct("<q"),
}
_INT16: Final = struct.Struct("<h")
_INT32: Final = struct.Struct("<i")


class FrameInvalid(ValueError):
    """What came is no frame."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the format in which it is written; a date is milliseconds since 1970."""

    format: Format
    value: int | str | bytes | None

    @property
    def text(self) -> str:
        """What was written, if it is text; else its number as text, or nothing."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        """What was written, if it is a number."""
        return self.value if isinstance(self.value, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame."""

    type: int
    status: int | None = None
    phrase: str | None = None
    flag: int | None = None
    token: str | None = None
    content: Mapping[str, Value] = field(default_factory=dict[str, Value])

    @property
    def kind(self) -> int | None:
        """What a SEND is about."""
        found = self.content.get(KIND)
        return found.number if found else None

    def text(self, name: str) -> str:
        """A text of the content, or nothing."""
        found = self.content.get(name)
        return found.text if found else ""


def text(value: str) -> Value:
    """A text, as content."""
    return Value("text", value)


def byte(value: int) -> Value:
    """A small number, as content."""
    return Value("byte", value)


def int64(value: int) -> Value:
    """A whole number, as content."""
    return Value("int64", value)


def date(milliseconds: int) -> Value:
    """An instant, as content."""
    return Value("date", milliseconds)


def encode(frame: Frame) -> bytes:
    """A frame as it is sent: its own headers by their numbers, then the content in its order."""
    parts = [bytes((VERSION, frame.type))]
    if frame.status is not None:
        parts += [_INT16.pack(_STATUS), _INT32.pack(frame.status)]
    if frame.phrase is not None:
        parts += [_INT16.pack(_PHRASE), _octets(frame.phrase.encode())]
    if frame.flag is not None:
        parts += [_INT16.pack(_FLAG), _INT32.pack(frame.flag)]
    if frame.token is not None:
        parts += [_INT16.pack(_TOKEN), _octets(frame.token.encode())]
    for name, value in frame.content.items():
        parts += [_INT16.pack(_CUSTOM), _octets(name.encode()), _written(value)]
    parts.append(_INT16.pack(_END))
    return b"".join(parts)


def decode(body: bytes) -> Frame:
    """Read a frame. Raises FrameInvalid for whatever is none, and for one with a tail."""
    if len(body) > LONGEST_FRAME:
        raise FrameInvalid("too long")
    reader = _Reader(body)
    if reader.number("byte") != VERSION:
        raise FrameInvalid("another version")
    kind = reader.number("byte")
    if kind not in {CONNECT, CONNECT_ACK, SEND, SEND_ACK}:
        raise FrameInvalid("an unknown type")
    numbers: dict[int, int] = {}
    texts: dict[int, str] = {}
    content: dict[str, Value] = {}
    for _ in range(HEADERS_MOST):
        header = reader.number("int16")
        if header == _END:
            break
        if header == _CUSTOM:
            name = reader.text()
            content[name] = reader.value()
        elif header in {_STATUS, _FLAG}:
            numbers[header] = reader.number("int32")
        elif header in {_PHRASE, _TOKEN}:
            texts[header] = reader.text()
        else:
            raise FrameInvalid("an unknown header")
    else:
        raise FrameInvalid("too many headers")
    if not reader.is_at_end:
        raise FrameInvalid("something follows")
    return Frame(
        type=kind,
        status=numbers.get(_STATUS),
        phrase=texts.get(_PHRASE),
        flag=numbers.get(_FLAG),
        token=texts.get(_TOKEN),
        content=content,
    )


class _Reader:
    """Reads from the front, and never past the end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._body)

    def number(self, kind: Format) -> int:
        shape = _NUMBERS[kind]
        (found,) = shape.unpack(self._take(shape.size))
        return int(found)

    def octets(self) -> bytes:
        length = self.number("int32")
        if length < 0:
            raise FrameInvalid("a negative length")
        return self._take(length)

    def text(self) -> str:
        try:
            return self.octets().decode()
        except UnicodeDecodeError:
            raise FrameInvalid("text that is not UTF-8") from None

    def value(self) -> Value:
        number = self.number("byte")
        if number >= len(_FORMATS):
            raise FrameInvalid("an unknown format")
        kind = _FORMATS[number]
        if kind == "void":
            return Value(kind, None)
        if kind == "text":
            return Value(kind, self.text())
        if kind == "bytes":
            return Value(kind, self.octets())
        return Value(kind, self.number(kind))

    def _take(self, length: int) -> bytes:
        found = self._body[self._at : self._at + length]
        if len(found) != length:
            raise FrameInvalid("it ends too early")
        self._at += length
        return found


def _written(value: Value) -> bytes:
    head = bytes((_FORMATS.index(value.format),))
    match value.value:
        case None:
            return head
        case str() as plain:
            return head + _octets(plain.encode())
        case bytes() as plain:
            return head + _octets(plain)
        case int() as number:
            return head + _NUMBERS[value.format].pack(number)


def _octets(value: bytes) -> bytes:
    return _INT32.pack(len(value)) + value

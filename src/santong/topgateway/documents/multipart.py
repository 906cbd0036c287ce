"""The parts of `multipart/form-data`, as browsers, JavaScript and the official Java client write.

The last leaves out blanks (`Content-Disposition:form-data;name="x"`), has a boundary of digits and
names no character set. A part with a file name is a file: it is not signed, and nothing keeps it.
"""

from __future__ import annotations

import logging
from typing import Final, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from santong.topgateway import errors
from santong.topgateway.errors import Refused

LONGEST_BOUNDARY: Final = 200
DISPOSITION: Final = b"content-disposition"

# It warns of every body that is no such document: anybody could fill the log.
logging.getLogger("python_multipart.multipart").setLevel(logging.CRITICAL)


class Parts(NamedTuple):
    """Names and values of text parts, and the names of parts that are files."""

    texts: list[tuple[bytes, bytes]]
    files: list[bytes]


def parts_of(*, body: bytes, boundary: str, most: int) -> Parts:
    """What a body of parts says. Raises Refused: unreadable, unfinished, too many parts."""
    if not boundary or len(boundary) > LONGEST_BOUNDARY or not boundary.isascii():
        raise _unreadable("boundary")
    reader = _Reader(most)
    parser = MultipartParser(
        boundary.encode(),
        {
            "on_part_begin": reader.begin,
            "on_header_field": reader.name_header,
            "on_header_value": reader.say_header,
            "on_header_end": reader.end_header,
            "on_headers_finished": reader.decide,
            "on_part_data": reader.take,
            "on_part_end": reader.end,
            "on_end": reader.finish,
        },
    )
    try:
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError, UnicodeError):
        raise _unreadable("body") from None
    if not reader.is_whole:
        raise _unreadable("body")
    return reader.found


class _Reader:
    """Gathers what the parser tells."""

    def __init__(self, most: int) -> None:
        self.found = Parts([], [])
        self.is_whole = False
        self._most = most
        self._parts = 0
        self._forget_part()

    def begin(self) -> None:
        self._parts += 1
        if self._parts > self._most:
            raise Refused(errors.FORBIDDEN_REQUEST, "isv.request-too-large", "too many parts")
        self._forget_part()

    def name_header(self, sent: bytes, start: int, end: int) -> None:
        self._header += sent[start:end]

    def say_header(self, sent: bytes, start: int, end: int) -> None:
        self._said += sent[start:end]

    def end_header(self) -> None:
        if self._header.strip().lower() == DISPOSITION:
            _, options = parse_options_header(bytes(self._said))
            self._name = options.get(b"name", b"")
            self._is_file = b"filename" in options or b"filename*" in options
        self._header.clear()
        self._said.clear()

    def decide(self) -> None:
        if not self._name:
            raise _unreadable("a part without a name")

    def take(self, sent: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._value += sent[start:end]

    def end(self) -> None:
        if self._is_file:
            self.found.files.append(self._name)
        else:
            self.found.texts.append((self._name, bytes(self._value)))

    def finish(self) -> None:
        self.is_whole = True

    def _forget_part(self) -> None:
        self._header, self._said, self._value = bytearray(), bytearray(), bytearray()
        self._name, self._is_file = b"", False


def _unreadable(what: str) -> Refused:
    return Refused(errors.PARAMETER_ERROR, "isv.invalid-multipart", what)

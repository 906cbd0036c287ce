"""A call as it came over the wire: its parameters, however a client has sent them.

Nothing here knows the application or its secret; what cannot be read is refused with a number of
the platform. The work is linear in what was sent, and what was sent is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from santong.topgateway import errors
from santong.topgateway.contracts import ReadCall
from santong.topgateway.documents.multipart import parts_of
from santong.topgateway.errors import Refused
from santong.topgateway.rules.received import Received

LARGEST_BODY: Final = 1024 * 1024
LONGEST_QUERY: Final = 64 * 1024
LONGEST_TYPE: Final = 300
MOST_PARAMETERS: Final = 200
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
METHODS: Final = frozenset({"GET", "POST"})

_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "gbk", "gb2312", "gb18030"})

Pair = tuple[str, str]


class _Content(NamedTuple):
    kind: str
    charset: str
    boundary: str


def check_length(*, written: str) -> None:
    """Refuse a body that is too long before it is read. Raises Refused."""
    is_number = written.isascii() and written.isdigit() and len(written) < len("1000000000")
    if written and (not is_number or int(written) > LARGEST_BODY):
        raise _too_much(f"the body may have {LARGEST_BODY} bytes")


def read(*, http_method: str, query: str, content_type: str, body: bytes) -> Received:
    """The parameters of query, form and text parts together, each once. Raises Refused.

    A body that is no form is kept as it was sent, for it is signed as it was sent.
    """
    if http_method not in METHODS:
        raise Refused(errors.HTTP_ACTION, "isv.http-method", "GET or POST")
    if len(query) > LONGEST_QUERY or len(body) > LARGEST_BODY or len(content_type) > LONGEST_TYPE:
        raise _too_much("query, body or content type")
    content = _content(content_type)
    if content.charset not in _CHARSETS:
        raise Refused(errors.INVALID_ENCODING, "isv.invalid-encoding", "charset")
    pairs = _pairs(query, content.charset)
    files: tuple[str, ...] = ()
    raw = b""
    if content.kind == FORM:
        pairs += _pairs(_text(body, content.charset), content.charset)
    elif content.kind == MULTIPART and body:
        parts = parts_of(body=body, boundary=content.boundary, most=MOST_PARAMETERS)
        pairs += [(_text(name, "utf-8"), _text(value, "utf-8")) for name, value in parts.texts]
        files = tuple(_text(name, "utf-8") for name in parts.files)
    else:
        raw = body
    return Received(params=_once(pairs), body=raw, files=files)


def read_call(*, http_method: str, query: str, content_type: str, body: bytes) -> ReadCall:
    """A call as the router reads it, for whoever explains one. Raises Refused."""
    found = read(http_method=http_method, query=query, content_type=content_type, body=body)
    return ReadCall(params=found.params, body=found.body)


@lru_cache(maxsize=200)
def _content(written: str) -> _Content:
    content = Message()
    content["Content-Type"] = written or "application/octet-stream"
    try:
        charset = (content.get_content_charset() or "utf-8").lower()
        boundary = content.get_boundary() or ""
    except (LookupError, ValueError):
        charset, boundary = "unknown", ""
    return _Content(content.get_content_type(), charset, boundary)


def _pairs(text: str, charset: str) -> list[Pair]:
    if not text:
        return []
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise _undecodable() from None
    except ValueError:
        raise _too_much(f"{MOST_PARAMETERS} parameters at most") from None


def _text(value: bytes, charset: str) -> str:
    try:
        return value.decode(charset)
    except UnicodeDecodeError:
        raise _undecodable() from None


def _once(pairs: Iterable[Pair]) -> dict[str, str]:
    """A name that came twice would be signed once and could be read the other time."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Refused(errors.PARAMETER_ERROR, "isv.parameter-twice", f"{name[:80]}: sent twice")
        if "\x00" in name or "\x00" in value:
            raise Refused(errors.PARAMETER_ERROR, "isv.invalid-parameter", "contains NUL")
        found[name] = value
    if len(found) > MOST_PARAMETERS:
        raise _too_much(f"{MOST_PARAMETERS} parameters at most")
    return found


def _undecodable() -> Refused:
    return Refused(errors.INVALID_ENCODING, "isv.invalid-encoding", "not in the charset it names")


def _too_much(what: str) -> Refused:
    return Refused(errors.FORBIDDEN_REQUEST, "isv.request-too-large", what)

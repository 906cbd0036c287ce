"""A call of the platform as it came over the wire: read, and its signature checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree as ET

from django.http import HttpRequest

from santong.kernel.signing import (
    SIGN,
    is_fresh,
    is_same_signature,
    signed_headers,
    spi_sign,
)

LARGEST_BODY: Final = 64 * 1024
LONGEST_TYPE: Final = 200
MOST_PARAMETERS: Final = 100
FORM: Final = "application/x-www-form-urlencoded"
_CHARSETS: Final = frozenset({"utf-8", "utf8", "gbk", "gb2312", "gb18030", "us-ascii"})
_SYSTEM: Final = frozenset(
    {"method", "app_key", "timestamp", "v", "format", "sign_method", "session", "customerId", SIGN}
)


class Malformed(Exception):
    """What came is no call: it cannot be read, so nobody can have signed it."""


class BodyUnreadable(Exception):
    """The call is signed, and its body is not what its content type says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A call: its parameters by name, each once, and its body as it was sent."""

    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    charset: str
    is_form: bool
    # What its body says, once it was read.
    said: dict[str, dict[str, object]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def method(self) -> str:
        return self.query.get("method", "")

    @property
    def sign(self) -> str:
        return self.query.get(SIGN, "")

    @property
    def app_key(self) -> str:
        return self.query.get("app_key", "")

    def is_signed_with(self, *, secrets: Iterable[str], app_key: str) -> bool:
        """Whether this application's secret, or the one before it, has signed the call."""
        if self.query.get("app_key") != app_key or not self.sign:
            return False
        # Every secret is tried, so that the time does not tell which one it was.
        found = [
            is_same_signature(given=self.sign, expected=self._expected(secret))
            for secret in secrets
        ]
        return any(found)

    def is_fresh(self, *, now: datetime) -> bool:
        """Whether it was made within ten minutes of our clock."""
        return is_fresh(timestamp=self.query.get("timestamp", ""), now=now)

    def fields(self) -> dict[str, object]:
        """The business fields: of the form, of the document, or of the query where no body came.

        Raises BodyUnreadable.
        """
        if "fields" not in self.said:
            self.said["fields"] = self._fields()
        return dict(self.said["fields"])

    def _fields(self) -> dict[str, object]:
        if self.is_form:
            return dict(self.form)
        text = self._text().strip()
        if not text:
            return {name: value for name, value in self.query.items() if name not in _SYSTEM}
        return _of_xml(text) if text.startswith("<") else _of_json(text)

    def _expected(self, secret: str) -> str:
        try:
            return spi_sign(
                secret=secret,
                params={**self.query, **self.form},
                headers=self.headers,
                body=b"" if self.is_form else self.body,
                charset=self.charset,
            )
        except UnicodeEncodeError:
            raise Malformed from None

    def _text(self) -> str:
        try:
            return self.body.decode(self.charset)
        except UnicodeDecodeError:
            raise BodyUnreadable from None


def read(request: HttpRequest) -> Received:
    """A call from the request that brought it. Raises Malformed.

    A name that comes twice is refused, also once in the query and once in the form: the signature
    would cover one of them, and the other could be read.
    """
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length[:9]) > LARGEST_BODY or len(length) > len("999999999"):
        raise Malformed
    charset, is_form = _content(request.headers.get("Content-Type", "")[:LONGEST_TYPE])
    if charset not in _CHARSETS:
        raise Malformed
    query = _parameters(request.META.get("QUERY_STRING", ""), charset)
    form: dict[str, str] = {}
    if is_form:
        form = _parameters(_decoded(request.body, charset), charset)
    headers = {
        name: unquote(request.headers.get(name, ""), encoding=charset, errors="replace")
        for name in signed_headers(listed=request.headers.get("top-sign-list", ""))[:20]
    }
    if not query.keys().isdisjoint(form) or not {*query, *form}.isdisjoint(headers):
        raise Malformed
    return Received(
        query=query,
        form=form,
        headers=headers,
        body=request.body,
        charset=charset,
        is_form=is_form,
    )


@lru_cache(maxsize=100)
def _content(written: str) -> tuple[str, bool]:
    """The character set of a body, and whether it is a form."""
    content = Message()
    content["Content-Type"] = written or "application/json"
    charset = (content.get_content_charset() or "utf-8").lower()
    return charset, content.get_content_type() == FORM


def _parameters(text: str, charset: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            encoding=charset,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise Malformed from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        raise Malformed from None


def _of_json(text: str) -> dict[str, object]:
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BodyUnreadable from None
    if not isinstance(found, dict):
        raise BodyUnreadable
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _of_xml(text: str) -> dict[str, object]:
    """The leaves below the root. A document type could hide anything in entities."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BodyUnreadable
    try:
        root = ET.fromstring(text.encode())  # noqa: S314  no document type, no entities
    except (ET.ParseError, ValueError, RecursionError):
        raise BodyUnreadable from None
    found: dict[str, object] = {leaf.tag: leaf.text or "" for leaf in root if not len(leaf)}
    if len(found) > MOST_PARAMETERS:
        raise BodyUnreadable
    return found

"""What somebody pasted: an address, a whole request, or a curl line, taken apart."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 100_000
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
_REQUEST_LINE: Final = re.compile(r"(GET|POST) (\S+)(?: HTTP/[\d.]+)?\r?\n?", re.ASCII)
_BODY_FLAGS: Final = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-urlencode"})
_WITH_VALUE: Final = frozenset({"-H", "--header", "-X", "--request", "-A", "-o", "--url", "-F"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A request's query, body and content type."""

    query: str
    body: str
    content_type: str

    @property
    def http_method(self) -> str:
        return "POST" if self.body else "GET"


def taken_apart(*, text: str, body: str) -> Pasted:
    """What was pasted as address or request, with a body that stands in it or beside it."""
    text = text.strip()[:LONGEST]
    if text.startswith("curl "):
        return _of_curl(text, body)
    if line := _REQUEST_LINE.match(text):
        head, _, rest = text[line.end() :].replace("\r\n", "\n").partition("\n\n")
        return _pasted(line.group(2), body or rest.strip("\n"), _content_type(head))
    first, _, rest = text.partition("\n")
    return _pasted(first.strip(), body or rest.strip(), "")


def _of_curl(text: str, body: str) -> Pasted:
    try:
        words = shlex.split(text.replace("\\\r\n", " ").replace("\\\n", " "))[1:]
    except ValueError:
        words = text.split()[1:]
    address = content_type = waiting = ""
    data: list[str] = []
    for word in words:
        if waiting:
            if waiting in _BODY_FLAGS:
                data.append(word)
            elif waiting in {"-H", "--header"} and word.lower().startswith("content-type:"):
                content_type = word.partition(":")[2].strip()
            elif waiting == "--url":
                address = word
            waiting = ""
        elif word in _BODY_FLAGS | _WITH_VALUE:
            waiting = word
        elif not word.startswith("-"):
            address = word
    return _pasted(address, body or "&".join(data), content_type)


def _pasted(address: str, body: str, content_type: str) -> Pasted:
    _, mark, query = address.partition("?")
    if not mark and "=" in address and "://" not in address:
        query = address
    kind = content_type or (FORM if body and body[:1] not in "{[<" else JSON if body else "")
    return Pasted(query=query.partition("#")[0], body=body[:LONGEST], content_type=kind)


def _content_type(head: str) -> str:
    for line in head.splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip()
    return ""

"""Documents of methods, generated from their declarations: nothing here is written twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from santong.kernel.errors import NoSuch
from santong.kernel.signing import CHINA, SIGN_METHODS
from santong.openplatform import public as openplatform
from santong.portal.rules.documents import codes_of, flattened, laid_out, matches
from santong.portal.rules.explorer.calls import Wanted, signed_call
from santong.portal.rules.explorer.snippets import snippets_of
from santong.portal.views.frame import open_page, shown
from santong.topgateway import public as topgateway

SECTION: Final = "portal_docs"
# The key and secret of the platform's own published example: they are nobody's.
EXAMPLE_KEY: Final = "12345678"
EXAMPLE_SECRET: Final = "helloworld"  # noqa: S105  printed in public documents
EXAMPLE_SESSION: Final = "test"
GUIDES: Final = ("signing", "oauth", "errors", "qimen", "topics", "webhooks", "mcp")


@dataclass(frozen=True, slots=True)
class MethodsOfPack:
    """A pack by its code and name, with what was found in it."""

    code: str
    name: str
    methods: tuple[topgateway.MethodDescription, ...]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A number that the router refuses with, in words."""

    code: int
    message: str
    meaning: str
    remedy: str


@open_page()
def document_list(request: HttpRequest) -> HttpResponse:
    """Every method by pack, or those that a search finds, and the way to all other documents."""
    words = request.GET.get("q", "")[:100]
    found = [each for each in topgateway.described_methods() if _is_found(each, words)]
    values = {
        "words": words,
        "packs": _by_pack(found),
        "found": len(found),
        "guides": GUIDES,
    }
    return shown(request, "documents", values, section=SECTION)


@open_page()
def method_page(request: HttpRequest, method: str) -> HttpResponse:
    """One method: what it asks, answers and refuses, with a call as it goes over the wire."""
    told = method_named(method)
    example = topgateway.example_of(method=method)
    codes = codes_of(needs_session=told.needs_session, has_arguments=bool(told.arguments))
    values = {
        "method": told,
        "pack": pack_name(told.pack),
        "arguments": flattened(told.arguments),
        "members": flattened(told.answer),
        "answers": {
            "JSON": laid_out(example.json),
            "JSON, simplify=true": laid_out(example.simple),
            "XML": laid_out(example.xml),
        },
        **_call_of(request, told, example),
        "errors": code_lines(codes),
    }
    return shown(request, "method", values, section=SECTION)


def method_named(name: str) -> topgateway.MethodDescription:
    """Raises NoSuch."""
    for each in topgateway.described_methods():
        if each.name == name:
            return each
    raise NoSuch(kind="top_method", key=name[:80])


def pack_name(code: str) -> str:
    """What a pack is called, in the reader's language."""
    (line,) = openplatform.pack_lines(packs=[code])
    return line.name


def site_of(request: HttpRequest) -> str:
    """Where this installation answers."""
    return request.build_absolute_uri("/").rstrip("/")


def code_lines(codes: tuple[int, ...]) -> list[CodeLine]:
    """Refusals with what they mean and what mends them; all of them for no codes."""
    message_by_code = {each.code: each.message for each in topgateway.refusals()}
    lines = []
    for code in codes or tuple(message_by_code):
        meaning, remedy = f"top_code.{code}", f"top_code_remedy.{code}"
        lines.append(CodeLine(code, message_by_code[code], gettext(meaning), gettext(remedy)))
    return lines


def _call_of(
    request: HttpRequest, told: topgateway.MethodDescription, example: topgateway.Example
) -> Mapping[str, Any]:
    site = site_of(request)
    call = signed_call(
        wanted=Wanted(method=told.name, arguments=example.arguments),
        app_key=EXAMPLE_KEY,
        secret=EXAMPLE_SECRET,
        session=EXAMPLE_SESSION if told.needs_session else "",
        now=topgateway.EXAMPLE_AT.astimezone(CHINA),
    )
    return {"snippets": snippets_of(call, site=site), "sent": example.arguments, "call": call}


def _is_found(told: topgateway.MethodDescription, words: str) -> bool:
    sentences = [told.about, *(line.item.about for line in flattened(told.arguments))]
    translated = [gettext(each) for each in sentences if each]
    names = [told.name, told.permission, told.pack, pack_name(told.pack)]
    arguments = [line.item.name for line in flattened(told.arguments)]
    return matches(words=words, texts=[*names, *sentences, *translated, *arguments])


def _by_pack(found: list[topgateway.MethodDescription]) -> list[MethodsOfPack]:
    of_pack: dict[str, list[topgateway.MethodDescription]] = {}
    for each in found:
        of_pack.setdefault(each.pack, []).append(each)
    return [
        MethodsOfPack(code, pack_name(code), tuple(of_pack[code]))
        for code in openplatform.PACKS
        if code in of_pack
    ]


def ways() -> tuple[str, ...]:
    """How a call may be signed."""
    return SIGN_METHODS

"""Every sentence of a screen is there in every language. Rules return violations as sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation.template import templatize

PLAIN = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
WITH_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})

_CALL = re.compile(r"\b(?:_|gettext|ngettext|pgettext|npgettext)\(.*?\)(?=\s|$)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One sentence of a catalogue and its translations."""

    source: str
    translations: tuple[str, ...]
    is_fuzzy: bool


def sentences_of_python(text: str) -> set[str]:
    """Every literal that the code hands to gettext."""
    return {
        sentence
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        for sentence in _literals(node)
    }


def sentences_of_template(text: str, *, name: str) -> set[str]:
    """Every literal that a template's translate tags hold."""
    found: set[str] = set()
    for match in _CALL.finditer(templatize(text, origin=name)):
        found |= sentences_of_python(re.sub(r"\bu(?=['\"])", "", match.group()))
    return found


def entries(catalogue: str) -> list[Entry]:
    """The entries of a .po file, its header left out."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", catalogue))
    found = (_entry(block) for block in blocks if "msgid" in block)
    return [entry for entry in found if entry and entry.source]


def gaps(wanted: Collection[str], *, catalogue: Iterable[Entry]) -> list[str]:
    """What a reader of this language would see untranslated or wrongly guessed."""
    known = {entry.source: entry for entry in catalogue}
    return [
        *(f"missing: {sentence!r}" for sentence in sorted(set(wanted) - known.keys())),
        *(f"fuzzy: {entry.source!r}" for entry in known.values() if entry.is_fuzzy),
        *(f"empty: {entry.source!r}" for entry in known.values() if not all(entry.translations)),
    ]


def placeholders_that_differ(catalogue: Iterable[Entry]) -> list[str]:
    """A translation fills in what its source fills in."""
    return [
        f"{entry.source!r} became {translation!r}"
        for entry in catalogue
        for translation in entry.translations
        if translation and _placeholders(translation) - _placeholders(entry.source)
    ]


def _literals(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    place = 1 if name in WITH_CONTEXT else 0
    if name in PLAIN | PLURAL | WITH_CONTEXT and len(call.args) > place:
        argument = call.args[place]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _entry(block: str) -> Entry | None:
    if any(line.startswith("#~") for line in block.splitlines()):
        return None
    parts: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if match := re.match(r'(msg\w+(?:\[\d+\])?)\s+(".*")$', line):
            keyword = match.group(1)
            parts[keyword] = ast.literal_eval(match.group(2))
        elif line.startswith('"') and keyword:
            parts[keyword] += ast.literal_eval(line)
    return Entry(
        source=parts.get("msgid", ""),
        translations=tuple(text for name, text in parts.items() if name.startswith("msgstr")),
        is_fuzzy=any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines()),
    )


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}|%[sd]", text))

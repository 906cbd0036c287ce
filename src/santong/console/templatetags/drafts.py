"""Fields of a draft: each beside what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()

_NUMBERED = re.compile(r"(longer than|stands in line) (\d+).*")
_MARKS = {
    "number": 'inputmode="numeric"',
    "amount": 'inputmode="decimal"',
    "percent": 'inputmode="decimal"',
    "date": 'type="date"',
    "moment": 'type="datetime-local"',
}


@register.simple_tag(takes_context=True)
def draft_input(
    context: Mapping[str, Any], name: str, label: str, kind: str = "text"
) -> SafeString:
    """One field with its label; marked, and with words, where it was refused."""
    field = format_html(
        '<input name="{}" value="{}" {}>',
        name,
        context["fields"].get(name, ""),
        _attributes(context, name, kind),
    )
    return _labelled(context, name, label, field)


@register.simple_tag(takes_context=True)
def draft_select(
    context: Mapping[str, Any], name: str, label: str, words: str, among: str
) -> SafeString:
    """One choice with its label, each named by a word of a kind."""
    chosen = context["fields"].get(name, among.split(",", maxsplit=1)[0])
    marked = SafeString(" selected")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each, marked if each == chosen else "", _word(words, each)) for each in among.split(",")),
    )
    field = format_html(
        '<select name="{}" {}>{}</select>', name, _attributes(context, name), options
    )
    return _labelled(context, name, label, field)


@register.simple_tag
def row_name(group: str, place: str, field: str) -> str:
    """The name of a field of one row of several."""
    return f"{group}.{place}.{field}"


@register.simple_tag
def term_label(name: str, how: str, currency: str) -> str:
    """What a term of a benefit is called, with what it is counted in."""
    if how == "percent":
        return gettext("Off, in %")
    words = _word("benefit_term", name)
    if how != "amount":
        return words
    return gettext("%(term)s, in %(unit)s") % {"term": words, "unit": currency}


@register.filter
def reject_words(reason: str) -> str:
    """What is wrong with a line of a file, in the reader's language."""
    named = _NUMBERED.fullmatch(reason)
    if named:
        words = {"longer than": gettext("longer than %(n)s characters")}.get(
            named[1], gettext("stands in line %(n)s already")
        )
        return words % {"n": named[2]}
    return {
        "is empty": gettext("the code is empty"),
        "not a date": gettext("not a day like 2026-12-31"),
    }.get(reason, gettext("the sheet has not kept this number exactly: write it as text"))


def _word(kind: str, value: str) -> str:
    name = f"{kind}.{value}"
    return gettext(name)


def _labelled(context: Mapping[str, Any], name: str, label: str, field: SafeString) -> SafeString:
    problem: str | SafeString = ""
    if context.get("wrong") == name:
        hint = context.get("hint", "")
        words = ": ".join(filter(None, (context["refusal"], hint)))
        problem = format_html(
            '<span class="problem" id="problem-{}" role="alert">{}</span>', name, words
        )
    return format_html("<label>{}{}{}</label>", label, field, problem)


def _attributes(context: Mapping[str, Any], name: str, kind: str = "text") -> SafeString:
    marks = [SafeString(_MARKS[kind])] if kind in _MARKS else []
    if context.get("wrong") == name:
        marks.append(format_html('aria-invalid="true" aria-describedby="problem-{}"', name))
    return SafeString(" ".join(marks))


@register.simple_tag(takes_context=True)
def draft_choice(
    context: Mapping[str, Any], name: str, label: str, choices: Iterable[Any], nothing: str = ""
) -> SafeString:
    """One of several things by their ids and names, or nothing where that can be said."""
    return _chosen_of(
        context,
        name,
        label,
        [(str(each.id), f"{each.name} · {each.code}") for each in choices],
        nothing,
    )


@register.simple_tag(takes_context=True)
def draft_pick(
    context: Mapping[str, Any], name: str, label: str, names: Iterable[str], nothing: str = ""
) -> SafeString:
    """One of several names as they are, or nothing where that can be said."""
    return _chosen_of(context, name, label, [(each, each) for each in names], nothing)


def _chosen_of(
    context: Mapping[str, Any],
    name: str,
    label: str,
    choices: list[tuple[str, str]],
    nothing: str,
) -> SafeString:
    chosen = context["fields"].get(name, "")
    marked = SafeString(" selected")
    named = [("", nothing), *choices] if nothing else choices
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, marked if value == chosen else "", words) for value, words in named),
    )
    field = format_html(
        '<select name="{}" {}>{}</select>', name, _attributes(context, name), options
    )
    return _labelled(context, name, label, field)

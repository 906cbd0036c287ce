"""Fields of a draft: each beside what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag(takes_context=True)
def draft_input(
    context: Mapping[str, Any], name: str, label: str, kind: str = "text"
) -> SafeString:
    """One field with its label; marked, and with words, where it was refused."""
    field = format_html(
        '<input name="{}" value="{}" {}>',
        name,
        context["fields"].get(name, ""),
        _attributes(context, name, numeric=kind == "number", day=kind == "date"),
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


def _attributes(
    context: Mapping[str, Any], name: str, *, numeric: bool = False, day: bool = False
) -> SafeString:
    marks = [SafeString('type="date"')] if day else []
    if numeric:
        marks.append(SafeString('inputmode="numeric"'))
    if context.get("wrong") == name:
        marks.append(format_html('aria-invalid="true" aria-describedby="problem-{}"', name))
    return SafeString(" ".join(marks))

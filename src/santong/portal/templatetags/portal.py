"""How the portal says what declarations say, and how it draws a line of figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django import template
from django.utils.translation import get_language, gettext, ngettext

from santong.agents import public as agents
from santong.portal.rules.signing.checking import Step
from santong.qimen import public as qimen
from santong.topgateway import public as topgateway

register = template.Library()

_KINDS: Final[Mapping[str, str]] = {
    "true or false": "flag",
    "words with commas between them": "words",
    "JSON list": "list",
    "JSON object": "object",
}
_OUTCOMES: Final = {"good": "good", "bad": "bad", "note": "wait"}


@register.filter
def said(text: str) -> str:
    """A sentence of a declaration in the reader's language."""
    return gettext(text) if text else ""


@register.filter
def kind_word(argument: topgateway.Argument) -> str:
    """What is written for an argument."""
    if argument.choices:
        return " / ".join(argument.choices)
    name = f"value_kind.{_KINDS.get(argument.kind, argument.kind)}"
    return gettext(name)


@register.filter
def member_word(member: topgateway.Member) -> str:
    """What a member of an answer is."""
    name = f"value_kind.{member.kind}"
    word = gettext(name)
    return gettext("list of %(what)s") % {"what": word} if member.item else word


@register.filter
def limits(argument: topgateway.Argument) -> str:
    """How long a text, and how great a number may be."""
    if argument.longest is not None:
        return gettext("up to %(n)s characters") % {"n": f"{argument.longest:,}"}
    if argument.least is not None and argument.most is not None:
        return f"{argument.least:,} – {argument.most:,}"
    if argument.most is not None:
        return f"≤ {argument.most:,}"
    return f"≥ {argument.least:,}" if argument.least else ""


@register.filter
def nested(depth: int) -> str:
    """How deep a member lies."""
    return "· " * depth


@register.filter
def outcome_tone(outcome: str) -> str:
    """The colour of what came of a step."""
    return _OUTCOMES.get(outcome, "calm")


@register.filter
def field_limits(field: qimen.DocumentField) -> str:
    """How long a text may be, what it may say, how many decimals a number has."""
    if field.choices:
        return " / ".join(field.choices)
    if field.longest is not None:
        return gettext("up to %(n)s characters") % {"n": f"{field.longest:,}"}
    if field.digits is not None:
        return gettext("up to %(n)s decimals") % {"n": field.digits}
    return ""


@register.filter
def schema_word(kind: str) -> str:
    """What a member of a schema is: `list.number` is a list of numbers."""
    plain = kind.removeprefix("list.")
    name = f"value_kind.{plain}"
    word = gettext(name)
    shown = plain if word == name else word
    return gettext("list of %(what)s") % {"what": shown} if plain != kind else shown


@register.filter
def in_language(words: agents.Words) -> str:
    """A tool's sentence in the reader's language."""
    return words.en if get_language() == "en" else words.zh


@register.filter
def is_text(value: object) -> bool:
    """Whether a value is one text, not a list of them."""
    return isinstance(value, str)


@register.filter
def stretch(time: timedelta) -> str:
    """How long something is good, in its greatest unit."""
    if time.days:
        return ngettext("%(n)d day", "%(n)d days", time.days) % {"n": time.days}
    hours, seconds = divmod(time.seconds, 3_600)
    if hours:
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    return gettext("%(s)d s") % {"s": seconds}


@register.filter
def step_sentence(step: Step) -> str:
    """What was found at a step of checking a signature."""
    name = f"sign_step.{step.code}"
    return gettext(name).replace("⟨about⟩", step.about)

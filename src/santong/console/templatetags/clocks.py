"""How pages of promises say how long something takes, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from santong.clocks import public as clocks

register = template.Library()

MINUTE, HOUR = 60, 3_600
# What a subject is about, and the address of its page.
_PAGES: Final = {
    "order": "order",
    "connection": "connection",
    "visit": "visit",
    "agreement": "agreement",
    "stagedsale": "staged_sale",
    "case": "case",
}
_TONES: Final = {"running": "move", "paused": "wait", "cancelled": "calm"}
_ESCALATIONS: Final = {"told": "bad", "seen": "wait", "done": "good", "over": "calm"}


@register.filter
def lasting(seconds: int | None) -> str:
    """So many hours and minutes, or seconds where it is less."""
    if seconds is None:
        return "–"
    if seconds < MINUTE:
        return gettext("%(s)d s") % {"s": seconds}
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if not hours:
        return gettext("%(m)d min") % {"m": minutes}
    if not minutes:
        return gettext("%(h)s h") % {"h": f"{hours:,}"}
    return gettext("%(h)s h %(m)d min") % {"h": f"{hours:,}", "m": minutes}


@register.filter
def permille(share: int | None) -> str:
    """A share of a thousand in percent."""
    return "–" if share is None else f"{share // 10}.{share % 10} %"


@register.filter
def subject_link(subject: str, numbers: Mapping[str, str]) -> SafeString:
    """What a clock is about, with the way there if it has a page.

    `numbers` are what subjects are called outside: an order by the number that its buyer knows.
    """
    kind, _, number = subject.partition(":")
    name = f"subject.{kind}"
    word = gettext(name)
    shown = f"{kind if word == name else word} {numbers.get(subject, number)}"
    try:
        where = reverse(_PAGES[kind], args=[number])
    except (KeyError, NoReverseMatch):
        return format_html("{}", shown)
    return format_html('<a href="{}">{}</a>', where, shown)


@register.filter
def term_word(term: str) -> str:
    """What is promised; `arrival_2` is an arrival."""
    family, _, number = term.rpartition("_")
    family = family if number.isdigit() and family else term
    name = f"clock_term.{family}"
    word = gettext(name)
    return family if word == name else word


@register.filter
def clock_tone(clock: clocks.Clock) -> str:
    """Whether a promise is kept, broken, runs or rests."""
    if clock.is_kept is not None:
        return "good" if clock.is_kept else "bad"
    return "bad" if clock.broken_at and clock.state != "cancelled" else _TONES[clock.state]


@register.filter
def clock_word(clock: clocks.Clock) -> str:
    """How a clock stands: kept or broken, late while it runs, or its state."""
    if clock.is_kept is not None:
        return "kept" if clock.is_kept else "broken"
    return "late" if clock.broken_at and clock.state == "running" else clock.state


@register.filter
def escalation_tone(state: str) -> str:
    """Whether somebody still has to look after it."""
    return _ESCALATIONS.get(state, "calm")


@register.filter
def part(sent: dict[str, str], name: str) -> str:
    """A field of a form by a name that is put together."""
    return sent.get(name, "")


@register.filter
def hours_text(hours: clocks.Hours) -> str:
    """Hours of a day as people write them; none is closed."""
    return clocks.written_hours(hours=hours) or gettext("closed")


@register.filter
def add_number(name: str, number: int) -> str:
    """The name of a numbered field."""
    return f"{name}{number}"


@register.filter
def weekday_name(day: int) -> str:
    """What a day of the week is called; Monday is 0."""
    return str(WEEKDAYS[day])


@register.filter
def weekday_short(day: int) -> str:
    """A day of the week in one letter or two."""
    return str(WEEKDAYS_ABBR[day])[:2] if get_language() == "en" else str(WEEKDAYS[day])[-1]

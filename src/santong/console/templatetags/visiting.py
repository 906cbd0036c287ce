"""How pages about visits say and place things."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import gettext

register = template.Library()

TONES: Final = {
    **dict.fromkeys(("requested", "offered", "booked", "confirmed"), "wait"),
    **dict.fromkeys(("en_route", "arrived", "working"), "move"),
    **dict.fromkeys(("done", "accepted"), "good"),
    "missed": "bad",
    "cancelled": "calm",
}
ACTIONS: Final = (
    "request",
    "offer",
    "goods_arrived",
    "parts_arrived",
    "book",
    "reschedule",
    "confirm",
    "cancel",
    "renew_link",
    "reveal_contact",
    "forget_person",
    "set_out",
    "begin_work",
    "check_in",
    "report_done",
    "note_parts",
    "accept",
    "report_no_show",
    "miss",
    "plan",
)
PROMISES: Final = ("arrival", "completion")
# What somebody wrote themselves; the others say what the action says.
SAID: Final = frozenset({"reschedule", "cancel", "reveal_contact", "report_no_show"})
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@register.filter
def visit_tone(state: str) -> str:
    """Whether a visit waits, is being made, is done, or went wrong."""
    return TONES.get(state, "calm")


@register.filter
def visit_action(action: str) -> str:
    """What was done to a visit, in words."""
    name = f"visit_action.{action.partition('.')[2]}"
    return gettext(name)


@register.filter
def is_said(action: str) -> bool:
    """Whether somebody gave a reason of their own."""
    return action.partition(".")[2] in SAID


@register.filter
def promise_word(term: str) -> str:
    """What a clock of a visit is about: `arrival_3` is an arrival."""
    name = f"visit_promise.{term.rpartition('_')[0]}"
    return gettext(name)


@register.filter
def add_to(number: float, more: str) -> str:
    """A place on a drawing, some pixels on."""
    return f"{number + float(more):g}"


@register.filter
def week_word(day: str) -> str:
    """A day of the week by its two letters."""
    name = f"weekday.{next(each for each in DAYS if each.startswith(day.lower()))}"
    return gettext(name)


@register.filter
def rule_words(rule: str) -> str:
    """The days of a weekly rule in words; another rule as it is written."""
    if rule == "FREQ=DAILY":
        return gettext("every day")
    plain, _, days = rule.partition(";BYDAY=")
    if plain != "FREQ=WEEKLY" or not days or ";" in days:
        return rule
    return "、".join(week_word(day) for day in days.split(","))


@register.filter
def document_path(document: str) -> str:
    """Where the page of a visit's document is; nothing for one without a page."""
    kind, _, number = document.partition(":")
    folder = {"order": "orders", "stagedsale": "staged-sales", "case": "cases"}.get(kind, "")
    return f"/console/{folder}/{number}/" if folder and number.isdigit() else ""

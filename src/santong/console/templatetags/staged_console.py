"""How the console writes staged sales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext

from santong.console.rules.amounts import plain_amount
from santong.console.rules.staged_trail import STAGED_ACTIONS
from santong.kernel import audit
from santong.stagedsales import public as stagedsales

register = template.Library()

_TONES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("closed", "accepted", "released", "redeemed", "issued"), "good"),
    **dict.fromkeys(("reserved", "code_issued", "due", "proposed"), "wait"),
    **dict.fromkeys(("contracted", "in_progress", "paid", "deposit_paid"), "move"),
    **dict.fromkeys(("disputed", "declined"), "bad"),
}


@register.filter
def staged_tone(state: str) -> str:
    """Whether a state is good, needs a look, is bad, or is on its way."""
    return _TONES.get(state, "calm")


@register.filter
def money_in(sale: stagedsales.StagedSale) -> int:
    """What is in of a sale, and is not on its way back."""
    return sum(each.net_minor for each in sale.money)


@register.filter
def due_words(stage: stagedsales.StageTerms) -> str:
    """What has to happen before a stage is to be paid."""
    if stage.due == "days_after":
        return gettext("%(days)s days after signing") % {"days": stage.due_days}
    if stage.due == "date" and stage.due_on:
        return date_format(stage.due_on, "DATE_FORMAT")
    key = f"stage_due.{stage.due}"
    return gettext(key)


@register.filter
def stage_value(stage: stagedsales.StageTerms | None, currency: str) -> str:
    """A fixed amount or a part of a hundred, as the field of a form takes it."""
    if not stage or stage.basis == "remainder":
        return ""
    if stage.basis == "percent":
        return plain_amount(minor=stage.share_bp, currency="CNY")
    return plain_amount(minor=stage.amount_minor, currency=currency)


@register.filter
def credited_name(plan: stagedsales.StagePlan) -> str:
    """The stage that the deposit counts for."""
    return plan.terms.stages[plan.terms.credited_to - 1].name


@register.filter
def form_named(number: int, kind: str) -> str:
    """The mark of a form of a stage: `pay-2`."""
    return f"{kind}-{number}"


@register.filter
def trail_words(entry: audit.Entry) -> str:
    """What a line of the trail says happened."""
    action = entry.action.partition(".")[2]
    if action == "change_state":
        key = f"staged.{entry.after['state']}"
        return gettext(key)
    if action not in STAGED_ACTIONS:
        return entry.action
    key = f"staged_trail.{action}"
    return gettext(key)


@register.filter
def money_for(sale: stagedsales.StagedSale, number: int) -> str:
    """What money of a document is for: a stage by its name, or the deposit."""
    stage = next((each for each in sale.stages if each.document_number == number), None)
    return stage.name if stage else gettext("deposit")


@register.filter
def trail_actor(entry: audit.Entry) -> str:
    """Who did it."""
    if entry.actor_kind == "buyer":
        return gettext("the buyer")
    return entry.actor_name or gettext("by itself")


@register.filter
def staged_why(why: str) -> str:
    """Why a sale ended: what we wrote ourselves in the reader's language."""
    ours = {
        "nobody paid the deposit in time": gettext("Nobody paid the deposit in time."),
        "nobody used the code in time": gettext("Nobody used the code in time."),
        "the buyer has left": gettext("The buyer has left."),
        "the deposit was taken back in a dispute": gettext(
            "The deposit was taken back in a dispute."
        ),
    }
    return ours.get(why, why)

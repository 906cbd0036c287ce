"""How the console writes amounts, instants and the trade's words."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from santong.benefits import public as benefits
from santong.console.rules import amounts
from santong.fulfilment import public as fulfilment
from santong.kernel.money import money_text
from santong.membership import public as membership

register = template.Library()

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, HOUR, DAY = 60, 3_600, 86_400


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount of minor units; a dash for none."""
    return "–" if minor is None else money_text(minor=minor, currency=currency)


@register.filter
def per_point(minor_per_1000: int, currency: str) -> str:
    """What one point is worth, exactly: `1/100`."""
    return amounts.rate_text(minor_per_1000=minor_per_1000, currency=currency)


@register.filter
def amount(minor: int, currency: str) -> str:
    """An amount as the field of a form takes it."""
    return amounts.plain_amount(minor=minor, currency=currency)


@register.filter
def milli(thousandths: int | None, currency: str) -> str:
    """An amount of thousandths of minor units."""
    return "–" if thousandths is None else amounts.milli_text(milli=thousandths, currency=currency)


@register.filter
def distance(metres: int | None) -> str:
    """A distance in metres or kilometres."""
    return "–" if metres is None else amounts.metres_text(metres=metres)


@register.filter
def count(number: int | None) -> str:
    """A whole number with its thousands apart."""
    return "–" if number is None else f"{number:,}"


@register.filter
def signed(number: int) -> str:
    """A change with its sign; nothing for no change."""
    if not number:
        return ""
    return f"+{number:,}" if number > 0 else f"−{-number:,}"


@register.filter
def word(value: object, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    if value in (None, ""):
        return "–"
    name = f"{kind}.{value}"
    return gettext(name)


@register.filter
def tone(state: str) -> str:
    """Whether a state is good, needs a look, is bad, or is on its way."""
    return _TONES.get(str(state), "calm")


_TONES = {
    **dict.fromkeys(("delivered", "accepted", "shipped"), "good"),
    **dict.fromkeys(("active", "ok", "mature", "posted", "usable", "issued", "holds"), "good"),
    **dict.fromkeys(
        (
            "dormant",
            "half_open",
            "refused",
            "pending",
            "requested",
            "open",
            "draft",
            "paused",
            "held",
            "begins",
        ),
        "wait",
    ),
    **dict.fromkeys(("failed", "rejected", "frozen", "suspended"), "bad"),
    "live": "good",
    "sandbox": "move",
    **dict.fromkeys(("offered", "placed", "partly_shipped", "delayed"), "wait"),
    **dict.fromkeys(("ready_for_pickup", "picking", "packed", "handed_over", "paid"), "move"),
    **dict.fromkeys(("collected", "in_transit", "out_for_delivery"), "move"),
    **dict.fromkeys(("paid_without_stock", "exception", "lost", "declined", "timed_out"), "bad"),
}


@register.filter
def at(instant: datetime | None) -> str | SafeString:
    """A moment on the merchant's clock: `11-11 15:27`, and the whole of it for machines."""
    if instant is None:
        return "–"
    local = timezone.localtime(instant)
    shown = f"{local:%m-%d %H:%M}"
    if local.year != timezone.localtime().year:
        shown = f"{local:%Y-%m-%d %H:%M}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %Z}",
        shown,
    )


@register.filter
def between(begin: datetime | None, end: datetime | None) -> str | SafeString:
    """A time with its ends; one that is open says when it begins."""
    if end is not None:
        return format_html("{} – {}", at(begin), at(end))
    return format_html(gettext("from {moment} on"), moment=at(begin))


@register.filter
def clock(instant: datetime) -> str:
    """The time of day on the merchant's clock."""
    return f"{timezone.localtime(instant):%H:%M}"


@register.filter
def age(instant: datetime | None, now: datetime) -> str:
    """How long ago, in the one unit that matters."""
    return "–" if instant is None else _stretch(int((now - instant).total_seconds()))


@register.filter
def left(instant: datetime | None, now: datetime) -> str:
    """How long until then; overdue when it has passed."""
    if instant is None:
        return ""
    seconds = int((instant - now).total_seconds())
    return _stretch(seconds) if seconds > 0 else gettext("overdue")


def _stretch(seconds: int) -> str:
    if seconds < HOUR:
        minutes = max(seconds // MINUTE, 0)
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    if seconds < 2 * DAY:
        hours = seconds // HOUR
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    days = seconds // DAY
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@register.filter
def of(mapping: Mapping[Any, Any], key: object) -> Any:
    """What a mapping holds for a key; nothing where it holds none."""
    return mapping.get(key)


@register.filter
def unlocalise(number: float) -> str:
    """A number as drawings want it, whatever the reader's language does with decimals."""
    return f"{number:g}"


@register.filter
def actor(text: str) -> str:
    """`staff:林静` becomes the name; whoever has none is called by what they are.

    What is signed with a number, `staff:17`, goes through `signer`.
    """
    kind, _, name = text.partition(":")
    if (name and kind != "system") or ":" not in text:
        return name or text
    what = f"actor.{kind or 'system'}"
    return gettext(what)


@register.filter
def signer(text: str, names: Mapping[str, str]) -> str:
    """Who signed with `staff:17`, by `names_by_signature`; others are called by what they are."""
    return names.get(text) or actor(f"{text.partition(':')[0]}:")


@register.filter
def document(body: Mapping[str, Any]) -> str:
    """A body of a call, for people."""
    return json.dumps(body, ensure_ascii=False, indent=1)


@register.filter
def minutes(number: int) -> str:
    """A stretch of so many minutes, in the one unit that fits; nothing for none."""
    return _stretch(number * MINUTE) if number else ""


@register.simple_tag
def key_field() -> SafeString:
    """What makes two taps on one button one command."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid.uuid4().hex)


@register.filter
def pieces(work: fulfilment.FulfilmentOrder) -> int:
    """How many pieces a piece of work is about."""
    return sum(line.quantity for line in work.lines)


@register.filter
def order_id_of(holder: str) -> str:
    """The order that a promise is for; nothing if it is for something else."""
    kind, _, number = holder.partition(":")
    return number if kind == "order" and number.isdigit() else ""


@register.filter
def mark(work: fulfilment.FulfilmentOrder, command: str) -> str:
    """The name of a command with one piece of work: where its refusal is shown."""
    return f"{command}-{work.id}"


@register.filter
def tier_name(names: Mapping[tuple[int, str], str], card: membership.Card) -> str:
    """What a card's tier is called."""
    return names.get((card.programme_id, card.tier), card.tier)


@register.filter
def rule_name(names: Mapping[str, str], code: str) -> str:
    """What something with a code is called; by its code where it has no name."""
    return names.get(code, code)


@register.filter
def known_word(value: str, kind: str) -> str:
    """The word for a value that others may have coined: itself where there is none."""
    name = f"{kind}.{value}"
    found = gettext(name)
    return value if found == name else found


@register.filter
def is_money(term: str) -> bool:
    """Whether a term of a benefit is an amount of minor units."""
    return term.endswith("_minor")


@register.filter
def first_worth(batch: benefits.Batch) -> int:
    """What a coupon of a batch is worth, where its terms say so."""
    worth = batch.terms.get("off_minor", batch.terms.get("value_minor", 0))
    return int(worth)


@register.filter
def hundredths(number: int) -> str:
    """A number of hundredths, with its sign where it is below nothing."""
    whole, rest = divmod(abs(number), 100)
    return f"{'−' if number < 0 else ''}{whole}.{rest:02}"


@register.filter
def percent(per_10000: int) -> str:
    """So many of ten thousand, in percent."""
    return f"{hundredths(per_10000)} %"


@register.filter
def weekday(number: int) -> str:
    """The name of a day of the week, of which Monday is 0."""
    name = f"weekday.{WEEK[number]}"
    return gettext(name)


@register.filter
def named(thing: Any, command: str) -> str:
    """The name of a command with one of several things: where its refusal is shown."""
    return f"{command}-{thing.id}"


@register.filter
def was_reassigned(work: fulfilment.FulfilmentOrder) -> str:
    """Why head office took the work from its place; nothing if it did not."""
    reasons = [offer.reason for offer in work.offers if offer.answer == "withdrawn"]
    return next((each for each in reasons if each in fulfilment.REASSIGN_REASONS), "")


@register.filter
def is_picked(work: fulfilment.FulfilmentOrder) -> bool:
    """Whether every line of the work has been looked for."""
    return all(line.picked_quantity is not None for line in work.lines)


@register.filter
def picked_of(sent: Mapping[str, str], line: fulfilment.FulfilmentLine) -> str:
    """What somebody typed for a line before the form was refused."""
    return sent.get(f"picked_{line.order_line_id}", str(line.quantity))


@register.filter
def is_among(work_id: int, work: Iterable[fulfilment.FulfilmentOrder]) -> bool:
    """Whether a piece of work is still in the queue that is shown."""
    return any(each.id == work_id for each in work)

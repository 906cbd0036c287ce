"""How the member centre writes numbers, days and the trade's words."""

from __future__ import annotations

import re
from datetime import date, datetime

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from santong.customers import public as customers
from santong.kernel.errors import DomainError
from santong.membership import public as membership
from santong.storefront.rules.drawing import Drawing, qr

register = template.Library()

FACES = ("ink", "jade", "wine", "indigo", "bronze", "plum")
_HOUSE = re.compile(r"/m/([a-z][a-z0-9-]{1,39})/")
_MINUTE = 60


@register.filter
def word(value: object, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    name = f"{kind}.{value}"
    return gettext(name)


@register.filter
def sentence(refused: DomainError) -> str:
    """What a refusal says to a person."""
    return gettext(refused.code)


@register.filter
def minutes(seconds: int) -> int:
    """Whole minutes, rather one too many."""
    return -(-seconds // _MINUTE)


@register.filter
def grouped(number: str) -> str:
    """A long number in groups of four, as people read it out."""
    return " ".join(re.findall(r".{1,4}", number))


@register.filter
def count(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}"


@register.filter
def day(instant: datetime | None) -> str:
    """A day on the merchant's clock."""
    return "" if instant is None else date_format(timezone.localtime(instant), "DATE_FORMAT")


@register.filter
def calendar_day(value: date) -> str:
    """A day of the calendar."""
    return date_format(value, "DATE_FORMAT")


@register.filter
def last_day(until: datetime) -> str:
    """The last day on which something is good: its end is excluded."""
    return day(until - datetime.resolution)


@register.filter
def moment(instant: datetime) -> str:
    """A day and a time on the merchant's clock."""
    local = timezone.localtime(instant)
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M}"


@register.filter
def last_moment(until: datetime) -> str:
    """The end of something on the merchant's clock; midnight is the end of the day before."""
    local = timezone.localtime(until)
    return last_day(until) if (local.hour, local.minute) == (0, 0) else moment(until)


@register.filter
def minus(number: int, other: int) -> int:
    """What is left of a number."""
    return number - other


@register.filter
def signed(number: int) -> str:
    """A change with its sign."""
    return f"+{number:,}" if number > 0 else f"−{-number:,}"


@register.filter
def entry_word(kind: str) -> str:
    """Why points came or went; a reason that nobody has a word for is a change."""
    name = f"entry.{kind}"
    found = gettext(name)
    return found if found != name else gettext("entry.other")


@register.filter
def topic_word(topic: customers.Topic) -> str:
    """What somebody agreed to; what cannot be switched here by its purpose alone."""
    name = (
        f"consent.{topic.purpose}.{topic.channel}" if topic.channel else f"consent.{topic.purpose}"
    )
    found = gettext(name)
    return found if found != name else gettext("consent.other")


@register.filter
def face(programme: membership.Programme) -> str:
    """The colours of a programme's card: its own, or the house's; the next programme has others."""
    if programme.face.ground:
        return f"face-own face-{programme.id}"
    return f"face-{FACES[programme.id % len(FACES)]}"


@register.simple_tag
def drawing(text: str) -> Drawing:
    """A text as a QR code."""
    return qr(text)


@register.simple_tag
def tab_url(name: str, merchant_code: str) -> str:
    """Where a tab leads."""
    return reverse(f"storefront:{name}", args=[merchant_code])


@register.simple_tag
def home_of(request: HttpRequest) -> str:
    """The member centre that an address belongs to."""
    house = _HOUSE.match(request.path)
    return reverse("storefront:home", args=[house[1]]) if house else "/"

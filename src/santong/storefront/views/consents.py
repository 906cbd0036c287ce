"""What a member has agreed to: a switch for each purpose and channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext

from santong.customers import public as customers
from santong.kernel.errors import FieldInvalid
from santong.storefront.contracts import Agreed
from santong.storefront.rules.texts import VERSION
from santong.storefront.services.record_consents import PLACE, give
from santong.storefront.views.frame import MemberRequest, page, shown

# What can be switched here. Handing data to another processor is asked for where it happens.
TOPICS: tuple[customers.Topic, ...] = (
    customers.Topic(purpose="marketing", channel="sms"),
    customers.Topic(purpose="marketing", channel="call"),
    customers.Topic(purpose="marketing", channel="email"),
    customers.Topic(purpose="marketing", channel="wechat"),
    customers.Topic(purpose="service", channel="sms"),
    customers.Topic(purpose="analysis"),
)
NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A topic, and whether it stands."""

    name: str
    topic: customers.Topic
    is_on: bool


@page("GET", "HEAD", "POST")
def consents_page(request: MemberRequest) -> HttpResponse:
    """Every switch with what was said last; taking back is the same tap as giving."""
    if request.method == "POST":
        _switch(request)
        messages.success(request, gettext("Saved."))
        return HttpResponseRedirect(reverse("storefront:consents", args=[request.house.code]))
    said = customers.consents_of(merchant_id=request.house.id, person_id=request.member.person_id)
    values = {"switches": _switches(request), "said": list(reversed(said))[:NEWEST]}
    return shown(request, "consents", values, tab="mine")


def name_of(topic: customers.Topic) -> str:
    """A topic as a form names it."""
    return f"{topic.purpose}.{topic.channel}" if topic.channel else topic.purpose


def _switch(request: MemberRequest) -> None:
    wanted = request.POST.get("topic", "")
    topic = next((each for each in TOPICS if name_of(each) == wanted), None)
    if topic is None:
        raise FieldInvalid(pointer="/topic", reason="unknown")
    now = datetime.now(UTC)
    merchant_id, person_id = request.house.id, request.member.person_id
    if request.POST.get("on") == "on":
        agreed = Agreed(
            membership=True, marketing=True, version=VERSION, language=get_language() or ""
        )
        give(merchant_id=merchant_id, person_id=person_id, topic=topic, agreed=agreed, now=now)
    else:
        customers.withdraw_consent(
            merchant_id=merchant_id,
            person_id=person_id,
            topic=topic,
            place=PLACE,
            given_at=now,
            now=now,
        )


def _switches(request: MemberRequest) -> list[Switch]:
    now = datetime.now(UTC)
    merchant_id, person_id = request.house.id, request.member.person_id

    def stands(topic: customers.Topic) -> bool:
        if not topic.channel:
            found = customers.may_analyse(merchant_id=merchant_id, person_ids=[person_id], now=now)
        else:
            found = customers.may_contact(
                merchant_id=merchant_id,
                person_ids=[person_id],
                purpose=topic.purpose,
                channel=topic.channel,
                now=now,
            )
        return found[person_id]

    return [Switch(name=name_of(topic), topic=topic, is_on=stands(topic)) for topic in TOPICS]

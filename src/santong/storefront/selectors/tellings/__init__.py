"""What buyers are told about something of theirs, and whether it is still worth telling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from santong.kernel.errors import NoSuch
from santong.merchants import public as merchants
from santong.storefront.contracts import Telling
from santong.storefront.rules.notices import language_for
from santong.storefront.selectors.tellings import agreements, cases, presales, sales, visits
from santong.storefront.selectors.tellings.asked import Asked, Teller

TELLERS: Final[Mapping[str, Teller]] = {
    "agreement_offered": agreements.offered,
    "balance_opened": presales.balance_opened,
    "case_decided": cases.decided,
    "change_proposed": sales.change_proposed,
    "code_issued": sales.code_issued,
    "contract_signed": sales.contract_signed,
    "remedy_done": agreements.remedy_done,
    "stage_due": sales.stage_due,
    "visit_booked": visits.booked,
    "visit_missed": visits.missed,
    "visit_moved": visits.moved,
    "visit_offered": visits.offered,
}


def telling_of(
    *, merchant_id: int, kind: str, subject: str, mark: str, phone: str, now: datetime
) -> Telling | None:
    """What to tell a phone (E.164) now, in its language; nothing, if it is not so any more.

    `mark` says which of several things of this kind it is about: a stage, a version, a window.
    """
    house = merchants.merchant(merchant_id=merchant_id)
    asked = Asked(house=house, thing_id=int(subject.partition(":")[2]), mark=mark, now=now)
    language, zone = language_for(phone=phone), ZoneInfo(house.timezone)
    with translation.override(language), timezone.override(zone):
        try:
            return TELLERS[kind](asked)
        except NoSuch:
            return None

"""Promises kept and broken, what is late now, and what happened to one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone

from santong.clocks import public as clocks
from santong.console.views.clock_sight import numbers_of, sight_of_clocks
from santong.console.views.frame import page, shown
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.fieldservice import public as fieldservice
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.stores import public as stores

PERIODS: Final = ("7", "30", "92", "366")
FIRST_LATE: Final = 10
MOST_PLACES: Final = 1_000
BY_WEEK_FROM: Final = 92


@page("clocks.view")
def dashboard(request: MerchantRequest) -> HttpResponse:
    """How many promises were kept, by what one likes, and what is late now."""
    by = asked_word(request, "by", among=clocks.BYS) or "term"
    period = asked_word(request, "days", among=PERIODS) or "30"
    term, now, sight = asked_text(request, "term"), datetime.now(UTC), sight_of_clocks(request)
    until = timezone.localdate() + timedelta(days=1)
    since = until - timedelta(days=int(period))
    found = clocks.dashboard(
        merchant_id=request.merchant_id,
        by=by,  # type: ignore[arg-type]  # one of the words of the type
        since=since,
        until=until,
        time_zone=request.merchant.timezone,  # type: ignore[attr-defined]
        sight=sight,
        term=term,
        now=now,
    )
    late = clocks.overdue(
        merchant_id=request.merchant_id, sight=sight, term=term, limit=FIRST_LATE, now=now
    )
    values: dict[str, Any] = {
        "found": found,
        "by": by,
        "bys": clocks.BYS,
        "period": period,
        "periods": PERIODS,
        "term": term,
        "terms": clocks.clock_terms(merchant_id=request.merchant_id),
        "late": late,
        "names": _names(request, by),
        "numbers": numbers_of(request, [each.subject for each in late]),
        **_chart(found.days, since, until),
    }
    return shown(request, "clocks/promises", values, section="promises")


@page("clocks.view")
def clock_list(request: MerchantRequest) -> HttpResponse:
    """Clocks that are late, run, rest or have ended, with links to what they are about."""
    standing = asked_word(request, "standing", among=clocks.STANDINGS) or "late"
    term, store = asked_text(request, "term"), asked_text(request, "store")
    found = clocks.clocks_page(
        merchant_id=request.merchant_id,
        standing=standing,  # type: ignore[arg-type]  # one of the words of the type
        sight=sight_of_clocks(request),
        term=term,
        store=store,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        now=datetime.now(UTC),
    )
    values = {
        "clocks": found[:SHOWN],
        "numbers": numbers_of(request, [each.subject for each in found]),
        "next": next_page(found, standing=standing, term=term, store=store),
        "standing": standing,
        "standings": clocks.STANDINGS,
        "term": term,
        "store": store,
        "terms": clocks.clock_terms(merchant_id=request.merchant_id),
    }
    return shown(request, "clocks/clocks", values, section="promises")


@page("clocks.view")
def clock_detail(request: MerchantRequest, clock_id: str) -> HttpResponse:
    """One clock: how it stands, what happened to it, and who was told."""
    merchant_id = request.merchant_id
    clock = clocks.clock_by_id(
        merchant_id=merchant_id,
        clock_id=id_of(clock_id, kind="clock"),
        sight=sight_of_clocks(request),
    )
    told = clocks.escalations_of(merchant_id=merchant_id, clock_id=clock.id)
    values = {
        "clock": clock,
        "numbers": numbers_of(request, [clock.subject]),
        "stands": clocks.standing_of(
            merchant_id=merchant_id,
            subject=clock.subject,
            term=clock.term,
            now=datetime.now(UTC),
        ),
        "events": clocks.history_of_clock(merchant_id=merchant_id, clock_id=clock.id),
        "told": told,
        "names": merchants.names_by_signature(
            merchant_id=merchant_id,
            signatures=[name for each in told for name in (each.seen_by, each.ended_by)],
        ),
    }
    return shown(request, "clocks/clock", values, section="promises")


def _names(request: MerchantRequest, by: str) -> dict[str, str]:
    """What people call those who are counted, by the code that a clock keeps."""
    merchant_id = request.merchant_id
    if by == "provider":
        return {each.code: each.name for each in fieldservice.providers(merchant_id=merchant_id)}
    if by == "technician":
        return {each.code: each.name for each in fieldservice.technicians(merchant_id=merchant_id)}
    if by == "store":
        places = stores.locations_page(
            merchant_id=merchant_id, search="", location_ids=None, limit=MOST_PLACES
        )
        return {each.code: each.name for each in places}
    return {}


def _chart(days: Any, since: date, until: date) -> dict[str, str]:
    """Kept and broken for each day, or for each week of a long time, as drawings want them."""
    step = 7 if (until - since).days >= BY_WEEK_FROM else 1
    places = -(-(until - since).days // step)
    kept, broken = [0] * places, [0] * places
    for each in days:
        place = (each.on - since).days // step
        kept[place] += each.kept
        broken[place] += each.broken
    names = [since + timedelta(days=step * place) for place in range(places)]
    return {
        "chart_names": ",".join(f"{on:%m-%d}" for on in names),
        "chart_kept": ",".join(map(str, kept)),
        "chart_broken": ",".join(map(str, broken)),
    }

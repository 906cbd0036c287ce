"""Why a place was chosen, as a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from santong.console.rules.amounts import milli_text
from santong.routing import public as routing

SENTENCES = {
    "nothing_to_send": gettext_noop("No place can send anything of this order."),
    "chosen_by_buyer": gettext_noop("The buyer chose to collect at %(place)s."),
    "only_place": gettext_noop(
        "%(place)s is the only place that can send everything in one parcel."
    ),
    "cheapest_place": gettext_noop(
        "%(place)s sends everything for %(cost)s. The next best, %(rival)s, would cost"
        " %(rival_cost)s; what weighs most is %(part)s."
    ),
    "tie_broken": gettext_noop(
        "%(place)s and %(rival)s cost the same, %(cost)s; %(part)s decided."
    ),
    "split_needed": gettext_noop(
        "No single place has everything: %(parcels)s parcels from %(place)s, for %(cost)s."
    ),
    "split_cheaper": gettext_noop(
        "%(parcels)s parcels from %(place)s cost %(cost)s together; everything from"
        " %(rival)s would cost %(rival_cost)s."
    ),
    "limit_kept": gettext_noop(
        "The limit of %(limit)s parcels is kept; what lies further apart stays unfilled."
    ),
}


def why(*, decision: routing.Decision, name_by_id: Mapping[int, str], currency: str) -> list[str]:
    """One sentence for the choice, and where it helps one for the nearest place passed over."""
    choice = decision.choice
    numbers = choice.reason.numbers
    words = {
        "place": _and([_name(name_by_id, parcel.location_id) for parcel in choice.parcels]),
        "cost": milli_text(milli=choice.cost_milli, currency=currency),
        "parcels": len(choice.parcels),
        "compared": numbers.get("places_compared", 0),
        "rival": _name(name_by_id, numbers.get("rival_location_id", 0)),
        "rival_cost": milli_text(milli=numbers.get("rival_cost_milli", 0), currency=currency),
        "limit": numbers.get("parcels_max", 0),
        "part": _part(choice.reason),
    }
    return [_(SENTENCES[choice.reason.code]) % words, *_nearest(numbers, name_by_id, currency)]


def _nearest(numbers: Mapping[str, int], name_by_id: Mapping[int, str], currency: str) -> list[str]:
    if "nearest_location_id" not in numbers:
        return []
    words = {
        "nearest": _name(name_by_id, numbers["nearest_location_id"]),
        "cost": milli_text(milli=numbers["nearest_cost_milli"], currency=currency),
        "units": numbers["nearest_units"],
    }
    if not words["units"]:
        return [_("The nearest place, %(nearest)s, has none of the goods.") % words]
    sentence = ngettext(
        "The nearest place, %(nearest)s, was passed over: it could send %(units)s piece, for"
        " %(cost)s.",
        "The nearest place, %(nearest)s, was passed over: it could send %(units)s pieces, for"
        " %(cost)s.",
        numbers["nearest_units"],
    )
    return [sentence % words]


def _part(reason: routing.Reason) -> str:
    if reason.decided_by is None:
        return ""
    kind = "tie_break" if reason.code == "tie_broken" else "cost"
    name = f"{kind}.{reason.decided_by}"
    return _(name)


def _name(name_by_id: Mapping[int, str], location_id: int) -> str:
    return name_by_id.get(location_id, str(location_id))


def _and(names: list[str]) -> str:
    return _(", ").join(names)

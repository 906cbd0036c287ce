"""Where each line of an order comes from: a pure function of its stored input.

Hard rules come first (eligibility), then the operator's tiers, then the price: the places of the
first tiers that can fill what has stock compete by the cost of the whole plan.
"""

from santong.routing.contracts import Choice, Refusal, SourcingInput
from santong.routing.rules.costs import summed
from santong.routing.rules.eligibility import refusal_of
from santong.routing.rules.needs import needs_of
from santong.routing.rules.parcels import left_by_line, parcels_of
from santong.routing.rules.pricing import priced
from santong.routing.rules.problem import limits_of
from santong.routing.rules.reasons import quotes_of, reason_of
from santong.routing.rules.tiers import planned
from santong.routing.rules.unfilled import unfilled_lines

RULES_VERSION = 1


def decide(*, sourcing: SourcingInput) -> Choice:
    """The cheapest lawful way to fill the order, every candidate's cost parts, and the reason.

    The same input has the same answer on any machine: all sums are integers and plans that cost
    the same are told apart. Leaves nothing unfilled that an eligible place holds, unless the
    split limit holds it back.
    """
    lines = sourcing.lines
    needs = needs_of(lines=lines)
    candidates = sorted(sourcing.candidates, key=lambda candidate: candidate.location_id)
    places = [priced(candidate=each, needs=needs, sourcing=sourcing) for each in candidates]
    refusals: list[Refusal | None] = [
        refusal_of(candidate=each, sourcing=sourcing) for each in candidates
    ]
    eligible = [place for place, refusal in zip(places, refusals, strict=True) if not refusal]
    limits = limits_of(
        limit=sourcing.limit, value_minor=sum(line.value_minor * line.quantity for line in lines)
    )

    wanted = [need.quantity for need in needs]
    outcome = planned(eligible=eligible, wanted=wanted, limits=limits)
    parcels = parcels_of(planned=outcome, needs=needs, lines=lines) if outcome else ()
    quotes = quotes_of(
        places=places,
        refusals=refusals,
        wanted=wanted,
        fillable=outcome.quantity_by_need if outcome else {},
    )
    return Choice(
        parcels=parcels,
        unfilled=unfilled_lines(
            lines=lines,
            left_by_line=left_by_line(lines=lines, parcels=parcels),
            needs=needs,
            places=places,
            eligible=eligible,
        ),
        quotes=quotes,
        reason=reason_of(
            mode=sourcing.mode,
            planned=outcome,
            quotes=quotes,
            cost=summed(costs=(parcel.cost for parcel in parcels)),
            limits=limits,
        ),
        search=outcome.search if outcome else "none",
        rules_version=RULES_VERSION,
    )

"""Which candidates may serve an order at all. The first refusal that applies is the one told."""

from santong.routing.contracts import Candidate, Refusal, SourcingInput


def refusal_of(*, candidate: Candidate, sourcing: SourcingInput) -> Refusal | None:
    """Why this candidate may not serve the order, or None."""
    if candidate.location_id in sourcing.excluded_location_ids:
        return "excluded"
    if sourcing.mode == "pickup" and candidate.location_id != sourcing.pickup_location_id:
        return "not_the_chosen_place"
    if not candidate.is_capable:
        return "not_capable"
    if not candidate.is_open:
        return "not_open"
    return _own_refusal(candidate, sourcing)


def _own_refusal(candidate: Candidate, sourcing: SourcingInput) -> Refusal | None:
    if not candidate.has_consent:
        return "no_consent"
    if candidate.capacity_left is not None and candidate.capacity_left <= 0:
        return "no_capacity"
    wanted = {line.sku_id for line in sourcing.lines}
    if not any(shelf.atp > 0 and shelf.sku_id in wanted for shelf in candidate.shelves):
        return "no_stock"
    return None

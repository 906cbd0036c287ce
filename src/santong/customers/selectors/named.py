"""Whether a text names the persons whom it is about."""

from __future__ import annotations

from collections.abc import Collection

from santong.customers.rules.reasons import refuse_names
from santong.customers.selectors.graph import clusters, current_ids, profile_of


def refuse_naming(*, merchant_id: int, person_ids: Collection[int], reason: str) -> None:
    """Let no reason pass that names one of the persons whom it is about. Raises FieldInvalid."""
    now_at = current_ids(merchant_id=merchant_id, person_ids=person_ids)
    found = clusters(merchant_id=merchant_id, current_ids=set(now_at.values()))
    refuse_names(reason, unnamed=[profile_of(rows).name for rows in found.values()])

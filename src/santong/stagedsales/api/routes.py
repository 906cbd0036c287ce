"""Where the endpoints of stagedsales are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.stagedsales import contracts
from santong.stagedsales.selectors.sales import sale_by_id
from santong.stores import public as stores

router = Router(tags=["staged sales"])

Limit = Annotated[int, Query(ge=1, le=200)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
Name = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
Key = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_KEY)]
Device = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_DEVICE)]
Typed = Annotated[str, Field(min_length=1, max_length=300)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Minor = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)]
MinorOrNothing = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)]
Days = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_DAYS)]
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=contracts.WHOLE_BP)]
StageNumber = Annotated[int, Field(strict=True, ge=0, le=1_000)]
Id = Annotated[str, Field(min_length=1, max_length=19)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


def fields(row: Any, **changed: object) -> dict[str, Any]:
    """What a contract says, its ids as text."""
    said = {name: getattr(row, name) for name in row.__dataclass_fields__}
    ids = {
        name: str(value)
        for name, value in said.items()
        if value is not None and (name == "id" or name.endswith("_id"))
    }
    return {**said, **ids, **changed}


def place_of(request: MerchantRequest, location_id: str) -> int:
    """A place at which whoever asks may do this. Raises NoSuch."""
    known = id_of(location_id, kind="location")
    places = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[known])
    if known not in places or not request.actor.may_at(known):
        raise NoSuch(kind="location", key=location_id)
    return known


def sale_of(request: MerchantRequest, staged_sale_id: str) -> contracts.StagedSale:
    """A sale of a place at which whoever asks may do this. Raises NoSuch."""
    return sale_by_id(
        merchant_id=request.merchant_id,
        sale_id=id_of(staged_sale_id, kind="staged_sale"),
        location_ids=request.actor.location_ids,
    )


def number_of(text: str) -> int:
    """A stage's number out of a path. Raises NoSuch."""
    return id_of(text, kind="stage")

"""Where the endpoints of aftersales are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.aftersales import contracts
from santong.aftersales.selectors.cases import case_by_id
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of

router = Router(tags=["aftersales"])

Limit = Annotated[int, Query(ge=1, le=200)]
Reason = Annotated[str, Field(max_length=contracts.LONGEST_REASON)]
Why = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Words = Annotated[str, Field(max_length=contracts.LONGEST_WORDS)]
Key = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_KEY)]
Code = Annotated[str, Field(min_length=1, max_length=60)]
MinorOrNothing = Annotated[int, Field(strict=True, ge=0, le=10**11)]
Minor = Annotated[int, Field(strict=True, ge=1, le=10**11)]
Units = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
UnitsOrNone = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class CaseReasonIn(Body):
    """Why."""

    reason: Why


def seen_case(request: MerchantRequest, case_id: str) -> contracts.Case:
    """A case that the caller may see: at some places, what was opened at or came to these."""
    return case_by_id(
        merchant_id=request.merchant_id,
        case_id=id_of(case_id, kind="case"),
        location_ids=request.actor.location_ids,
    )


def fields(row: Any, **changed: object) -> dict[str, Any]:
    """What a contract says, its ids as text."""
    said = {name: getattr(row, name) for name in row.__dataclass_fields__}
    ids = {
        name: str(value)
        for name, value in said.items()
        if value is not None and (name == "id" or name.endswith("_id"))
    }
    return {**said, **ids, **changed}

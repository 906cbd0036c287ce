"""Where the endpoints of prepaid are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.prepaid import contracts

# What names a sale and what names a top-up are kept apart: a word of ours comes before both.
LONGEST_KEY = contracts.LONGEST_KEY - 20

router = Router(tags=["prepaid"])

Limit = Annotated[int, Query(ge=1, le=200)]
Key = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
OfferCode = Annotated[str, Field(max_length=contracts.LONGEST_CODE)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Minor = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)]
MinorOrNothing = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)]
Days = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_DAYS)]
Token = Annotated[str, Field(min_length=1, max_length=60)]


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

"""Where the endpoints of presales are hung up, and what all of them share."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.http.auth import MerchantRequest
from santong.presales import contracts

router = Router(tags=["presales"])

Limit = Annotated[int, Query(ge=1, le=200)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Minor = Annotated[int, Field(strict=True, ge=0, le=contracts.MOST_MINOR)]
Units = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_UNITS)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class PresaleReasonIn(Body):
    """Why somebody does it."""

    reason: Reason


def key_of(request: MerchantRequest) -> str:
    """The command's name, as short as ours are."""
    return f"api:{hashlib.sha256(request.headers['Idempotency-Key'].encode()).hexdigest()[:48]}"


def fields(row: Any, **changed: object) -> dict[str, Any]:
    """What a contract says, its ids as text."""
    said = {name: getattr(row, name) for name in row.__dataclass_fields__}
    ids = {
        name: str(value)
        for name, value in said.items()
        if value is not None and (name == "id" or name.endswith("_id"))
    }
    return {**said, **ids, **changed}

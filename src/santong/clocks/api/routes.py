"""Where the endpoints of clocks are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.clocks import contracts
from santong.clocks.selectors.sight import check_everywhere
from santong.kernel.http.auth import MerchantRequest

router = Router(tags=["clocks"])

Limit = Annotated[int, Query(ge=1, le=200)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
CodeOrNothing = Annotated[str, Field(max_length=contracts.LONGEST_CODE)]
Name = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_NAME)]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Version = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


def seen_everywhere(request: MerchantRequest) -> contracts.Sight:
    """Whoever asks here may see every clock. Raises PermissionMissing."""
    check_everywhere(actor=request.actor)
    return contracts.Sight()


def fields(row: Any, **changed: object) -> dict[str, Any]:
    """What a contract says, its ids as text."""
    said = {name: getattr(row, name) for name in row.__dataclass_fields__}
    ids = {
        name: str(value)
        for name, value in said.items()
        if value is not None and (name == "id" or name.endswith("_id"))
    }
    return {**said, **ids, **changed}

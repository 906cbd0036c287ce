"""Where the endpoints of settlement are hung up, and what all of them share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.settlement import contracts
from santong.settlement.selectors.sight import parties_seen

router = Router(tags=["settlement"])

Limit = Annotated[int, Query(ge=1, le=200)]
Currency = Annotated[str, Query(pattern="^[A-Z]{3}$")]
Reason = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_REASON)]
Code = Annotated[str, Field(min_length=1, max_length=contracts.LONGEST_CODE)]
Minor = Annotated[int, Field(strict=True, ge=1, le=contracts.MOST_MINOR)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class PayoutReasonIn(Body):
    """Why."""

    reason: Reason


def seen_by(request: MerchantRequest) -> frozenset[int] | None:
    """Whose books the caller may see; none for all."""
    return parties_seen(merchant_id=request.merchant_id, actor=request.actor)


def check_seen(request: MerchantRequest, party_id: int, *, kind: str, key: int) -> None:
    """What belongs to somebody else is not there. Raises NoSuch."""
    seen = seen_by(request)
    if seen is not None and party_id not in seen:
        raise NoSuch(kind=kind, key=str(key))


def shown(row: object, schema: type[Schema], ids: Iterable[str]) -> dict[str, Any]:
    """A value as a schema says it, with its ids as text."""
    written = {name: getattr(row, name) for name in schema.model_fields}
    for name in ids:
        written[name] = None if written[name] is None else str(written[name])
    return written

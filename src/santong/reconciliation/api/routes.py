"""Where the endpoints of reconciliation are hung up, and what all of them share."""

from __future__ import annotations

from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from santong.reconciliation.contracts import LONGEST_NOTE

router = Router(tags=["reconciliation"])

Limit = Annotated[int, Query(ge=1, le=200)]
Note = Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")

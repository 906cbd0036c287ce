"""Which storefronts sell to buying agents, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import ConfigDict, Field

from santong.agents import contracts
from santong.agents.selectors.shops import shop_of, shops
from santong.agents.services.set_shop import MOST_MINOR
from santong.agents.services.set_shop import set_shop as setting
from santong.kernel.http.auth import MerchantRequest, requires

router = Router(tags=["agents"])

Minor = Annotated[int, Field(strict=True, ge=0, le=MOST_MINOR)]
Url = Annotated[str, Field(max_length=contracts.LONGEST_URL)]


class AgentShopIn(Schema):
    """Whether a storefront sells to agents, what delivery costs, and the pages to be shown."""

    model_config = ConfigDict(extra="forbid")

    is_open: bool
    freight_minor: Minor
    free_from_minor: Minor | None = None
    terms_url: Url
    privacy_url: Url
    returns_url: Url = ""


class AgentShopOut(Schema):
    """How a storefront sells to buying agents."""

    storefront_code: str
    is_open: bool
    currency: str
    freight_minor: int
    free_from_minor: int | None
    terms_url: str
    privacy_url: str
    returns_url: str


@router.get("/agent-shops", response=list[AgentShopOut], auth=requires("agents.view"))
def list_agent_shops(request: MerchantRequest) -> Any:
    """Every storefront for which something was set."""
    return shops(merchant_id=request.merchant_id)


@router.get("/agent-shops/{storefront_code}", response=AgentShopOut, auth=requires("agents.view"))
def get_agent_shop(request: MerchantRequest, storefront_code: str) -> Any:
    """How one storefront sells to buying agents."""
    return shop_of(merchant_id=request.merchant_id, storefront_code=storefront_code)


@router.put("/agent-shops/{storefront_code}", response=AgentShopOut, auth=requires("agents.edit"))
def set_agent_shop(request: MerchantRequest, storefront_code: str, body: AgentShopIn) -> Any:
    """Open or close a storefront to buying agents."""
    return setting(
        merchant_id=request.merchant_id,
        storefront_code=storefront_code,
        **body.dict(),
        now=datetime.now(UTC),
    )

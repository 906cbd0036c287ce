"""Templates and settings over HTTP, and what terms can be made of."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema, Status
from pydantic import Field

from santong.agreements import contracts
from santong.agreements.api.routes import (
    AgreementTermOut,
    Body,
    Terms,
    router,
    term_shown,
    terms_in,
)
from santong.agreements.rules.schema import json_schema
from santong.agreements.selectors.settings import settings_of, template_by_code, templates
from santong.agreements.services import settings as setting
from santong.kernel.http.auth import MerchantRequest, requires
from santong.merchants import public as merchants


class TermKindOut(Schema):
    """A kind of term: its parameters as JSON Schema, and whether the clock finds it broken."""

    kind: contracts.Kind
    is_of_the_clock: bool
    params: dict[str, Any]


class AgreementTemplateIn(Body):
    """The next version. `newest` is the version that it was made from; 0 for a new template."""

    code: Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    category: contracts.Category
    terms: Terms
    newest: Annotated[int, Field(strict=True, ge=0, le=100_000)]


class AgreementTemplateOut(Schema):
    """Terms of a trade; windows count days from the offer."""

    code: str
    version: int
    name: str
    category: contracts.Category
    is_in_use: bool
    published_at: datetime
    published_by: str
    terms: list[AgreementTermOut]


class AgreementSettingsShape(Body):
    """How agreements are made."""

    max_window_days: Annotated[int, Field(strict=True, ge=1, le=31)] = 3
    offer_days: Annotated[int, Field(strict=True, ge=1, le=90)] = 7
    claim_days: Annotated[int, Field(strict=True, ge=0, le=365)] = 7
    decide_hours: Annotated[int, Field(strict=True, ge=1, le=720)] = 48
    needs_signature: bool = False


@router.get("/agreement-term-kinds", response=list[TermKindOut], auth=requires("agreements.view"))
def list_kinds(request: MerchantRequest) -> Any:
    """What terms can be made of."""
    return [
        {
            "kind": kind,
            "is_of_the_clock": kind in contracts.CLOCKED,
            "params": json_schema(kind=kind),
        }
        for kind in contracts.KINDS
    ]


@router.get(
    "/agreement-templates",
    response=list[AgreementTemplateOut],
    auth=requires("agreements.view"),
)
def list_templates(request: MerchantRequest) -> Any:
    """Every template as it is now."""
    return [
        _shown(each, request.merchant_id) for each in templates(merchant_id=request.merchant_id)
    ]


@router.get(
    "/agreement-templates/{code}",
    response=AgreementTemplateOut,
    auth=requires("agreements.view"),
)
def get_template(request: MerchantRequest, code: str) -> Any:
    """One template as it is now."""
    found = template_by_code(merchant_id=request.merchant_id, code=code)
    return _shown(found, request.merchant_id)


@router.post(
    "/agreement-templates",
    response={201: AgreementTemplateOut},
    auth=requires("agreements.edit"),
)
def post_template(request: MerchantRequest, body: AgreementTemplateIn) -> Any:
    """Publish a template, or the next version of one."""
    made = setting.publish_template(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        category=body.category,
        terms=terms_in(body.terms),
        newest=body.newest,
        now=datetime.now(UTC),
    )
    return Status(201, _shown(made, request.merchant_id))


@router.get(
    "/agreement-settings", response=AgreementSettingsShape, auth=requires("agreements.view")
)
def get_settings(request: MerchantRequest) -> Any:
    """How agreements are made."""
    return asdict(settings_of(merchant_id=request.merchant_id))


@router.post(
    "/agreement-settings", response=AgreementSettingsShape, auth=requires("agreements.edit")
)
def post_settings(request: MerchantRequest, body: AgreementSettingsShape) -> Any:
    """Decide how agreements are made from now on."""
    made = setting.set_settings(
        merchant_id=request.merchant_id,
        settings=contracts.Settings(**body.dict()),
        now=datetime.now(UTC),
    )
    return asdict(made)


def _shown(template: contracts.Template, merchant_id: int) -> dict[str, Any]:
    currency = merchants.merchant(merchant_id=merchant_id).currency
    plain = ("code", "version", "name", "category", "is_in_use", "published_at", "published_by")
    return {
        **{name: getattr(template, name) for name in plain},
        "terms": [term_shown(term, currency=currency) for term in template.terms],
    }

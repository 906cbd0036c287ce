"""What stands behind an agreement or a claim, over HTTP."""

from __future__ import annotations

from santong.agreements.api.agreements import seen
from santong.agreements.api.routes import router
from santong.agreements.selectors.breaches import breach_by_id
from santong.evidence import public as evidence
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of


def _agreement(request: MerchantRequest, agreement_id: str) -> str:
    return seen(request, agreement_id).subject


def _breach(request: MerchantRequest, breach_id: str) -> str:
    found = breach_by_id(merchant_id=request.merchant_id, breach_id=id_of(breach_id, kind="breach"))
    seen(request, str(found.agreement_id))
    return found.subject


evidence.evidence_endpoints(
    router=router,
    path="/agreements/{agreement_id}",
    thing="agreement",
    view="agreements.view",
    edit="agreements.offer",
    subject_of=_agreement,
)
evidence.evidence_endpoints(
    router=router,
    path="/breaches/{breach_id}",
    thing="breach",
    view="agreements.view",
    edit="agreements.offer",
    subject_of=_breach,
)

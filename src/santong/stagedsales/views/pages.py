"""The page of a sale, and the pictures on it."""

from __future__ import annotations

from django.http import HttpResponse

from santong.evidence import public as evidence
from santong.kernel.errors import NoSuch
from santong.kernel.http.pages import id_of
from santong.stagedsales.contracts import subject_of
from santong.stagedsales.errors import SaleLinkOver
from santong.stagedsales.views.behind_link import BuyerRequest, behind_link, in_scope, shown


@behind_link("GET", "HEAD")
def sale_page(request: BuyerRequest) -> HttpResponse:
    """Deposit, code, contract, stages, what is to be agreed and accepted."""
    return shown(request)


@behind_link("GET", "HEAD")
def photo(request: BuyerRequest, evidence_id: str) -> HttpResponse:
    """A picture of the contract or of work, for whom it was taken."""
    with in_scope(request):
        try:
            known = id_of(evidence_id, kind="evidence")
            row = evidence.by_id(merchant_id=request.merchant_id, evidence_id=known)
            if row.subject != subject_of(request.sale_id) or row.erased_at is not None:
                raise SaleLinkOver
        except NoSuch:
            raise SaleLinkOver from None
        return evidence.file_answer(
            request=request, merchant_id=request.merchant_id, evidence_id=known
        )

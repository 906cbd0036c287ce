"""Money that waits for a person: failed refunds, disputes, calls in vain, money over."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse

from santong.console.selectors.money_queue import money_queue
from santong.console.views.frame import places_of, sentence_of, shown
from santong.console.views.payments import may_everywhere, orders_of_documents, signers
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.payments import public as payments

LIMIT: Final = 50


@whole_page("payments.view")
def queue(request: MerchantRequest) -> HttpResponse:
    """What waits, the oldest first, with what can be done about it."""
    return queue_page(request)


def queue_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The queue; with a refusal beside the form that was refused."""
    sees_statements = places_of(request, "reconciliation.view") is None
    found = money_queue(
        merchant_id=request.merchant_id, limit=LIMIT, sees_statements=sees_statements
    )
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    values: dict[str, Any] = {
        "queue": found,
        "order_by_document": orders_of_documents(request, sorted(found.documents)),
        "name_by_account": {each.code: each.name for each in accounts},
        "signers": signers(request, found.signatures),
        "limit": LIMIT,
        "can_retry": may_everywhere(request, "payments.refund"),
        "can_handle": may_everywhere(request, "payments.handle"),
        "sees_statements": sees_statements,
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "payments/exceptions", values, section="money_exceptions", status=status)

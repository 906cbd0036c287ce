"""What persons have consented to, with its proof."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from santong.customers import contracts
from santong.customers.api.routes import router
from santong.customers.api.schemas import ConsentIn, ConsentOut, WithdrawalIn
from santong.customers.selectors.consents import consents_of
from santong.customers.services.give_consent import give_consent
from santong.customers.services.withdraw_consent import withdraw_consent
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, id_of


@router.get(
    "/persons/{person_id}/consents", response=Page[ConsentOut], auth=requires("customers.view")
)
def list_consents(request: MerchantRequest, person_id: str) -> Page[ConsentOut]:
    """All that a person has said about consent, oldest first; the last word on each counts."""
    found = consents_of(merchant_id=request.merchant_id, person_id=id_of(person_id, kind="person"))
    return Page(items=[_out(each) for each in found])


@router.post("/persons/{person_id}/consents", response=ConsentOut, auth=requires("customers.edit"))
def record_consent(request: MerchantRequest, person_id: str, body: ConsentIn) -> ConsentOut:
    """Keep as proof that a person consented, having seen a text."""
    return _out(
        give_consent(
            merchant_id=request.merchant_id,
            person_id=id_of(person_id, kind="person"),
            topic=_topic(body),
            text_version=body.text_version,
            text_hash=body.text_hash,
            place=body.place,
            given_at=body.given_at,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/persons/{person_id}/consents/withdraw",
    response=ConsentOut,
    auth=requires("customers.edit"),
)
def record_withdrawal(request: MerchantRequest, person_id: str, body: WithdrawalIn) -> ConsentOut:
    """Keep that a person takes a consent back."""
    return _out(
        withdraw_consent(
            merchant_id=request.merchant_id,
            person_id=id_of(person_id, kind="person"),
            topic=_topic(body),
            place=body.place,
            given_at=body.given_at,
            now=datetime.now(UTC),
        )
    )


def _topic(body: ConsentIn | WithdrawalIn) -> contracts.Topic:
    return contracts.Topic(purpose=body.purpose, channel=body.channel, processor=body.processor)


def _out(event: contracts.ConsentEvent) -> ConsentOut:
    return ConsentOut(**{**asdict(event), **asdict(event.topic), "id": str(event.id)})

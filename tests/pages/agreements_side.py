"""The agreements of the pages' merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.agreements import public as agreements
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo

NAMES = {
    "桌面有一道划痕",
    *(each.name for each in agreements.PROPOSALS.values()),
    *(
        str(term.params["text"])
        for each in agreements.PROPOSALS.values()
        for term in each.terms
        if "text" in term.params
    ),
}

# By the name of its address: where it is, and what stands on it in Chinese and in English.
PAGES: dict[str, tuple[str, str, str]] = {
    "agreements": ("/console/agreements/", "履约情况", "Kept and broken"),
    "agreement": (
        "/console/agreements/{world.cards.agreement_id}/",
        "没有任何改动",
        "nothing has been changed since it was accepted",
    ),
    "agreement_offer": (
        "/console/agreements/offer/?document=stagedsale:page-2&template=furniture",
        "发起并显示链接",
        "Offer it, and show the link",
    ),
    "agreement_templates": ("/console/agreements/templates/", "行业推荐", "What trades propose"),
    "agreement_template": (
        "/console/agreements/templates/furniture/",
        "买家看到的内容",
        "As the buyer reads it",
    ),
}
# What forms are sent to, and files.
COMMANDS = {
    "agreement_send_offer",
    "agreement_save_settings",
    "agreement_publish_template",
    "agreement_paper",
    "agreement_file",
    "agreement_link",
    "agreement_cancel",
    "agreement_done",
    "agreement_add_files",
    "agreement_claim",
    "breach_grant",
    "breach_reject",
    "breach_retry",
    "breach_remedy",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsSide:
    """What tests know of it."""

    agreement_id: int
    token: str


def make_agreements_side(*, merchant_id: int, now: datetime) -> AgreementsSide:
    """A template, an agreement that was accepted, and a claim about it with a photo."""
    proposal = agreements.PROPOSALS["furniture"]
    agreements.publish_template(
        merchant_id=merchant_id,
        code=proposal.code,
        name=proposal.name,
        category=proposal.category,
        terms=proposal.terms,
        newest=0,
        now=now,
    )
    made = agreements.offer(
        merchant_id=merchant_id,
        new=agreements.NewAgreement(
            document="stagedsale:page-1",
            terms=agreements.on_day(terms=proposal.terms, day=now.date()),
            total_minor=1_280_000,
            currency="CNY",
            category="furniture",
            template_code=proposal.code,
            template_version=1,
            buyer=agreements.Buyer(name="王小明", phone="13800138000"),
        ),
        now=now - timedelta(hours=2),
    )
    agreement_id = made.agreement.id
    agreements.accept(
        merchant_id=merchant_id,
        agreement_id=agreement_id,
        acceptance=agreements.Acceptance(how="name", name="王小明", address="203.0.113.7"),
        now=now - timedelta(hours=1),
    )
    agreements.make_paper(merchant_id=merchant_id, agreement_id=agreement_id, now=now)
    agreements.claim(
        merchant_id=merchant_id,
        agreement_id=agreement_id,
        term=3,
        found_by="buyer",
        said="桌面有一道划痕",
        key="page",
        uploads=(evidence.Upload(kind="photo", name="scratch.jpg", content=make_photo()),),
        now=now,
    )
    return AgreementsSide(agreement_id=agreement_id, token=made.token)

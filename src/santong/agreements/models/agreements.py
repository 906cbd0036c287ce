"""Agreements and their terms."""

from __future__ import annotations

import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import models
from django.db.models import F, Q

from santong.agreements import contracts
from santong.agreements.rules.written import term_of_json
from santong.kernel import crypto
from santong.kernel.models import MerchantOwned, MerchantQuerySet

DECIDED = ("accepted", "breached", "fulfilled")
NOBODY = {"name": "", "phone": "", "accepted_name": "", "salt": ""}


class ServiceAgreement(MerchantOwned):
    """What is promised beside the goods of a document. A version is never edited once offered."""

    number = models.PositiveIntegerField()
    document = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in contracts.STATES])
    category = models.CharField(max_length=12, choices=[(c, c) for c in contracts.CATEGORIES])
    template_code = models.CharField(max_length=40, default="", blank=True)
    template_version = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    timezone = models.CharField(max_length=40)
    location_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    offered_at = models.DateTimeField(null=True)
    offered_by = models.CharField(max_length=80, default="", blank=True)
    expires_at = models.DateTimeField(null=True)
    link_round = models.PositiveIntegerField(default=1)
    buyer_sealed = models.BinaryField(default=b"")
    phone_index = models.BinaryField(max_length=16, null=True)

    accepted_at = models.DateTimeField(null=True)
    accepted_how = models.CharField(max_length=10, default="", blank=True)
    name_commitment = models.CharField(max_length=64, default="", blank=True)
    signed_in = models.CharField(max_length=60, default="", blank=True)
    address_family = models.CharField(max_length=4, default="", blank=True)
    network_hash = models.CharField(max_length=32, default="", blank=True)
    files = models.JSONField(default=list)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, db_index=False
    )
    paper_id = models.BigIntegerField(null=True)
    record_id = models.BigIntegerField(null=True)
    signature_id = models.BigIntegerField(null=True)

    delivered_at = models.DateTimeField(null=True)
    claims_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    objects = MerchantQuerySet["ServiceAgreement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "number"], name="an_agreement_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "document", "version"],
                name="a_documents_agreements_are_versions",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "document"],
                condition=Q(state__in=contracts.IN_FORCE),
                name="one_agreement_of_a_document_is_in_force",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "document"],
                condition=Q(state="offered"),
                name="one_agreement_of_a_document_is_offered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=contracts.STATES), name="an_agreements_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | Q(accepted_at__isnull=False, offered_at__isnull=False),
                name="what_is_in_force_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered")
                | Q(offered_at__isnull=False, expires_at__gt=F("offered_at"), accepted_at=None),
                name="an_offer_ends_some_day",
            ),
            models.CheckConstraint(
                condition=Q(total_minor__gte=0, version__gte=1),
                name="an_agreement_is_about_an_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "state", "id"], name="agreements_by_state"),
            models.Index(
                fields=["merchant_id", "expires_at"],
                condition=Q(state="offered"),
                name="offers_to_expire",
            ),
            models.Index(
                fields=["merchant_id", "claims_until"],
                condition=Q(state="accepted", claims_until__isnull=False),
                name="agreements_to_fulfil",
            ),
            models.Index(
                fields=["merchant_id", "phone_index"],
                condition=Q(phone_index__isnull=False),
                name="agreements_by_phone",
            ),
            models.Index(
                fields=["merchant_id", "id"],
                condition=Q(accepted_at__isnull=False, paper_id=None, erased_at=None),
                name="agreements_without_paper",
            ),
        ]

    @property
    def place(self) -> str:
        """What binds the sealed buyer to the agreement, known before that has an id."""
        return f"agreements.buyer:{self.document}:{self.version}"

    @property
    def subject(self) -> str:
        """Its name for evidence, clocks and the trail."""
        return f"agreement:{self.id}"

    def buyer(self) -> dict[str, str]:
        """Who it is offered to and who accepted it, in clear text."""
        if not self.buyer_sealed:
            return dict(NOBODY)
        try:
            plain = crypto.decrypt(
                merchant_id=self.merchant_id, sealed=bytes(self.buyer_sealed), place=self.place
            )
        except InvalidTag:  # somebody changed the row: verification says so, and pages still show
            return dict(NOBODY)
        known: dict[str, str] = json.loads(plain)
        return {**NOBODY, **known}

    def seal_buyer(self, **known: str) -> None:
        """Keep who it is, sealed; what is not named stays."""
        plain = json.dumps({**self.buyer(), **known}).encode()
        self.buyer_sealed = crypto.encrypt(
            merchant_id=self.merchant_id, plain=plain, place=self.place
        )


class AgreementTerm(MerchantOwned):
    """One promise, what makes it good, and how it stands."""

    agreement = models.ForeignKey(
        ServiceAgreement, models.PROTECT, related_name="terms", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=[(k, k) for k in contracts.KINDS])
    params = models.JSONField()
    remedy = models.CharField(max_length=10, choices=[(r, r) for r in contracts.REMEDIES])
    amount = models.JSONField(null=True)
    cap_minor = models.BigIntegerField(null=True)
    bearer = models.CharField(max_length=8, choices=[(b, b) for b in contracts.BEARERS])
    bearer_code = models.CharField(max_length=40, default="", blank=True)
    outcome = models.CharField(
        max_length=6, choices=[(o, o) for o in contracts.OUTCOMES], default="open"
    )
    outcome_at = models.DateTimeField(null=True)
    limit_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)

    objects = MerchantQuerySet["AgreementTerm"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "agreement", "number"],
                name="an_agreements_terms_are_counted",
            ),
            models.CheckConstraint(
                condition=Q(spent_minor__gte=0, spent_minor__lte=F("limit_minor")),
                name="no_term_costs_more_than_its_cap",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant_id", "kind", "outcome"], name="terms_by_outcome"),
        ]

    def as_contract(self) -> contracts.Term:
        kept: dict[str, Any] = {
            "number": self.number,
            "kind": self.kind,
            "params": self.params,
            "remedy": self.remedy,
            "amount": self.amount,
            "cap_minor": self.cap_minor,
            "bearer": self.bearer,
            "bearer_code": self.bearer_code,
        }
        return term_of_json(kept)

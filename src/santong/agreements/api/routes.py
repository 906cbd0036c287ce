"""Where the endpoints of agreements are gathered, and what terms look like in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StrictInt, StrictStr

from santong.agreements import contracts
from santong.agreements.rules.records import term_of
from santong.agreements.rules.sentences import sentence

router = Router(tags=["agreements"])

MOST_MINOR = 10**12


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


Minor = Annotated[int, Field(strict=True, ge=1, le=MOST_MINOR)]
Document = Annotated[str, Field(min_length=3, max_length=60)]
Code = Annotated[str, Field(max_length=40)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Said = Annotated[str, Field(min_length=1, max_length=1_000)]
Days = Annotated[int, Field(strict=True, ge=1, le=90)]
Limit = Annotated[int, Query(ge=1, le=200)]


class AmountIn(Body):
    """Minor units, or basis points of the document's total; once, or for each day late."""

    basis: contracts.Basis
    value: Annotated[int, Field(strict=True, ge=1, le=MOST_MINOR)]
    per: contracts.Per = "once"


class TermIn(Body):
    """One promise. Which parameters a kind has: `GET /agreement-term-kinds`."""

    kind: contracts.Kind
    params: Annotated[
        dict[
            Annotated[str, Field(max_length=40)],
            StrictInt | Annotated[StrictStr, Field(max_length=400)],
        ],
        Field(max_length=10),
    ]
    remedy: contracts.Remedy
    amount: AmountIn | None = None
    cap_minor: Minor | None = None
    bearer: contracts.Bearer = "merchant"
    bearer_code: Code = ""

    def term(self, number: int) -> contracts.Term:
        amount = self.amount
        return contracts.Term(
            number=number,
            kind=self.kind,
            params=self.params,
            remedy=self.remedy,
            amount=contracts.Amount(basis=amount.basis, value=amount.value, per=amount.per)
            if amount
            else None,
            cap_minor=self.cap_minor,
            bearer=self.bearer,
            bearer_code=self.bearer_code,
        )


Terms = Annotated[list[TermIn], Field(min_length=1, max_length=30)]


class AgreedAmountOut(Schema):
    basis: contracts.Basis
    value: int
    per: contracts.Per


class AgreementTermOut(Schema):
    """A promise with its sentences, and how it stands: open, kept, broken or ended."""

    number: int
    kind: contracts.Kind
    params: dict[str, int | str]
    remedy: contracts.Remedy
    amount: AgreedAmountOut | None
    cap_minor: int | None
    bearer: contracts.Bearer
    bearer_code: str
    sentence_zh: str
    sentence_en: str
    outcome: contracts.Outcome | None


class CompensationOut(Schema):
    """Money that goes back for a breach, along one document of payments."""

    document: str
    amount_minor: int
    done_minor: int
    failed_minor: int
    refund_id: str
    why: str


class OwedGoodsOut(Schema):
    """So many of a SKU of the document."""

    sku_code: str
    quantity: int


class BreachOut(Schema):
    """A term that was not kept, or is said not to have been."""

    id: str
    agreement_id: str
    document: str
    term: int
    kind: contracts.Kind
    found_by: contracts.Finder
    state: contracts.BreachState
    remedy: contracts.Remedy
    currency: str
    amount_minor: int
    done_minor: int
    days_late: int
    broken_at: datetime
    decide_by: datetime | None
    decided_at: datetime | None
    said: str
    answer: str
    bearer: contracts.Bearer
    bearer_code: str
    ended_at: datetime | None
    made_good_by: str
    why: str
    goods: list[OwedGoodsOut]
    payments: list[CompensationOut]


def terms_in(terms: list[TermIn]) -> tuple[contracts.Term, ...]:
    """Terms as they came in, counted from 1."""
    return tuple(each.term(number) for number, each in enumerate(terms, 1))


def term_shown(
    term: contracts.Term, *, currency: str, outcome: contracts.Outcome | None = None
) -> dict[str, Any]:
    """A term as the API shows it."""
    return {
        **term_of(term),
        "sentence_zh": sentence(term=term, currency=currency, language="zh-hans"),
        "sentence_en": sentence(term=term, currency=currency, language="en"),
        "outcome": outcome,
    }


def breach_shown(row: contracts.Breach) -> dict[str, Any]:
    """A breach as the API shows it."""
    plain = (
        *("document", "kind", "found_by", "state", "remedy", "currency", "amount_minor"),
        *("done_minor", "days_late", "broken_at", "decide_by", "decided_at", "answer"),
        *("bearer", "bearer_code", "ended_at", "made_good_by", "why"),
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "id": str(row.id),
        "agreement_id": str(row.agreement_id),
        "term": row.term_number,
        "said": row.reason,
        "goods": row.goods,
        "payments": [
            {
                "document": each.document,
                "amount_minor": each.amount_minor,
                "done_minor": each.done_minor,
                "failed_minor": each.failed_minor,
                "refund_id": str(each.refund_id),
                "why": each.why,
            }
            for each in row.payments
        ],
    }

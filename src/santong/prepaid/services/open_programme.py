"""Begin to sell cards of a kind."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.errors import ProgrammeCodeTaken
from santong.prepaid.models import CardProgramme
from santong.prepaid.rules.fields import clean_programme
from santong.prepaid.services.insert import insert


@all_or_nothing
def open_programme(
    *, merchant_id: int, new: contracts.NewProgramme, now: datetime
) -> contracts.CardProgramme:
    """Open a programme of cards, with its two assets in the ledger. It sells once it has terms.

    Raises ProgrammeCodeTaken, NoSuch (brand), FieldInvalid.
    """
    clean_programme(new)
    merchants.brand_by_id(merchant_id=merchant_id, brand_id=new.brand_id)
    row = CardProgramme(
        merchant_id=merchant_id,
        code=new.code,
        name=new.name.strip(),
        brand_id=new.brand_id,
        kind=new.kind,
        currency=new.currency,
        party=new.party,
        issuer_kind=new.issuer_kind,
        opened_at=now,
    )
    insert(
        row,
        taken=ProgrammeCodeTaken(taken=new.code),
        constraints=("a_card_programme_has_its_own_code",),
    )
    programme: contracts.CardProgramme = row.as_contract()
    assets: dict[str, payments.AssetKind] = {
        programme.principal_asset: "prepaid_principal",
        programme.bonus_asset: "prepaid_bonus",
        programme.money_asset: "money",
    }
    for code, kind in assets.items():
        payments.open_asset(
            merchant_id=merchant_id,
            code=code,
            kind=kind,
            currency=programme.currency,
            now=now,
        )
    audit.record(
        audit.Change(
            action="prepaid.open_programme",
            subject="card_programme",
            subject_id=row.id,
            reason="opened",
            after={"code": row.code, "kind": row.kind, "party": row.party},
        ),
        now=now,
    )
    return programme

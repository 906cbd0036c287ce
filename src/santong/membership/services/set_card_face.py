"""How a programme's card looks."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.models import Programme
from santong.membership.rules.card_faces import clean_face
from santong.membership.rules.fields import LONGEST_CARD_NAME, clean_name
from santong.membership.selectors.programmes import forget_programmes, programme_by_code


@all_or_nothing
def set_card_face(
    *,
    merchant_id: int,
    programme_code: str,
    card_name: str,
    face: contracts.CardFace,
    now: datetime,
) -> contracts.Programme:
    """Let the cards of a programme look so from now on, wherever they are shown.

    Raises NoSuch (programme), FieldInvalid, CardUnreadable. Locks the programme.
    """
    name = clean_name(card_name, pointer="/card_name", most=LONGEST_CARD_NAME)
    cleaned = clean_face(face)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    rows = Programme.objects.of_merchant(merchant_id).filter(id=programme.id)
    row = rows.select_related("pool").lock().get()
    before = row.as_contract()
    row.card_name, row.card_ground, row.card_ink = name, cleaned.ground, cleaned.ink
    row.card_picture, row.card_picture_alt = cleaned.picture, cleaned.picture_alt
    row.save(
        update_fields=[
            "card_name",
            "card_ground",
            "card_ink",
            "card_picture",
            "card_picture_alt",
        ]
    )
    forget_programmes()
    audit.record(
        audit.Change(
            action="membership.set_card_face",
            subject="programme",
            subject_id=row.id,
            reason="set",
            before={"card_name": before.card_name, **asdict(before.face)},
            after={"card_name": name, **asdict(cleaned)},
        ),
        now=now,
    )
    contract: contracts.Programme = row.as_contract()
    return contract

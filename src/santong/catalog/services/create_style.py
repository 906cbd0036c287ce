from __future__ import annotations

from datetime import datetime

from santong.catalog import contracts
from santong.catalog.errors import CodeTaken
from santong.catalog.models import Style
from santong.catalog.rules import rows
from santong.kernel import audit, bulk
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants


@all_or_nothing
def create_style(
    *,
    merchant_id: int,
    code: str,
    name: str,
    category: str = "",
    season: str = "",
    brand_id: int | None = None,
    now: datetime,
) -> contracts.Style:
    """Bring a new style into the catalogue.

    Raises CodeTaken, FieldInvalid, NoSuch (brand).
    """
    texts = {"style_code": code, "style_name": name, "category": category, "season": season}
    clean = {column: text.strip() for column, text in texts.items()}
    for column, text in clean.items():
        reason = rows.wrong_text(text, column=column, needed=column in {"style_code", "style_name"})
        if reason:
            raise FieldInvalid(pointer=f"/{column.removeprefix('style_')}", reason=reason)
    if brand_id is not None:
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    style = Style(
        merchant_id=merchant_id,
        code=clean["style_code"],
        name=clean["style_name"],
        category=clean["category"],
        season=clean["season"],
        brand_id=brand_id,
        created_at=now,
        changed_at=now,
    )
    if not bulk.insert_new([style], unique=["merchant_id", "code"]):
        raise CodeTaken(kind="style", taken=style.code)
    audit.record(
        audit.Change(
            action="catalog.create_style",
            subject="style",
            subject_id=style.id,
            reason="created",
            after={"code": style.code, "name": style.name, "brand_id": brand_id},
        ),
        now=now,
    )
    return style.as_contract()

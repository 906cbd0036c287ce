"""Templates are published in versions, and it is decided how agreements are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from santong.agreements import contracts
from santong.agreements.errors import TemplateMoved
from santong.agreements.models import AgreementSettings, Template, TemplateVersion
from santong.agreements.rules.records import term_of
from santong.agreements.rules.terms import checked_template_terms
from santong.agreements.selectors.settings import settings_of, template_by_code
from santong.agreements.services.signature import signature
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing

LONGEST_TEMPLATE_NAME: Final = 80
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_MOST_BY_FIELD: Final = {
    "max_window_days": (1, 31),
    "offer_days": (1, 90),
    "claim_days": (0, 365),
    "decide_hours": (1, 720),
}


@all_or_nothing
def publish_template(
    *,
    merchant_id: int,
    code: str,
    name: str,
    category: contracts.Category,
    terms: Sequence[contracts.Term],
    newest: int,
    now: datetime,
) -> contracts.Template:
    """Publish a template, or the next version of one whose newest is the one that was looked at.

    Offers that were made stay as they were. Raises FieldInvalid, TemplateMoved. Locks the template.
    """
    if not _CODE.fullmatch(code):
        raise FieldInvalid(pointer="/code", reason="1 to 40 letters, digits, dots, hyphens")
    name = name.strip()
    if not 0 < len(name) <= LONGEST_TEMPLATE_NAME or not name.isprintable():
        raise FieldInvalid(pointer="/name", reason=f"1 to {LONGEST_TEMPLATE_NAME} characters")
    check_prose(name, pointer="/name")
    if category not in contracts.CATEGORIES:
        raise FieldInvalid(pointer="/category", reason="one of " + ", ".join(contracts.CATEGORIES))
    most = settings_of(merchant_id=merchant_id).max_window_days
    checked = checked_template_terms(terms, max_window_days=most)
    row = _template(merchant_id, code, category)
    if row.newest != newest:
        raise TemplateMoved(newest=row.newest)
    row.newest, row.category, row.is_in_use = newest + 1, category, True
    row.save(update_fields=["newest", "category", "is_in_use"])
    TemplateVersion.objects.create(
        merchant_id=merchant_id,
        template=row,
        number=row.newest,
        name=name,
        terms=[term_of(term) for term in checked],
        published_at=now,
        published_by=signature(),
    )
    _write_down(row, "publish_template", {"version": row.newest}, now=now)
    return template_by_code(merchant_id=merchant_id, code=code)


@all_or_nothing
def retire_template(*, merchant_id: int, code: str, now: datetime) -> contracts.Template:
    """Offer a template no more. Raises NoSuch. Locks the template."""
    row = Template.objects.of_merchant(merchant_id).filter(code=code).lock().first()
    if row is None:
        raise NoSuch(kind="agreement_template", key=code[:40])
    row.is_in_use = False
    row.save(update_fields=["is_in_use"])
    _write_down(row, "retire_template", {"is_in_use": False}, now=now)
    return template_by_code(merchant_id=merchant_id, code=code)


@all_or_nothing
def set_settings(
    *, merchant_id: int, settings: contracts.Settings, now: datetime
) -> contracts.Settings:
    """Decide how agreements are made from now on. Raises FieldInvalid."""
    for field, (least, most) in _MOST_BY_FIELD.items():
        if not least <= getattr(settings, field) <= most:
            raise FieldInvalid(pointer=f"/{field}", reason=f"{least} to {most}")
    before = settings_of(merchant_id=merchant_id)
    values = {
        **{field: getattr(settings, field) for field in _MOST_BY_FIELD},
        "needs_signature": settings.needs_signature,
    }
    row, _ = AgreementSettings.objects.update_or_create(merchant_id=merchant_id, defaults=values)
    audit.record(
        audit.Change(
            action="agreements.set_settings",
            subject="agreement_settings",
            subject_id=row.id,
            reason="",
            before={field: getattr(before, field) for field in values},
            after=values,
        ),
        now=now,
    )
    return row.as_contract()


def _template(merchant_id: int, code: str, category: str) -> Template:
    Template.objects.bulk_create(
        [Template(merchant_id=merchant_id, code=code, category=category)], ignore_conflicts=True
    )
    return Template.objects.of_merchant(merchant_id).lock().get(code=code)


def _write_down(row: Template, action: str, after: dict[str, object], *, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"agreements.{action}",
            subject="agreement_template",
            subject_id=row.id,
            reason=row.code,
            after=after,
        ),
        now=now,
    )

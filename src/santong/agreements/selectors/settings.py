"""How a merchant makes agreements, and its templates."""

from __future__ import annotations

from santong.agreements import contracts
from santong.agreements.models import AgreementSettings, Template, TemplateVersion
from santong.kernel.errors import NoSuch


def settings_of(*, merchant_id: int) -> contracts.Settings:
    """How agreements are made."""
    row = AgreementSettings.objects.of_merchant(merchant_id).first()
    return row.as_contract() if row else contracts.Settings()


def templates(*, merchant_id: int) -> list[contracts.Template]:
    """Every template as it is now, by code."""
    rows = Template.objects.of_merchant(merchant_id).order_by("code")
    found = {row.id: row for row in rows}
    versions = TemplateVersion.objects.of_merchant(merchant_id).filter(template__in=found)
    newest = {
        each.template_id: each for each in versions if each.number == found[each.template_id].newest
    }
    return [newest[row.id].as_contract(row) for row in found.values() if row.id in newest]


def template_by_code(
    *, merchant_id: int, code: str, version: int | None = None
) -> contracts.Template:
    """A template, as it is now or was in a version. Raises NoSuch."""
    row = Template.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is not None:
        number = row.newest if version is None else version
        found = row.versions.filter(merchant_id=merchant_id, number=number).first()
        if found is not None:
            return found.as_contract(row)
    raise NoSuch(kind="agreement_template", key=code[:40])


def template_versions(*, merchant_id: int, code: str) -> list[contracts.Template]:
    """Every version of a template, the newest first. Raises NoSuch."""
    row = Template.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="agreement_template", key=code[:40])
    rows = row.versions.filter(merchant_id=merchant_id).order_by("-number")
    return [each.as_contract(row) for each in rows]

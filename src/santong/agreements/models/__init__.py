"""The tables of agreements."""

from santong.agreements.models.agreements import AgreementTerm, ServiceAgreement
from santong.agreements.models.breaches import Breach, Compensation
from santong.agreements.models.chain import Books, ChainLink, SigningKey
from santong.agreements.models.templates import AgreementSettings, Template, TemplateVersion

__all__ = [
    "AgreementSettings",
    "AgreementTerm",
    "Books",
    "Breach",
    "ChainLink",
    "Compensation",
    "ServiceAgreement",
    "SigningKey",
    "Template",
    "TemplateVersion",
]

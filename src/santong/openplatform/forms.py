"""What is said on the page of consent."""

from __future__ import annotations

from typing import Any

from django import forms

from santong.kernel.errors import FieldInvalid
from santong.openplatform import contracts
from santong.openplatform.contracts import PERSONAL_DATA


class ConsentForm(forms.Form):
    """How an app is told of persons, and for which brands it works."""

    personal_data = forms.ChoiceField(
        choices=[(each, each) for each in PERSONAL_DATA], required=False
    )
    reach = forms.ChoiceField(choices=[("all", "all"), ("brands", "brands")], required=False)
    brands = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("brands") if hasattr(self.data, "getlist") else []
        brands = self.fields["brands"]
        assert isinstance(brands, forms.TypedMultipleChoiceField)
        brands.choices = [(each, each) for each in given if each.isascii() and each.isdigit()]

    def consent(self, *, packs: frozenset[str], scopes: frozenset[str]) -> contracts.Consent:
        """What was said. Raises FieldInvalid."""
        if not self.is_valid():
            raise FieldInvalid(pointer=f"/{next(iter(self.errors))}", reason="choose one")
        way = self.cleaned_data["personal_data"] or "none"
        brands = frozenset[int](self.cleaned_data["brands"])
        is_limited = self.cleaned_data["reach"] == "brands"
        if is_limited and not brands:
            raise FieldInvalid(pointer="/brands", reason="choose at least one")
        return contracts.Consent(
            packs=packs,
            scopes=scopes,
            personal_data=PERSONAL_DATA[PERSONAL_DATA.index(way)],
            brand_ids=brands if is_limited else None,
        )

"""What somebody types at the door."""

from __future__ import annotations

from django import forms


class LinkForm(forms.Form):
    """What a scanned link says. What makes no sense in it is left out, not refused."""

    store = forms.CharField(max_length=40, required=False)
    guide = forms.CharField(max_length=60, required=False)
    programme = forms.CharField(max_length=40, required=False)
    next = forms.CharField(max_length=300, required=False)


class PhoneForm(LinkForm):
    """A phone to which a code is sent."""

    phone = forms.CharField(max_length=40)


class CodeForm(forms.Form):
    """The code that came."""

    code = forms.CharField(max_length=40)


class AgreeForm(LinkForm):
    """What somebody agrees to: the first is needed, the second is not."""

    agree = forms.BooleanField(required=False)
    marketing = forms.BooleanField(required=False)

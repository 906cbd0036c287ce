"""What somebody types to log in or to change a password."""

from __future__ import annotations

from django import forms


class LogInForm(forms.Form):
    """Which merchant, who, and the password."""

    merchant = forms.CharField(max_length=40)
    login = forms.CharField(max_length=60)
    password = forms.CharField(max_length=200, strip=False)


class PasswordForm(forms.Form):
    """The password that is, and the one that shall be, twice."""

    old_password = forms.CharField(max_length=200, strip=False)
    new_password = forms.CharField(max_length=200, strip=False)
    again = forms.CharField(max_length=200, strip=False)

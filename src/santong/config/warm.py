"""What the first views would otherwise wait for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.utils import formats, translation

from santong.stores import public as stores

# Where most orders go. Another country's places are read when it is first asked for.
HOME: Final = "CN"


def warm() -> None:
    """Compile every page, read the words of each language and the places of the home country.

    None of it ever changes while a process runs; it needs no database.
    """
    for app in apps.get_app_configs():
        if app.name.startswith("santong."):
            folder = Path(app.path) / "templates"
            for page in sorted(folder.rglob("*.html")):
                get_template(page.relative_to(folder).as_posix())
    # Found by their names, once.
    _ = engines["django"].engine.template_context_processors  # type: ignore[attr-defined]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Today")
            formats.get_format("DATE_FORMAT")
    stores.place_of(country=HOME)

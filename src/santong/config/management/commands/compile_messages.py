from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Compiles the catalogues in `locale/`; needs no system gettext."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/django.po")):
                self.stdout.write(f"{source.parts[-3]}: {compile_catalogue(source)} messages")


def compile_catalogue(source: Path) -> int:
    """Write the `.mo` file beside a `.po` file; how many messages it holds."""
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=source.parts[-3].replace("-", "_"))
    with source.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)
    return len(catalogue)

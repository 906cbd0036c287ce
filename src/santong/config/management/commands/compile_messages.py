from __future__ import annotations

import os
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
    """Put a `.mo` file in its place beside a `.po` file; how many messages it holds.

    A process that starts meanwhile reads the old one or the new one, and never half of one.
    """
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=source.parts[-3].replace("-", "_"))
    draft = source.with_suffix(f".{os.getpid()}.mo")
    with draft.open("wb") as stream:
        write_mo(stream, catalogue)
    draft.replace(source.with_suffix(".mo"))
    return len(catalogue)

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from santong.config import reference


class Command(BaseCommand):
    """Writes docs/reference: the OpenAPI document, the facts' schemas, the refusals."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; say what differs, and fail"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = reference.documents()
        found = reference.differences(reference.FOLDER, wanted)
        if options["check"] and found:
            raise CommandError("\n".join(["docs/reference is not up to date:", *found]))
        if found:
            reference.write(reference.FOLDER, wanted)
        for line in found:
            self.stdout.write(line)
        self.stdout.write(f"docs/reference: {len(wanted)} documents")

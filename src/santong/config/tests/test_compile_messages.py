from __future__ import annotations

import gettext
from pathlib import Path

from santong.config.management.commands.compile_messages import compile_catalogue

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_whoever_reads_a_catalogue_while_it_is_compiled_reads_a_whole_one(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(HEAD + 'msgid "店"\nmsgstr "shop"\n')
    compile_catalogue(source)

    with (folder / "django.mo").open("rb") as reader:
        source.write_text(HEAD + 'msgid "店"\nmsgstr "store"\n')
        compile_catalogue(source)
        read_before = gettext.GNUTranslations(reader)
    with (folder / "django.mo").open("rb") as reader:
        read_after = gettext.GNUTranslations(reader)

    assert (read_before.gettext("店"), read_after.gettext("店")) == ("shop", "store")
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]

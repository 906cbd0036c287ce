"""A text that members have agreed to is never changed: a new one is a new version."""

from __future__ import annotations

import pytest

from santong.storefront.rules.texts import LANGUAGES, VERSION, text_of, version_in
from santong.storefront.selectors.texts import text_hash

HASHES = {
    "2026-11.zh-hans": "2c263507e6f053d9fdac92545b217d3493dbf3cbbd8d255cd1c8c8272695151a",
    "2026-11.en": "e1d6773786f2977d29d1ad4b34d0517aaedee626a2a73729ff29c0c47fa82a53",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_the_one_that_proofs_name(language: str) -> None:
    name = version_in(language)

    assert text_hash(language, VERSION) == HASHES[name], (
        f"{name} was changed: give it a new version"
    )


def test_whoever_reads_another_language_agrees_in_chinese() -> None:
    assert text_of("fr") == text_of("zh-hans")
    assert version_in("fr") == version_in("zh-hans")

"""Every sentence of a screen is there in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import to_locale

from santong.config import reference
from santong.kernel.lint import catalogues

# The language of the code and the templates, whose own catalogue holds nothing but the titles of
# refusals; every other language has both.
SOURCE = "en"
LANGUAGES = [code for code, _ in settings.LANGUAGES]
TRANSLATIONS = [code for code in LANGUAGES if code != SOURCE]
CODE = re.compile(r'\bcode="([a-z_]+\.[a-z_]+)"')
HAN = re.compile(r"[\u4e00-\u9fff]")

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def sentences(text_by_name: Mapping[str, str]) -> set[str]:
    """All that the product's code and templates hand to gettext."""
    found: set[str] = set()
    for name, text in text_by_name.items():
        if not name.startswith("src/santong/") or "/tests/" in name or "/lint/" in name:
            continue
        if name.endswith(".py"):
            found |= catalogues.sentences_of_python(text)
        elif "/templates/" in name:
            found |= catalogues.sentences_of_template(text, name=name)
    return found


def codes(text_by_name: Mapping[str, str]) -> set[str]:
    """Every code that a problem document may have; its title is looked up by it."""
    return {kind.code for kind in reference.refusals()} | {
        code
        for name, text in text_by_name.items()
        if name.startswith("src/santong/") and name.endswith(".py") and "/tests/" not in name
        for code in CODE.findall(text)
    }


def test_the_code_speaks_one_language(text_by_name: Mapping[str, str]) -> None:
    written_in_another = {sentence for sentence in sentences(text_by_name) if HAN.search(sentence)}

    assert written_in_another == set()


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_language_leaves_no_gap(language: str, text_by_name: Mapping[str, str]) -> None:
    wanted = sentences(text_by_name)
    entries = catalogues.entries(catalogue_of(language))

    assert catalogues.gaps(wanted, catalogue=entries) == []
    assert catalogues.placeholders_that_differ(entries) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_words(language: str, text_by_name: Mapping[str, str]) -> None:
    entries = catalogues.entries(catalogue_of(language))

    assert catalogues.gaps(codes(text_by_name), catalogue=entries) == []


def test_sentences_of_code_are_found() -> None:
    code = """
from django.utils.translation import gettext as _, ngettext, pgettext
_("Today")
_("{count} orders late").format(count=2)
ngettext("one parcel", "many parcels", 2)
pgettext("goods", "Return")
print("not for the screen")
"""

    assert catalogues.sentences_of_python(code) == {
        "Today",
        "{count} orders late",
        "one parcel",
        "Return",
    }


def test_sentences_of_templates_are_found() -> None:
    template = """
{% load i18n %}<h1 title="{% translate 'Where it is' %}">{% translate "Today" %}</h1>
{% blocktranslate with name=order.name trimmed %}
  Order {{ name }} is on its way
{% endblocktranslate %}
{% blocktranslate count n=n %}one parcel{% plural %}{{ n }} parcels{% endblocktranslate %}
{{ _("Stock") }} plain words
"""

    assert catalogues.sentences_of_template(template, name="today.html") == {
        "Where it is",
        "Today",
        "Order %(name)s is on its way",
        "one parcel",
        "Stock",
    }


def test_what_a_reader_would_miss_is_found() -> None:
    catalogue = HEADER + (
        'msgid "Today"\nmsgstr "今天"\n\n'
        '#, fuzzy\nmsgid "Stock"\nmsgstr "股票"\n\n'
        'msgid "Orders"\nmsgstr ""\n\n'
        'msgid ""\n"Order %(name)s "\n"is late"\nmsgstr "订单 %(nmae)s 迟了"\n\n'
        '#~ msgid "Gone"\n#~ msgstr ""\n'
    )
    entries = catalogues.entries(catalogue)

    assert catalogues.gaps({"Today", "Places"}, catalogue=entries) == [
        "missing: 'Places'",
        "fuzzy: 'Stock'",
        "empty: 'Orders'",
    ]
    assert catalogues.placeholders_that_differ(entries) == [
        "'Order %(name)s is late' became '订单 %(nmae)s 迟了'"
    ]


def catalogue_of(language: str) -> str:
    """The project's own catalogue of a language."""
    (folder,) = settings.LOCALE_PATHS
    path = Path(folder) / to_locale(language) / "LC_MESSAGES" / "django.po"
    return path.read_text(encoding="utf-8")

"""Every French text of the screens has its English, and the compiled catalogue is the one of the source."""

import gettext
import io
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext, override
from django.utils.translation.template import templatize

from jobs.models import (
    CleanroomGrade,
    EntryLevel,
    GateKind,
    Importance,
    NeedKind,
    Sector,
    Shift,
    WorkLanguage,
)
from skills.models import MappingMatch, SkillKind
from training.models import DeliveryMode, Funding, SkillOrigin, TeachingLanguage, TrainingKind

CMS = Path(settings.BASE_DIR) / "cms"
CATALOGUE = CMS / "locale" / "en" / "LC_MESSAGES" / "django.po"
FRENCH_PLURALS = CMS / "locale" / "fr" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
SAME_IN_BOTH = {"2×8", "3×8", "CPF", "OPCO", "agriculture"}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as source:
        return pofile.read_po(source)


def _texts(source: str):
    for _line, message, _comments, _context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield message if isinstance(message, tuple) else (message,)


def texts_of_the_screens():
    for path in sorted((CMS / "templates").rglob("*.html")):
        if "admin" not in path.relative_to(CMS / "templates").parts:
            python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield from _texts("\n".join(line.strip() for line in python.splitlines()))
    for path in [
        *sorted((CMS / "views").glob("*.py")),
        CMS / "urls.py",
        *sorted((CMS / "templatetags").glob("*.py")),
    ]:
        yield from _texts(path.read_text(encoding="utf-8"))
    yield from _texts((Path(settings.BASE_DIR) / "search" / "filters.py").read_text(encoding="utf-8"))
    yield from _texts((Path(settings.BASE_DIR) / "search" / "retrieval.py").read_text(encoding="utf-8"))


def test_extraction_reads_the_templates():
    found = {text for texts in texts_of_the_screens() for text in texts}
    assert {"Aller au contenu", "%(total)s formation trouvée", "formations/", "à distance"} <= found


def test_every_text_has_its_english(catalogue):
    translated = {
        text
        for message in catalogue
        if message.id
        and not message.fuzzy
        and all(message.string if isinstance(message.string, tuple) else [message.string])
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    missing = {text for texts in texts_of_the_screens() for text in texts} - translated
    assert missing == set()


@pytest.mark.parametrize(
    "choices",
    [
        CleanroomGrade, DeliveryMode, EntryLevel, Funding, GateKind, Importance, MappingMatch, NeedKind, Sector,
        Shift, SkillKind, SkillOrigin, TeachingLanguage, TrainingKind, WorkLanguage,
    ],
)  # fmt: skip
def test_every_choice_shown_has_its_english(choices):
    with override("en"):
        same = {label for label in choices.labels if translate(label) == label}
    assert same <= SAME_IN_BOTH


def test_french_stays_as_written(catalogue):
    """Another app's catalogue must not change our French (« Comment » would become « Commenter »)."""
    with override("fr"):
        changed = {
            text: translate(text)
            for message in catalogue
            if message.id
            for text in (message.id if isinstance(message.id, tuple) else (message.id,))
            if translate(text) != text
        }
    assert changed == {}


def test_french_counts_zero_as_singular(catalogue):
    plurals = [message.id for message in catalogue if isinstance(message.id, tuple)]
    with override("fr"):
        for one, many in plurals:
            assert [ngettext(one, many, n) for n in (0, 1, 2)] == [one, one, many]


@pytest.mark.parametrize("source", [CATALOGUE, FRENCH_PLURALS], ids=["en", "fr"])
def test_compiled_catalogue_is_in_step(source):
    with source.open("rb") as text, source.with_suffix(".mo").open("rb") as compiled:
        catalogue, found = pofile.read_po(text), gettext.GNUTranslations(compiled)
    for message in catalogue:
        if isinstance(message.id, tuple):
            assert [found.ngettext(*message.id, n) for n in (1, 2)] == list(message.string)
        elif message.id:
            assert found.gettext(message.id) == message.string

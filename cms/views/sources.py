"""Where the site's facts come from: the page of sources, and what a record's own page says of them.

One rule: what an editor corrected is said to be corrected, beside what the source gave it for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.views import words
from cms.views.shared import language
from skills.models import DataRelease, FieldProvenance, Given
from skills.sources import OWN_SOURCES, SOURCES, OpenDataSource

MAX_RELEASES = 5


@dataclass
class RecordSource:
    """What one release gave of a record. `fields` and `corrected` are names of fields, in French."""

    source: OpenDataSource
    attribution: str
    version: str
    day: str
    fields: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)


def record_sources(record: Given) -> list[RecordSource]:
    """The releases that give a record its fields, those of open data first. One query."""
    found: dict[int, RecordSource] = {}
    for provenance in record.provenances():
        if provenance.given in (None, "", [], {}) and not provenance.is_corrected:
            continue  # the source says nothing of the field
        entry = found.setdefault(provenance.release.pk, _record_source(provenance.release))
        _note(entry, provenance)
    return sorted(found.values(), key=lambda one: one.source.code in OWN_SOURCES)


def _note(entry: RecordSource, provenance: FieldProvenance) -> None:
    entry.fields.append(provenance.label)
    if provenance.is_corrected:
        entry.corrected.append(provenance.label)


def _record_source(release: DataRelease) -> RecordSource:
    is_open = release.source not in OWN_SOURCES
    return RecordSource(
        source=release.definition,
        attribution=release.definition.attribution(language()),
        version=release.version if is_open else "",
        day=release_day(release),
    )


def release_day(release: DataRelease) -> str:
    """The date of the data; failing that, when the file was made or given to us, and which of them it is."""
    if release.dated_on:
        return _("données du %(day)s") % {"day": words.day(release.dated_on)}
    if release.extracted_on:
        return _("fichier du %(day)s") % {"day": words.day(release.extracted_on)}
    return _("chargé le %(day)s") % {"day": words.day(release.loaded_at.date())}


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    releases: dict[str, list[DataRelease]] = {code: [] for code in SOURCES if code not in OWN_SOURCES}
    for release in DataRelease.objects.exclude(source__in=OWN_SOURCES).order_by("-loaded_at", "-pk")[:200]:
        releases[release.source].append(release)
    return render(
        request,
        "pages/sources.html",
        {"rows": [_row(SOURCES[code], some) for code, some in releases.items()]},
    )


def _row(source: OpenDataSource, releases: Iterable[DataRelease]) -> dict:
    return {
        "source": source,
        "attribution": source.attribution(language()),
        "releases": [
            {
                "version": release.version,
                "day": release_day(release),
                "loaded": words.day(release.loaded_at.date()),
            }
            for release in list(releases)[:MAX_RELEASES]
        ],
    }

"""Where the site's facts come from: the page of sources, and what a record's own page says of them.

One rule: what an editor corrected is said to be corrected, beside what the source gave it for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.views import words
from cms.views.shared import language
from skills.models import DataRelease, FieldProvenance
from skills.sources import OWN_SOURCES, SOURCES, OpenDataSource
from training.models import Training

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


# What a training's page shows of its diploma and certifications beside its own fields.
DIPLOMA_FIELDS = frozenset({"duration", "kind"})
CERTIFICATION_FIELDS = frozenset({"title", "level", "registration_ends_on"})


def training_sources(
    training: Training, certified: Mapping[str, Iterable[FieldProvenance]]
) -> list[RecordSource]:
    """The releases behind a training's page, those of open data first: its own fields, what it shows of its diploma and of
    its certifications (`certified`: by code, where their fields come from), and whatever an editor corrected there.
    """
    found: dict[tuple[str, str, str], RecordSource] = {}
    _gather(found, training.provenances())
    if training.diploma:
        _gather(found, training.diploma.provenances(), shown=DIPLOMA_FIELDS)
    for code, provenances in certified.items():
        _gather(found, provenances, shown=CERTIFICATION_FIELDS, prefix=f"{code} : ")
    return sorted(found.values(), key=lambda one: one.source.code in OWN_SOURCES)


def _gather(
    found: dict[tuple[str, str, str], RecordSource],
    provenances: Iterable[FieldProvenance],
    *,
    shown: frozenset[str] | None = None,
    prefix: str = "",
) -> None:
    """Note the fields that are `shown` (all when None) and those corrected; one that the source left empty is neither."""
    for one in provenances:
        is_told = shown is None or one.field in shown
        if not one.is_corrected and (one.given in (None, "", [], {}) or not is_told):
            continue
        entry = _record_source(one.release)
        entry = found.setdefault((entry.source.code, entry.version, entry.day), entry)
        label = f"{prefix}{one.label}"
        if is_told and label not in entry.fields:
            entry.fields.append(label)
        if one.is_corrected:
            entry.corrected.append(label)


def latest_mentions(sources: Iterable[str]) -> list[str]:
    """The attribution of each source with the version and date of its latest release here. One query."""
    wanted = list(sources)
    latest: dict[str, DataRelease] = {}
    for release in DataRelease.objects.filter(source__in=wanted).order_by("loaded_at", "pk"):
        latest[release.source] = release
    return [_mention(SOURCES[code], latest.get(code)) for code in wanted]


def _mention(source: OpenDataSource, release: DataRelease | None) -> str:
    parts = [source.attribution(language()), source.licence]
    if release:
        parts += [part for part in (release.version, release_day(release)) if part]
    return " · ".join(parts)


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

"""The page of one skill: what it is, which jobs require it, which trainings bring it.

One rule: a retired skill sends on to the one that replaces it.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.views import job_pages, offers
from cms.views.shared import language
from cms.views.sources import latest_mentions
from jobs.models import JobRequirement
from skills.levels import DESCRIPTORS
from skills.models import (
    EscoSkill,
    LabelKind,
    MappingScheme,
    RomeCompetence,
    Skill,
    SkillMapping,
)
from skills.retirement import replacement_of
from training.models import TrainingSkill

MAX_JOBS = 30
MAX_TRAININGS = 12


@require_safe
def skill(request: HttpRequest, code: str) -> HttpResponse:
    found = Skill.objects.select_related("domain", "replaced_by").filter(code=code).first()
    if found is None or not found.live:
        raise Http404
    if found.is_retired and found.replaced_by is not None:
        return redirect("skill", replacement_of(found).code, permanent=True)
    return show_skill(request, found)


def show_skill(request: HttpRequest, found: Skill) -> HttpResponse:
    """The page of a skill as it stands in memory: previews show drafts with it."""
    return render(request, "pages/skill.html", skill_context(found))


def skill_context(found: Skill) -> dict:
    trainings, training_count = _trainings(found)
    mappings = _mappings(found)
    return {
        "skill": found,
        "labels": _other_labels(found),
        "mappings": mappings,
        "mentions": latest_mentions(sorted({row.source for row in mappings})),
        "neighbours": _neighbours(found),
        "scale": [
            (int(level), descriptor.descriptor(language())) for level, descriptor in DESCRIPTORS.items()
        ],
        "jobs": _jobs(found),
        "trainings": trainings,
        "training_count": training_count,
    }


def _other_labels(found: Skill) -> list[str]:
    labels = found.labels.exclude(kind=LabelKind.HIDDEN).filter(language__in=["", language()])
    return list(labels.order_by("kind", "text").values_list("text", flat=True))


@dataclass(frozen=True)
class MappingRow:
    """`url` is empty where the source has no page a concept; `mark` says that the source no longer has it."""

    name: str
    url: str
    match: str
    mark: str
    source: str


def _mappings(found: Skill) -> list[MappingRow]:
    """What corresponds to the skill in ESCO and ROME, by its name there once they are loaded. Three queries."""
    mappings = list(found.mappings.order_by("scheme", "code"))
    codes = {scheme: [m.code for m in mappings if m.scheme == scheme] for scheme in MappingScheme.values}
    esco = {one.uri: one for one in EscoSkill.objects.filter(uri__in=codes[MappingScheme.ESCO])}
    rome = {
        one.ogr_code: one for one in RomeCompetence.objects.filter(ogr_code__in=codes[MappingScheme.ROME])
    }
    return [
        _esco_row(mapping, esco.get(mapping.code))
        if mapping.scheme == MappingScheme.ESCO
        else _rome_row(mapping, rome.get(mapping.code))
        for mapping in mappings
    ]


def _esco_row(mapping: SkillMapping, known: EscoSkill | None) -> MappingRow:
    label = (
        (known.label_en if language() == "en" else known.label_fr) or str(known) if known else mapping.code
    )
    mark = _("retirée d’ESCO") if known and (known.is_retired or known.withdrawn_on) else ""
    return MappingRow(f"ESCO : {label}", mapping.code, mapping.get_match_display(), mark, "esco")


def _rome_row(mapping: SkillMapping, known: RomeCompetence | None) -> MappingRow:
    name = f"ROME {mapping.code} : {known.label}" if known else f"ROME {mapping.code}"
    mark = _("retirée du ROME") if known and known.withdrawn_on else ""
    return MappingRow(name, "", mapping.get_match_display(), mark, "rome")


def _neighbours(found: Skill) -> list[Skill]:
    """Related and wider skills, read from the skill itself: a draft's are not those of the database."""
    linked = {one.pk for one in (*found.related.all(), *found.broader.all())}
    return list(Skill.objects.published().filter(pk__in=linked).order_by("code")[:MAX_JOBS])


def _jobs(found: Skill) -> list[dict]:
    rows = JobRequirement.objects.filter(
        skill_id=found.pk, page__in=job_pages.live_jobs().order_by().values("pk")
    )
    rows = rows.select_related("page").order_by("importance", "-level", "page__title")[:MAX_JOBS]
    return [
        {"page": row.page, "level": row.level, "importance": row.get_importance_display()} for row in rows
    ]


def _trainings(found: Skill) -> tuple[list[dict], int]:
    links = TrainingSkill.objects.filter(skill_id=found.pk, training__live=True).order_by(
        "-level", "training__code"
    )
    shown = list(links.values_list("training__code", "level")[:MAX_TRAININGS])
    cards = offers.cards_by_code([code for code, _level in shown])
    rows = [{"card": cards[code], "level": level} for code, level in shown if code in cards]
    return rows, links.count() if len(shown) == MAX_TRAININGS else len(shown)

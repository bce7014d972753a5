"""The page of one skill: what it is, at which levels, which jobs require it, which trainings bring it, what corresponds to it.

One rule: a draft has no page, and a retired skill sends on to the one that replaces it. `skill_context` works on a stored skill
and on the draft of a preview alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cms.referential_exports import CONCEPT_FORMATS
from cms.views import job_pages, linked_data, offers, referential_files
from cms.views.shared import foreign, language
from cms.views.sources import latest_mentions
from jobs.models import JobRequirement
from skills.levels import DESCRIPTORS
from skills.models import (
    EscoSkill,
    LabelKind,
    MappingMatch,
    MappingScheme,
    Modality,
    RomeCompetence,
    Skill,
    SkillKind,
    SkillMapping,
    SkillStatus,
)
from skills.retirement import replacement_of
from training.models import TrainingSkill

MAX_JOBS = 60
MAX_TRAININGS = 12
MAX_LINKS = 40

# How near a skill of ESCO or of ROME is to ours, the nearest first.
MATCH_WORDS = {
    MappingMatch.EXACT: gettext_noop("équivalent exact"),
    MappingMatch.CLOSE: gettext_noop("proche"),
    MappingMatch.BROAD: gettext_noop("plus large"),
    MappingMatch.NARROW: gettext_noop("plus étroite"),
    MappingMatch.RELATED: gettext_noop("voisine"),
}
NEARNESS = [match.value for match in MATCH_WORDS]


@require_safe
@vary_on_headers("Accept")
def skill(request: HttpRequest, code: str) -> HttpResponse:
    found = _public_skill(code)
    answer = partial(referential_files.concept_response, request, code)
    data = referential_files.data_asked_for(request, CONCEPT_FORMATS, answer)
    if data is not None:
        return data
    if found.is_retired:
        return redirect("skill", replacement_of(found).code, permanent=True)
    context = skill_context(found)
    context["alternates"] = referential_files.concept_alternates(code)
    context["linked_data"] = linked_data.defined_term(request, found, context["names"])
    response = render(request, "pages/skill.html", context)
    response["Link"] = referential_files.link_header(context["alternates"])
    return response


def _public_skill(code: str) -> Skill:
    """A skill that is in use, or retired for one that is."""
    found = Skill.objects.select_related("domain", "replaced_by").filter(code=code, live=True).first()
    if found is None:
        raise Http404
    stands = replacement_of(found)
    if not stands.live or stands.is_retired:
        raise Http404
    return found


def show_skill(request: HttpRequest, skill: Skill) -> HttpResponse:
    """The page of a skill as it stands in memory: previews show drafts with it."""
    return render(request, "pages/skill.html", skill_context(skill))


def skill_context(skill: Skill) -> dict:
    """All that the page says of a skill."""
    trainings, training_count = _trainings(skill)
    jobs, job_count = _jobs(skill)
    mappings = _mappings(skill)
    labels = sorted(
        (one for one in skill.labels.all() if _is_shown(one)), key=lambda one: one.text.casefold()
    )
    others = [one.text for one in labels if one.kind == LabelKind.ALTERNATIVE]
    acronyms = [one.text for one in labels if one.kind == LabelKind.ACRONYM]
    return {
        "skill": skill,
        "is_condition": skill.kind == SkillKind.AUTHORISATION,
        "modalities": modality_words(skill),
        "labels": others,
        "acronyms": acronyms,
        "names": [*others, *acronyms],
        "mappings": mappings,
        "mentions": latest_mentions(sorted({group.scheme for group in mappings if group.rows})),
        "links": _links(skill),
        "scale": _scale(skill),
        "jobs": jobs,
        "job_count": job_count,
        "trainings": trainings,
        "training_count": training_count,
    }


def _is_shown(label) -> bool:
    return label.kind != LabelKind.HIDDEN and label.language in ("", language())


def modality_words(skill: Skill) -> str:
    """The biomedicines that a skill serves; all of them are not listed."""
    if not skill.modalities or Modality.ALL in skill.modalities:
        return _("Tous les biomédicaments")
    words = ", ".join(_(label) for label in skill.modality_labels)
    return words[:1].upper() + words[1:]


# --- Levels
def _scale(skill: Skill) -> dict:
    """What one does at each level: as this skill says it, else as every skill does."""
    own = {one.level: one.descriptor for one in skill.levels.all()}
    steps = [
        {
            "level": int(level),
            "descriptor": own.get(level) or descriptor.descriptor(language()),
            "is_common": bool(own) and not own.get(level),
        }
        for level, descriptor in DESCRIPTORS.items()
    ]
    return {"steps": steps, "is_common": not own}


# --- Other skills
@dataclass(frozen=True)
class LinkGroup:
    anchor: str
    title: str
    skills: list[Skill]


def _links(skill: Skill) -> list[LinkGroup]:
    """Wider, narrower and neighbouring skills in use; a group without any is left out."""
    narrower = skill.narrower.all() if skill.pk else []
    groups = [
        LinkGroup("plus-larges", _("Plus larges"), _in_use(skill.broader.all())),
        LinkGroup("plus-etroites", _("Plus étroites"), _in_use(narrower)),
        LinkGroup("voisines", _("Voisines"), _in_use(skill.related.all())),
    ]
    return [group for group in groups if group.skills]


def _in_use(skills: Iterable[Skill]) -> list[Skill]:
    found = [one for one in skills if one.live and one.status == SkillStatus.PUBLISHED]
    return sorted(found, key=lambda one: one.label.casefold())[:MAX_LINKS]


# --- ESCO and ROME
@dataclass(frozen=True)
class MappingRow:
    """`name` is empty where the scheme is not loaded here, `url` where it has no page a concept; `mark` says that the scheme no
    longer has it.
    """

    name: str
    code: str
    url: str
    match: str
    mark: str = ""
    lang: str = ""


@dataclass(frozen=True)
class MappingGroup:
    """What corresponds in one scheme; `none` says that nothing does, where the referential says so."""

    scheme: str
    name: str
    rows: list[MappingRow]
    none: str


def _mappings(skill: Skill) -> list[MappingGroup]:
    """What corresponds to the skill in ESCO and ROME, the nearest first, by its name there once they are loaded. Three
    queries.
    """
    mappings = sorted(skill.mappings.all(), key=lambda one: (NEARNESS.index(one.match), one.code))
    codes = {
        scheme: [one.code for one in mappings if one.scheme == scheme] for scheme in MappingScheme.values
    }
    esco = {one.uri: one for one in EscoSkill.objects.filter(uri__in=codes[MappingScheme.ESCO])}
    found = RomeCompetence.objects.filter(ogr_code__in=codes[MappingScheme.ROME])
    rome = {one.ogr_code: one for one in found}
    rows = {
        MappingScheme.ESCO: [
            _esco_row(one, esco.get(one.code)) for one in mappings if one.scheme == MappingScheme.ESCO
        ],
        MappingScheme.ROME: [
            _rome_row(one, rome.get(one.code)) for one in mappings if one.scheme == MappingScheme.ROME
        ],
    }
    nothing = {
        MappingScheme.ESCO: _("Aucun équivalent dans ESCO."),
        MappingScheme.ROME: _("Aucun équivalent dans le ROME."),
    }
    groups = [
        MappingGroup(
            scheme.value,
            str(scheme.label),
            rows[scheme],
            nothing[scheme] if scheme in skill.unmapped and not rows[scheme] else "",
        )
        for scheme in MappingScheme
    ]
    return [group for group in groups if group.rows or group.none]


def _esco_row(mapping: SkillMapping, known: EscoSkill | None) -> MappingRow:
    match = _(MATCH_WORDS[MappingMatch(mapping.match)])
    if known is None:
        return MappingRow(mapping.code, "", mapping.code, match)
    label = known.label_en if language() == "en" else known.label_fr
    mark = _("retirée d’ESCO") if known.is_retired or known.withdrawn_on else ""
    return MappingRow(label or str(known), "", mapping.code, match, mark, "" if label else foreign("fr"))


def _rome_row(mapping: SkillMapping, known: RomeCompetence | None) -> MappingRow:
    match = _(MATCH_WORDS[MappingMatch(mapping.match)])
    if known is None:
        return MappingRow("", mapping.code, "", match)
    mark = _("retirée du ROME") if known.withdrawn_on else ""
    return MappingRow(known.label, mapping.code, "", match, mark, foreign("fr"))


# --- Jobs and trainings
def _jobs(skill: Skill) -> tuple[list[dict], int]:
    """The jobs that require the skill, those to which it matters most first, and how many there are."""
    live = job_pages.live_jobs().order_by().values("pk")
    found = JobRequirement.objects.filter(skill=skill.pk, page__in=live).select_related("page")
    rows = list(found.order_by("importance", "-level", "page__title")[:MAX_JOBS])
    shown = [
        {"page": row.page, "level": row.level, "importance": row.get_importance_display()} for row in rows
    ]
    count = found.count() if len(rows) == MAX_JOBS else len(rows)
    gated = _gated_jobs(skill)
    return [*shown, *gated], count + len(gated)


def _gated_jobs(skill: Skill) -> list[dict]:
    """Jobs that make it a condition: without level, one has it or not."""
    if skill.kind != SkillKind.AUTHORISATION:
        return []
    pages = job_pages.live_jobs().filter(gates__skill=skill.pk).distinct()[:MAX_JOBS]
    return [
        {"page": page, "level": None, "importance": gettext_noop("condition impérative")} for page in pages
    ]


def _trainings(skill: Skill) -> tuple[list[dict], int]:
    links = TrainingSkill.objects.filter(skill=skill.pk, training__live=True).order_by(
        "-level", "training__code"
    )
    shown = list(links.values_list("training__code", "level")[:MAX_TRAININGS])
    cards = offers.cards_by_code([code for code, _level in shown])
    rows = [{"card": cards[code], "level": level} for code, level in shown if code in cards]
    return rows, links.count() if len(shown) == MAX_TRAININGS else len(shown)

"""The page of the referential: what it is, its skills by domain, its versions, its files.

One rule: only what is published is listed and counted. Retired skills are named apart; drafts are named nowhere, not even in
the changelog, and a domain that holds nothing else neither.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cms.referential_exports import WHOLE_FORMATS
from cms.views import linked_data, referential_files, words
from cms.views.referential_files import Alternate
from cms.views.shared import TranslatedRefusal, foreign, language, read_query, refuse
from search.request import InvalidRequest
from skills.concept_files.history import Note, Release
from skills.concept_files.public import public_codes
from skills.concept_files.statistics import TRUE_MATCHES
from skills.levels import DESCRIPTORS
from skills.models import Domain, Modality, Skill, SkillKind, SkillLabel, SkillMapping, SkillStatus
from skills.shipped_history import shipped_history, shipped_scheme
from skills.text import text_key

MAX_SKILLS = 5_000
# A release that adds more is told by its count: the list below is the better place to read them.
MAX_ADDED = 30
LICENCES = {"https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0"}
FILE_USES = {
    "ttl": gettext_noop("SKOS, pour le web de données"),
    "jsonld": gettext_noop("SKOS, pour les programmes qui lisent du JSON"),
    "csv": gettext_noop("une ligne par compétence, pour un tableur"),
    "json": gettext_noop("un objet par compétence, avec ses domaines"),
}


@require_safe
@vary_on_headers("Accept")
def referential(request: HttpRequest) -> HttpResponse:
    answer = partial(referential_files.whole_response, request)
    data = referential_files.data_asked_for(request, WHOLE_FORMATS, answer)
    if data is not None:
        return data
    public = _Public.read()
    used = {one.domain_id for one in public.published}
    domains = [domain for domain in Domain.objects.all() if domain.pk in used]
    try:
        choice = _Choice.read(request, domains)
    except InvalidRequest as error:
        return refuse(request, error)
    alternates = referential_files.whole_alternates()
    context = {
        **_about(request, public, alternates),
        "figures": {"domains": len(domains), **_figures(public)},
        **_list(public.published, choice, domains),
    }
    response = render(request, "pages/referential.html", context)
    response["Link"] = referential_files.link_header(alternates)
    return response


def _about(request: HttpRequest, public: "_Public", alternates: list[Alternate]) -> dict:
    """What the page says of the referential, whatever part of it is listed."""
    example = public.published[0].code if public.published else "code"
    file_example = referential_files.concept_alternates(example)[0].url
    return {
        "scheme": _scheme(),
        "alternates": alternates,
        "files": [{"file": one, "use": _(FILE_USES[one.url.rpartition(".")[2]])} for one in alternates],
        "releases": [_release(one, public.by_code) for one in shipped_history().releases],
        "retired": [
            {"skill": one, "replacement": public.by_pk.get(one.replaced_by_id)} for one in public.retired
        ],
        "terms": _terms(),
        "linked_data": linked_data.defined_term_set(request),
        "example": request.build_absolute_uri(reverse("skill", args=[example])),
        "example_file": request.build_absolute_uri(file_example),
    }


def _list(published: list[Skill], choice: "_Choice", domains: list[Domain]) -> dict:
    """The skills chosen, by domain, with the filters that chose them."""
    found = _found(published, choice, domains)
    return {
        "choice": choice,
        "fields": _fields(choice, domains),
        "total": len(found),
        "common": _common(published, choice, domains),
        "groups": _groups(domains, found),
    }


# --- What the public reads
@dataclass(frozen=True)
class _Public:
    published: list[Skill]
    retired: list[Skill]
    by_code: Mapping[str, Skill]
    by_pk: Mapping[int, Skill]

    @classmethod
    def read(cls) -> "_Public":
        """One query."""
        rows = Skill.objects.filter(live=True).order_by("code").only(
            "code", "label_fr", "label_en", "kind", "modalities", "status", "domain_id", "replaced_by_id"
        )[:MAX_SKILLS]  # fmt: skip
        live = {one.pk: one for one in rows}
        codes = public_codes(
            {
                one.code: (one.status, live[one.replaced_by_id].code if one.replaced_by_id in live else "")
                for one in live.values()
            }
        )
        by_code = {one.code: one for one in live.values() if one.code in codes}
        return cls(
            published=[one for one in by_code.values() if one.status == SkillStatus.PUBLISHED],
            retired=[one for one in by_code.values() if one.is_retired],
            by_code=by_code,
            by_pk={one.pk: one for one in by_code.values()},
        )


def _scheme() -> dict:
    scheme, releases = shipped_scheme(), shipped_history().releases
    dated = releases[0].date if releases else None
    return {
        "title": getattr(scheme.title, language()),
        "description": getattr(scheme.description, language()),
        "version": scheme.version,
        "day": words.day(dated) if dated else "",
        "licence": LICENCES.get(scheme.licence, scheme.licence),
        "licence_url": scheme.licence,
        "uri": scheme.uri,
    }


def _figures(public: _Public) -> dict:
    """Counts of what is published. Two queries."""
    in_use = Skill.objects.published()
    mapped = SkillMapping.objects.filter(skill__in=in_use, match__in=TRUE_MATCHES).order_by()
    by_scheme = dict(mapped.values_list("scheme").annotate(Count("skill", distinct=True)))
    return {
        "skills": len(public.published),
        "texts": words.number(
            2 * len(public.published) + SkillLabel.objects.filter(skill__in=in_use).count()
        ),
        "esco": by_scheme.get("esco", 0),
        "rome": by_scheme.get("rome", 0),
    }


def _terms() -> list[dict]:
    """The terms of our own that SKOS has no word for, with what they mean."""
    kinds = [(kind.value, _(kind.label)) for kind in SkillKind]
    modalities = [(one.value, _(one.label)) for one in Modality if one != Modality.ALL]
    levels = [(f"level{int(level)}", one.label(language())) for level, one in DESCRIPTORS.items()]
    statuses = [("published", _("en usage")), ("deprecated", _("retirée"))]
    everything = (Modality.ALL.value, _("Tous les biomédicaments"))
    return [
        {"property": "dct:type", "use": _("Type"), "values": kinds},
        {"property": "adms:status", "use": _("État"), "values": statuses},
        {"property": "bio:modality", "use": _("Biomédicaments"), "values": [everything, *modalities]},
        {"property": "bio:level1 … bio:level4", "use": _("Ce qu’on fait à ce niveau"), "values": levels},
    ]


# --- What the reader chose
@dataclass(frozen=True)
class _Choice:
    """Empty values choose nothing."""

    text: str
    domain: str
    kind: str
    modality: str

    @classmethod
    def read(cls, request: HttpRequest, domains: Iterable[Domain]) -> "_Choice":
        return cls(
            text=read_query(request),
            domain=_one_of(request, "domaine", {domain.code for domain in domains}),
            kind=_one_of(request, "type", SkillKind.values),
            modality=_one_of(request, "biomedicament", Modality.values),
        )

    @property
    def is_any(self) -> bool:
        return bool(self.query)

    @property
    def query(self) -> str:
        said = {"q": self.text, "domaine": self.domain, "type": self.kind, "biomedicament": self.modality}
        return urlencode({name: value for name, value in said.items() if value})


def _one_of(request: HttpRequest, parameter: str, known: Iterable[str]) -> str:
    value = request.GET.get(parameter, "").strip()
    if value and value not in known:
        message = _("Valeur inconnue pour le filtre « %(name)s » : %(value)s.")
        raise TranslatedRefusal(message % {"name": parameter, "value": value[:60].replace("\x00", "")})
    return value


def _fields(choice: _Choice, domains: Iterable[Domain]) -> list[dict]:
    """The filters that are a choice of one value."""
    everything = (Modality.ALL.value, _("Tous les biomédicaments"))
    modalities = [everything, *((one.value, _(one.label)) for one in Modality if one != Modality.ALL)]
    offered = (
        ("domaine", _("Domaine"), choice.domain, [(one.code, one.label) for one in domains]),
        ("type", _("Type"), choice.kind, [(one.value, _(one.label)) for one in SkillKind]),
        ("biomedicament", _("Biomédicament"), choice.modality, modalities),
    )
    return [
        {
            "parameter": parameter,
            "label": label,
            "options": [
                {"value": value, "label": name[:1].upper() + name[1:], "selected": value == chosen}
                for value, name in options
            ],
        }
        for parameter, label, chosen, options in offered
    ]


def _found(published: list[Skill], choice: _Choice, domains: Iterable[Domain]) -> list[Skill]:
    named = _named(published, choice.text) if choice.text else None
    wanted = {domain.pk for domain in domains if choice.domain in ("", domain.code)}
    return [
        one
        for one in published
        if (named is None or one.pk in named)
        and one.domain_id in wanted
        and choice.kind in ("", one.kind)
        and (not choice.modality or choice.modality in (one.modalities or [Modality.ALL]))
    ]


def _named(published: list[Skill], text: str) -> set[int]:
    """The skills of which one label, in either language, holds every word of a text. One query."""
    wanted = text_key(text).split()
    labels = SkillLabel.objects.filter(skill__in=Skill.objects.published()).order_by()
    keys: dict[int, list[str]] = defaultdict(list)
    for pk, key in labels.values_list("skill", "key"):
        keys[pk].append(key)
    for one in published:
        keys[one.pk] += [text_key(one.label_fr), text_key(one.label_en)]
    return {pk for pk, some in keys.items() if any(all(word in key for word in wanted) for key in some)}


def _common(published: list[Skill], choice: _Choice, domains: Iterable[Domain]) -> dict:
    """How many skills serve every biomedicine, beside those that name the one chosen, and the address of their list."""
    if choice.modality in ("", Modality.ALL):
        return {"count": 0}
    wider = replace(choice, modality=Modality.ALL.value)
    return {"count": len(_found(published, wider, domains)), "query": wider.query}


def _groups(domains: list[Domain], skills: list[Skill]) -> list[dict]:
    """Every domain that has one of these skills, with them."""
    by_domain: dict[int, list[Skill]] = defaultdict(list)
    for one in sorted(skills, key=lambda one: text_key(one.label)):
        by_domain[one.domain_id].append(one)
    return [
        {"domain": domain, "skills": [_row(one) for one in by_domain[domain.pk]]}
        for domain in domains
        if domain.pk in by_domain
    ]


def _row(skill: Skill) -> dict:
    """A skill with what sets it apart from most: another type than know-how, some biomedicines only."""
    kind = "" if skill.kind == SkillKind.KNOW_HOW else _(skill.get_kind_display())
    serves_all = not skill.modalities or Modality.ALL in skill.modalities
    modalities = "" if serves_all else ", ".join(_(label) for label in skill.modality_labels)
    return {"skill": skill, "notes": [note for note in (kind, modalities) if note]}


# --- The changelog
def _release(release: Release, public: Mapping[str, Skill]) -> dict:
    added = [public[code] for code in release.added if code in public]
    return {
        "version": release.version,
        "day": words.day(release.date) if release.date else "",
        "note": release.note,
        "lang": foreign("fr"),
        "added_count": len(added),
        "added": added if len(added) <= MAX_ADDED else [],
        "changed": _notes(release.changed, public),
        "retired": _notes(release.retired, public),
    }


def _notes(notes: Iterable[Note], public: Mapping[str, Skill]) -> list[dict]:
    return [
        {"skill": public[note.code], "text": note.text, "replacement": public.get(note.replaced_by)}
        for note in notes
        if note.code in public
    ]

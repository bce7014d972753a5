"""Job profiles as search documents: one document a code, both languages in it. Eligible: live in either language."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from jobs.models import JobProfilePage
from search.documents.base import SearchDocument, aliases, lines
from search.documents.skill_words import skill_names


def eligible():
    return JobProfilePage.objects.live().public()


def codes() -> Iterable[str]:
    return eligible().order_by("code").values_list("code", flat=True).distinct().iterator()


def build(codes: Sequence[str]) -> list[SearchDocument]:
    pages = (
        eligible()
        .filter(code__in=codes)
        .select_related("locale", "family")
        .prefetch_related("requirements__skill", "diplomas", "gates", "bridges")
        .order_by("code", "locale__language_code")
    )
    by_code: defaultdict[str, dict[str, JobProfilePage]] = defaultdict(dict)
    for page in pages:
        by_code[page.code][page.locale.language_code] = page
    names = skill_names(pk for languages in by_code.values() for pk in _skill_ids(_any(languages)))
    return [_document(code, languages, names) for code, languages in by_code.items()]


def _any(languages: dict[str, JobProfilePage]) -> JobProfilePage:
    return languages.get("fr") or next(iter(languages.values()))


def _skill_ids(page: JobProfilePage) -> list[int]:
    """The skills whose names find the job: those that it requires, and the authorisations of its gates."""
    required = [requirement.skill_id for requirement in page.requirements.all()]
    authorisations = [gate.skill_id for gate in page.gates.all() if gate.skill_id]
    return list(dict.fromkeys([*required, *authorisations]))


def _document(
    code: str, languages: dict[str, JobProfilePage], names: dict[int, tuple[str, ...]]
) -> SearchDocument:
    shared, fr, en = _any(languages), languages.get("fr"), languages.get("en")
    requirements = list(shared.requirements.all())
    return SearchDocument(
        code=code,
        title_fr=fr.title if fr else "",
        title_en=en.title if en else "",
        labels_fr=tuple(fr.alternative_title_list) if fr else (),
        labels_en=tuple(en.alternative_title_list) if en else (),
        skill_labels=tuple(name for pk in _skill_ids(shared) for name in names.get(pk, ())),
        body_fr=_body(fr, [bridge.from_fr for bridge in shared.bridges.all()]),
        body_en=_body(en, [bridge.from_en for bridge in shared.bridges.all()]),
        identifiers=(*shared.rome_code_list, *(d.rncp_code for d in shared.diplomas.all() if d.rncp_code)),
        keywords={
            # Without the authorisations of gates: matching weighs these codes, and a gate is never weighed.
            "skill": tuple(requirement.skill.code for requirement in requirements),
            "family": (shared.family.code,),
            "level": tuple(sorted({str(diploma.level) for diploma in shared.diplomas.all()})),
            "shift": tuple(shared.shifts),
        },
        vectors=_vectors(fr, en),
        url_fr=_url(fr),
        url_en=_url(en),
    )


def _body(page: JobProfilePage | None, origins: Sequence[str]) -> str:
    """With the jobs that people come from: it is by their own job that they search."""
    return lines(page.summary, page.activities, page.working_conditions, *origins) if page else ""


def _url(page: JobProfilePage | None) -> str:
    return (page.url or "") if page else ""


def _vectors(fr: JobProfilePage | None, en: JobProfilePage | None) -> dict[str, str]:
    texts = {}
    for language, page in (("fr", fr), ("en", en)):
        if page:
            texts[f"label_{language}"] = page.title
            texts[f"description_{language}"] = page.summary
            texts |= aliases(language, page.alternative_title_list)
    return texts

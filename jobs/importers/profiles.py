"""Plan and load job profiles: one file becomes a French and an English page, published through revisions.

One rule: a page is published again only when the file says something else than the live page; pages that
editors made and the files do not name are left alone, and a page that an editor took down stays down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from jobs.importers.profile_files import ProfileEntry, ProfileFiles, RequirementEntry, read_profiles
from jobs.models import JobIndexPage, JobProfilePage
from jobs.translation import SHARED_CHILDREN, child_values, set_children, synchronisation_paused
from skills.imports.command import SourceUnreadable
from skills.imports.progress import progress
from skills.imports.report import Action, Change, FieldChange, ImportReport, RowError, field_changes
from skills.models import Domain, Skill, SkillKind
from skills.retirement import replacement_of

LANGUAGES = ("fr", "en")
# A profile that asks for fewer skills says too little; one that asks for more sorts nothing.
FEWEST_REQUIREMENTS, MOST_REQUIREMENTS = 12, 25
WORDS = (
    "title",
    "alternative_titles",
    "summary",
    "activities",
    "working_conditions",
    "cleanroom_grade",
    "shifts",
    "rome_codes",
    "esco_uris",
)
PageKey = tuple[str, str]
Fields = dict[str, object]


@dataclass
class Catalogue:
    """What the database knows that profiles refer to."""

    indexes: dict[str, JobIndexPage]
    families: dict[str, int]
    skills: dict[str, Skill]
    pages: dict[PageKey, JobProfilePage]
    page_codes: dict[int, str]

    def codes(self) -> set[str]:
        return {code for code, _ in self.pages}


@transaction.atomic
def import_profiles(folder: Path, *, apply: bool) -> ImportReport:
    report = ImportReport(source=str(folder))
    files = read_profiles(folder)
    if not files.named and not files.errors:
        report.reject(RowError(str(folder), None, "aucune fiche métier dans ce dossier (fichiers .yaml)."))
        return report
    catalogue = _read_catalogue()
    for error in [*files.errors, *_check(files, catalogue, report)]:
        report.reject(error)
    planned = [profile for profile in files.profiles.values() if _plan(profile, files, catalogue, report)]
    if apply and planned:
        with synchronisation_paused():
            _load(planned, catalogue, report)
    return report


def _read_catalogue() -> Catalogue:
    indexes = {index.locale.language_code: index for index in JobIndexPage.objects.select_related("locale")}
    missing = [language for language in LANGUAGES if language not in indexes]
    if missing:
        raise SourceUnreadable(
            f"La liste des métiers n'existe pas encore ({', '.join(missing)}) : "
            "lancez d'abord « manage.py setup_site »."
        )
    pages = JobProfilePage.objects.filter(alias_of__isnull=True).select_related("locale")
    return Catalogue(
        indexes=indexes,
        families=dict(Domain.objects.values_list("code", "pk")),
        skills={skill.code: skill for skill in Skill.objects.select_related("replaced_by")},
        pages={
            (page.code, page.locale.language_code): page
            for page in pages.prefetch_related(*SHARED_CHILDREN).order_by("pk")
        },
        page_codes=dict(JobProfilePage.objects.values_list("pk", "code")),
    )


# --- Check
def _check(files: ProfileFiles, catalogue: Catalogue, report: ImportReport) -> list[RowError]:
    errors = []
    known_jobs = files.named | catalogue.codes()
    for code, profile in list(files.profiles.items()):
        profile = files.profiles[code] = _follow_retired_skills(profile, catalogue, report)
        problems = list(_problems(profile, catalogue, known_jobs))
        if problems:
            errors.append(profile.error(" ".join(problems)))
            del files.profiles[profile.code]
            continue
        count = len(profile.requirements)
        if not FEWEST_REQUIREMENTS <= count <= MOST_REQUIREMENTS:
            reason = f"{count} compétences requises ; {FEWEST_REQUIREMENTS} à {MOST_REQUIREMENTS} attendues."
            report.warn(profile.error(reason))
    return errors


def _follow_retired_skills(profile: ProfileEntry, catalogue: Catalogue, report: ImportReport) -> ProfileEntry:
    """The profile with each retired skill's replacement in its place, and a warning to correct the file. A requirement is
    kept once; two gates stay two conditions.
    """
    kept: dict[str, RequirementEntry] = {}
    for requirement in profile.requirements:
        code = _in_use(requirement.skill, profile, catalogue, report)
        twin = kept.get(code)
        level = max(requirement.level, twin.level) if twin else requirement.level
        is_essential = "essential" in (requirement.importance, twin.importance if twin else "")
        kept[code] = RequirementEntry(code, level, "essential" if is_essential else "useful")
    gates = (replace(gate, skill=_in_use(gate.skill, profile, catalogue, report)) for gate in profile.gates)
    return replace(profile, requirements=tuple(kept.values()), gates=tuple(gates))


def _in_use(code: str, profile: ProfileEntry, catalogue: Catalogue, report: ImportReport) -> str:
    """The code of the skill that stands for this one; itself where it is unknown or in use."""
    skill = catalogue.skills.get(code)
    current = replacement_of(skill).code if skill else code
    if current != code:
        reason = f"compétence {code} retirée ; {current}, qui la remplace, est retenue."
        report.warn(profile.error(reason))
    return current


def _problems(profile: ProfileEntry, catalogue: Catalogue, known_jobs: set[str]) -> Iterator[str]:
    if profile.family not in catalogue.families:
        yield f"famille inconnue : « {profile.family} »."
    for requirement in profile.requirements:
        yield from _skill_problems(requirement.skill, catalogue, is_gate=False)
    for gate in profile.gates:
        if gate.skill:
            yield from _skill_problems(gate.skill, catalogue, is_gate=True)
    if profile.pay and profile.pay.year > timezone.localdate().year:
        yield f"rémunération : {profile.pay.year} n'est pas encore venue."
    unknown = [code for code in profile.neighbours if code not in known_jobs]
    if unknown:
        yield f"métier voisin inconnu : {', '.join(unknown)}."


def _skill_problems(code: str, catalogue: Catalogue, *, is_gate: bool) -> Iterator[str]:
    skill = catalogue.skills.get(code)
    if skill is None:
        yield f"compétence inconnue : « {code} »."
    elif skill.is_retired:
        yield f"compétence retirée sans remplaçante : « {code} »."
    elif is_gate and skill.kind != SkillKind.AUTHORISATION:
        yield f"« {code} » n'est pas une habilitation : mettez-la dans requirements."
    elif not is_gate and skill.kind == SkillKind.AUTHORISATION:
        yield f"« {code} » : une habilitation est une condition : mettez-la dans gates."


# --- Plan
def _plan(profile: ProfileEntry, files: ProfileFiles, catalogue: Catalogue, report: ImportReport) -> bool:
    known = {*files.profiles, *catalogue.codes()}
    changes: list[FieldChange] = []
    pages = {language: catalogue.pages.get((profile.code, language)) for language in LANGUAGES}
    for language, page in pages.items():
        if page is not None:
            after = _entry_fields(profile, language, known)
            found = field_changes(_page_fields(page, catalogue), after)
            changes += [
                FieldChange(f"{language}.{change.name}", change.before, change.after) for change in found
            ]
        elif any(pages.values()):
            changes.append(FieldChange(f"{language}.page", "", "créée"))
    if not any(pages.values()):
        report.record(Change(Action.ADDED, "fiche métier", profile.code))
        return True
    action = Action.CHANGED if changes else Action.UNCHANGED
    report.record(Change(action, "fiche métier", profile.code, tuple(changes)))
    if changes:
        _warn_about_drafts(profile, pages, report)
    return bool(changes)


def _warn_about_drafts(
    profile: ProfileEntry, pages: dict[str, JobProfilePage | None], report: ImportReport
) -> None:
    for language, page in pages.items():
        if page is not None and not page.live:
            reason = f"{profile.code} ({language}) : page dépubliée, mise à jour sans être publiée."
            report.warn(RowError(profile.source, None, reason))
        elif page is not None and page.has_unpublished_changes:
            reason = (
                f"{profile.code} ({language}) : un brouillon non publié passe dans l'historique de la page."
            )
            report.warn(RowError(profile.source, None, reason))


def _words(profile: ProfileEntry, language: str) -> Fields:
    side = LANGUAGES.index(language)
    return {
        "title": getattr(profile.title, language),
        "alternative_titles": "\n".join(profile.alternative[side]),
        "summary": getattr(profile.summary, language),
        "activities": "\n".join(profile.activities[side]),
        "working_conditions": getattr(profile.notes, language),
        "cleanroom_grade": profile.cleanroom,
        "shifts": list(profile.shifts),
        "rome_codes": "\n".join(profile.rome),
        "esco_uris": "\n".join(profile.esco),
    }


def _entry_fields(profile: ProfileEntry, language: str, known: set[str]) -> Fields:
    return _words(profile, language) | {
        "family": profile.family,
        "requirements": "; ".join(f"{r.skill} {r.level} {r.importance}" for r in profile.requirements),
        "gates": _shown(_gate_rows(profile)),
        "languages": _shown(_language_rows(profile)),
        "pay": _shown(_pay_rows(profile)),
        "bridges": _shown(_bridge_rows(profile)),
        "diplomas": _shown(_diploma_rows(profile)),
        "neighbours": " ".join(code for code in profile.neighbours if code in known),
    }


def _page_fields(page: JobProfilePage, catalogue: Catalogue) -> Fields:
    skills = {skill.pk: code for code, skill in catalogue.skills.items()}
    families = {pk: code for code, pk in catalogue.families.items()}
    requirements = child_values(page, "requirements")
    neighbours = child_values(page, "neighbours")
    return {name: getattr(page, name) for name in WORDS} | {
        "family": families[page.family_id],
        "requirements": "; ".join(
            f"{skills[pk]} {level} {importance}" for pk, level, importance in requirements
        ),
        "gates": _shown((*words, skills.get(pk, "")) for *words, pk in child_values(page, "gates")),
        **{name: _shown(child_values(page, name)) for name in ("languages", "pay", "bridges", "diplomas")},
        "neighbours": " ".join(catalogue.page_codes[pk] for (pk,) in neighbours),
    }


# The rows of each relation, in the order of `jobs.translation.SHARED_CHILDREN`.
def _gate_rows(profile: ProfileEntry) -> list[tuple]:
    """With the code of its skill, empty for none."""
    return [
        (g.kind, g.label.fr, g.label.en, g.how.fr, g.how.en, g.language, g.cefr, g.skill)
        for g in profile.gates
    ]


def _language_rows(profile: ProfileEntry) -> list[tuple]:
    return [(one.language, one.cefr, one.importance, one.note.fr, one.note.en) for one in profile.languages]


def _pay_rows(profile: ProfileEntry) -> list[tuple]:
    pay = profile.pay
    return [(pay.low, pay.high, pay.year, pay.source.fr, pay.source.en, pay.url)] if pay else []


def _bridge_rows(profile: ProfileEntry) -> list[tuple]:
    return [
        (b.sector, b.origin.fr, b.origin.en, b.carries.fr, b.carries.en, b.learn.fr, b.learn.en)
        for b in profile.bridges
    ]


def _diploma_rows(profile: ProfileEntry) -> list[tuple]:
    return [
        (diploma.level, diploma.label.fr, diploma.label.en, diploma.rncp_code) for diploma in profile.diplomas
    ]


def _shown(rows: Iterable[tuple]) -> str:
    return "; ".join(" | ".join(str(value) for value in row if value != "") for row in rows)


# --- Load
def _load(planned: list[ProfileEntry], catalogue: Catalogue, report: ImportReport) -> None:
    """Two passes: neighbours need every page to be there. A refused profile leaves no page behind."""
    created: dict[str, list[JobProfilePage]] = {}
    for profile in planned:
        try:
            with transaction.atomic():
                created[profile.code] = _create_missing_pages(profile, catalogue)
        except ValidationError as error:
            report.reject(profile.error(" ".join(error.messages)))
    ready = [profile for profile in planned if profile.code in created]
    for profile in progress(ready, "fiches métiers", len(ready)):
        try:
            with transaction.atomic():
                for language in LANGUAGES:
                    page = catalogue.pages[profile.code, language]
                    _write(
                        profile, language, page, catalogue, publish=page.live or page in created[profile.code]
                    )
        except ValidationError as error:
            report.reject(profile.error(" ".join(error.messages)))
            for page in created[profile.code]:
                page.delete()


def _create_missing_pages(profile: ProfileEntry, catalogue: Catalogue) -> list[JobProfilePage]:
    created = []
    for language in LANGUAGES:
        if (profile.code, language) in catalogue.pages:
            continue
        twin = catalogue.pages.get((profile.code, "fr")) or catalogue.pages.get((profile.code, "en"))
        index = catalogue.indexes[language]
        page = JobProfilePage(
            title=getattr(profile.title, language),
            slug=profile.code,
            code=profile.code,
            family_id=catalogue.families[profile.family],
            locale=index.locale,
            live=False,
            **({"translation_key": twin.translation_key} if twin else {}),
        )
        index.add_child(instance=page)
        catalogue.pages[profile.code, language] = page
        catalogue.page_codes[page.pk] = page.code
        created.append(page)
    return created


def _write(
    profile: ProfileEntry, language: str, page: JobProfilePage, catalogue: Catalogue, *, publish: bool
) -> None:
    for name, value in _words(profile, language).items():
        setattr(page, name, value)
    page.draft_title = page.title
    page.family_id = catalogue.families[profile.family]
    rows = {
        "requirements": [(catalogue.skills[r.skill].pk, r.level, r.importance) for r in profile.requirements],
        "gates": [
            (*words, catalogue.skills[code].pk if code else None) for *words, code in _gate_rows(profile)
        ],
        "languages": _language_rows(profile),
        "pay": _pay_rows(profile),
        "bridges": _bridge_rows(profile),
        "diplomas": _diploma_rows(profile),
        "neighbours": [
            (catalogue.pages[code, "fr"].pk,)
            for code in profile.neighbours
            if (code, "fr") in catalogue.pages
        ],
    }
    for relation, values in rows.items():
        if child_values(page, relation) != values:
            set_children(page, relation, values)
    revision = page.save_revision(log_action=True)
    if publish:
        revision.publish()
    else:
        page.save()

"""The sector's true diplomas as rows of trainings: facts from ONISEP and the RNCP, skills confirmed by us or by a rule.

One rule: nothing is invented. No provider, no session; a field that the sources do not give stays empty, and each field
names the release it comes from. Skills that a text merely suggests are left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matching.reading.reader import read_text
from matching.referential import Referential, load_referential
from skills.imports.report import RowError
from skills.models import Skill, SkillKind
from skills.text import text_key
from training.importers.rows import RejectedRow, SkillRow, SourceNote, TrainingRow
from training.importers.sector_diploma_files import SelectedDiploma, read_selection
from training.models import Certification, Confirmation, Diploma, SkillOrigin, TrainingKind, register_page

SOURCE = "diplomes-de-la-filiere"
# The rule: the diploma's official text names the skill by one of its labels or acronyms, at least this surely. Behaviours are
# left out: « adapté », « autonomie » in a description promise nothing that a jury verifies.
RULE_FLOOR = 0.9
# By the level of the diploma, the level reached of a skill that only its text shows.
LEVEL_OF_A_NAMED_SKILL = {3: 1, 4: 1, 5: 2, 6: 2, 7: 2, 8: 2}
LONGEST_QUOTE = 300


@dataclass
class SectorDiplomas:
    """The selection in `folder`, completed from the database; `complete` once all of it has been read without loss."""

    folder: Path
    complete: bool = False

    def rows(self) -> Iterator[TrainingRow | RejectedRow | SourceNote]:
        referential = load_referential()
        items = list(read_selection(self.folder))
        selected = [item for item in items if isinstance(item, SelectedDiploma)]
        facts = _Facts.of(selected)
        errors = [item for item in items if isinstance(item, RowError)]
        yield from (RejectedRow(error.line, f"{error.source} : {error.reason}") for error in errors)
        behaviours = frozenset(Skill.objects.filter(kind=SkillKind.BEHAVIOUR).values_list("code", flat=True))
        for one in selected:
            yield _row(one, facts, referential, behaviours)
        self.complete = not errors


@dataclass(frozen=True)
class _Facts:
    diplomas: dict[str, Diploma]
    certifications: dict[str, Certification]

    @classmethod
    def of(cls, selected: Iterable[SelectedDiploma]) -> "_Facts":
        """Two queries, whatever their number."""
        wanted = list(selected)
        diplomas = {
            diploma.onisep_id: diploma
            for diploma in Diploma.objects.filter(onisep_id__in=[one.onisep_id for one in wanted])
        }
        codes = {one.registered_as or one.rncp_code for one in wanted}
        codes |= {diploma.rncp_code for diploma in diplomas.values()}
        certifications = {one.code: one for one in Certification.objects.filter(code__in=codes)}
        return cls(diplomas, certifications)


def _row(
    one: SelectedDiploma, facts: _Facts, referential: Referential, behaviours: frozenset[str]
) -> TrainingRow | RejectedRow:
    diploma = facts.diplomas.get(one.onisep_id)
    code = one.registered_as or (diploma.rncp_code if diploma else one.rncp_code)
    certification = facts.certifications.get(code)
    if diploma is None and (one.onisep_id or certification is None or not certification.title):
        command = "import_onisep_formations" if one.onisep_id else "import_rncp_titles"
        reason = f"{one.file} : {one.identifier} n'est pas dans les données chargées ; lancez {command}."
        return RejectedRow(one.line, reason, one.identifier)
    built = _from_onisep(diploma, code, certification) if diploma else _from_rncp(certification)
    title = built["title_fr"]
    notes = [] if text_key(one.title) in text_key(title) else [f"la source l'appelle maintenant « {title} »."]
    return TrainingRow(
        line=one.line,
        external_id=one.identifier,
        code_hint=f"diplome-{one.identifier.replace('.', '-')}",
        provider=None,
        kind=TrainingKind.INITIAL.value,
        diploma=one.onisep_id,
        skills=tuple(_skills(one, _text(diploma, title), built["exit_level"], referential, behaviours)),
        notes=tuple(notes),
        **built,
    )


def _from_onisep(diploma: Diploma, code: str, certification: Certification | None) -> dict:
    level_from_register = diploma.level is None and certification is not None
    releases = _releases(
        diploma,
        {
            "title_fr": "title",
            "objectives": "description",
            "content": "further_study",
            "prerequisites": "access",
            "exit_level": "level",
            "url": "url",
            "certifications": "rncp_code",
        },
    )
    if code != diploma.rncp_code:
        releases.pop("certifications", None)  # ours: the selection names its registration of today
    if level_from_register:
        releases |= _releases(certification, {"exit_level": "level"})
    return {
        "title_fr": _capitalised(diploma.title),
        "objectives": diploma.description,
        "content": _content(diploma),
        "prerequisites": diploma.access,
        "exit_level": certification.level if level_from_register else diploma.level,
        "certifications": (code,) if code else (),
        "url": diploma.url,
        "field_releases": releases,
    }


def _from_rncp(certification: Certification) -> dict:
    return {
        "title_fr": _capitalised(certification.title),
        "exit_level": certification.level,
        "certifications": (certification.code,),
        "url": register_page(certification.code),
        "field_releases": _releases(
            certification,
            {"title_fr": "title", "exit_level": "level", "certifications": "title", "url": "title"},
        ),
    }


def _releases(record: Diploma | Certification, names: dict[str, str]) -> dict[str, int]:
    """By field of ours, the release of the source's field; what an editor corrected there is ours, not the source's."""
    return {
        ours: record.given[theirs][1]
        for ours, theirs in names.items()
        if theirs in record.given and record.given[theirs][1] and not record.is_corrected(theirs)
    }


def _content(diploma: Diploma) -> str:
    parts = (
        ("Métiers", diploma.jobs),
        ("Attendus", diploma.expectations),
        ("Poursuites d'études", diploma.further_study),
    )
    return "\n\n".join(f"{heading}\n{text}" for heading, text in parts if text)


def _capitalised(title: str) -> str:
    return title[:1].upper() + title[1:]


def _text(diploma: Diploma | None, title: str) -> str:
    """What the official sources say is taught; further study and jobs speak of something else."""
    if diploma is None:
        return title
    return "\n".join(filter(None, [title, diploma.description]))


def _skills(
    one: SelectedDiploma, text: str, level: int | None, referential: Referential, behaviours: frozenset[str]
) -> Iterator[SkillRow]:
    """Ours first, with the passage that shows them where there is one; then those that the rule confirms."""
    quotes = {
        evidence.code: _short(text[evidence.start : evidence.end])
        for evidence in read_text(text, referential.lexicon, "fr").held
        if evidence.probability >= RULE_FLOOR
    }
    for code, reached in one.skills.items():
        yield _confirmed(code, reached, Confirmation.EDITOR, quotes.get(code, ""))
    for code, quote in quotes.items():
        if code not in one.skills and code not in behaviours | one.refused:
            yield _confirmed(code, LEVEL_OF_A_NAMED_SKILL.get(level or 0, 1), Confirmation.RULE, quote)


def _confirmed(code: str, level: int, by: Confirmation, quote: str) -> SkillRow:
    return SkillRow(code, level, SkillOrigin.CONFIRMED.value, by.value, quote)


def _short(quote: str) -> str:
    return " ".join(quote.split())[:LONGEST_QUOTE]

"""The referential of the database, as its files would say it: what exports and differences read.

One rule: what is read here and written to files loads back as the same referential. What the public reads comes from the
`public_` functions alone, which leave drafts out.
"""

from dataclasses import replace

from skills.concept_files.entries import (
    SCHEMES,
    DomainEntry,
    LabelEntry,
    ReferentialFiles,
    SenseEntry,
    SkillEntry,
)
from skills.concept_files.public import public_codes, public_entry, public_part
from skills.concept_files.rules import entry_errors
from skills.imports.yaml_source import Bilingual
from skills.models import (
    AcronymSense,
    DataRelease,
    Domain,
    EscoSkill,
    MappingScheme,
    RomeCompetence,
    Skill,
    SkillStatus,
)
from skills.text import one_line


def stored_referential() -> ReferentialFiles:
    """Every domain and skill of the database, drafts and retired ones included. Eight queries."""
    files = ReferentialFiles()
    for domain in Domain.objects.all():
        files.domains[domain.code] = DomainEntry(
            code=domain.code,
            position=domain.position,
            label=Bilingual.on_one_line(domain.label_fr, domain.label_en),
            definition=Bilingual.on_one_line(domain.definition_fr, domain.definition_en),
            source="",
            line=0,
        )
    for skill in Skill.objects.with_concepts():
        files.skills[skill.code] = skill.as_entry()
    files.named = {*files.skills}
    files.senses = stored_senses()
    return files


def stored_senses() -> list[SenseEntry]:
    return [
        SenseEntry(
            one_line(one.acronym),
            Bilingual.on_one_line(one.meaning_fr, one.meaning_en),
            tuple(sorted(map(one_line, one.context))),
            "",
            0,
        )
        for one in AcronymSense.objects.all()
    ]


def stored_version() -> str:
    """The version of the files loaded last; empty where none ever was."""
    release = DataRelease.objects.filter(source="referential").order_by("-loaded_at").first()
    return release.version if release else ""


def public_referential() -> ReferentialFiles:
    """The published and the retired skills, with the domains that hold one. Eight queries."""
    return public_part(stored_referential())


def public_concept(code: str) -> ReferentialFiles:
    """One skill that is published or retired, and nothing else; nothing at all where there is none. Seven queries."""
    rows = Skill.objects.values_list("code", "live", "status", "replaced_by__code")
    public = public_codes(
        {
            other: (status if live or status == SkillStatus.DEPRECATED else "draft", replaced_by or "")
            for other, live, status, replaced_by in rows.order_by()
        }
    )
    files = ReferentialFiles(named=public)
    if code in public:
        skill = Skill.objects.with_concepts().get(code=code)
        files.skills[code] = public_entry(skill.as_entry(), public)
    return files


def errors_among_stored(entry: SkillEntry) -> list[str]:
    """What the rules of the files say of a skill as somebody wants it, in sentences. At most twelve queries."""
    return entry_errors(entry, stored_referential(), _known_codes(entry))


def errors_with_label(skill: Skill, label: LabelEntry) -> list[str]:
    """What the rules say of a label that a skill does not have yet; what they say of the skill itself is not its affair."""
    entry = skill.as_entry()
    if (label.language, label.key) in entry.said():
        return [f"« {label.text} » est déjà un texte de cette compétence."]
    if not label.key:
        return ["il faut au moins une lettre ou un chiffre."]
    stored = stored_referential()
    before = entry_errors(entry, stored, {})
    after = entry_errors(replace(entry, labels=(*entry.labels, label)), stored, {})
    return [sentence for sentence in after if sentence not in before]


def _known_codes(entry: SkillEntry) -> dict[str, set[str]]:
    """By scheme, which of the entry's mappings exist in the open data; a scheme that is not loaded is not judged."""
    sources = {
        MappingScheme.ESCO: (EscoSkill.objects, "uri"),
        MappingScheme.ROME: (RomeCompetence.objects, "ogr_code"),
    }
    known = {}
    for scheme in SCHEMES:
        rows, column = sources[MappingScheme(scheme)]
        codes = [mapping.code for mapping in entry.mappings if mapping.scheme == scheme]
        if codes and rows.exists():
            found = rows.filter(**{f"{column}__in": codes})
            known[scheme] = set(found.values_list(column, flat=True))
    return known

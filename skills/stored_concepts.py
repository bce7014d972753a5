"""The referential of the database, as its files would say it: what exports and differences read.

One rule: what is read here and written to files loads back as the same referential. What the public reads comes from the
`public_` functions alone, which leave drafts out.
"""

from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry
from skills.concept_files.public import public_codes, public_entry, public_part
from skills.imports.yaml_source import Bilingual, one_line
from skills.models import AcronymSense, DataRelease, Domain, Skill, SkillStatus


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

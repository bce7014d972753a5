"""The referential of the database, as its files would say it: what exports and differences read.

One rule: what is read here and written to files loads back as the same referential.
"""

from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry
from skills.imports.yaml_source import Bilingual, one_line
from skills.models import AcronymSense, DataRelease, Domain, Skill


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

"""The referential of the database, as its files would say it: what exports and differences read.

One rule: what is read here and written to files loads back as the same referential.
"""

from skills.concept_files.entries import DomainEntry, ReferentialFiles, SenseEntry
from skills.imports.yaml_source import Bilingual
from skills.models import AcronymSense, Domain, Skill


def stored_referential() -> ReferentialFiles:
    """Every domain and skill of the database, drafts and retired ones included. Eight queries."""
    files = ReferentialFiles()
    for domain in Domain.objects.all():
        files.domains[domain.code] = DomainEntry(
            code=domain.code,
            position=domain.position,
            label=Bilingual(domain.label_fr, domain.label_en),
            definition=Bilingual(domain.definition_fr, domain.definition_en),
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
        SenseEntry(one.acronym, Bilingual(one.meaning_fr, one.meaning_en), tuple(one.context), "", 0)
        for one in AcronymSense.objects.all()
    ]

"""Writes the referential back as source files, one a domain, so that what editors did in the database returns to the project.

One rule: the files written here load back as the same referential. Comments of the former files are not kept.
"""

from collections.abc import Iterator
from pathlib import Path

import yaml

from skills.concept_files.entries import DomainEntry, ReferentialFiles
from skills.concept_files.parsing import SENSES_FILE
from skills.exports.tables import skill_object


def write_source_files(files: ReferentialFiles, folder: Path) -> list[Path]:
    """Write the files of the domains and of the acronyms' senses; the folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in _contents(files):
        path = folder / name
        path.write_text(_as_yaml(content), encoding="utf-8")
        written.append(path)
    return written


def _contents(files: ReferentialFiles) -> Iterator[tuple[str, dict[str, object]]]:
    for domain in files.domains.values():
        skills = [skill_object(skill) for skill in files.skills.values() if skill.domain == domain.code]
        for skill in skills:
            del skill["domain"]
            _write_contexts(skill)
        yield f"{domain.position:02}-{domain.code}.yaml", {"domain": _domain(domain), "skills": skills}
    if files.senses:
        senses = [
            {
                "acronym": sense.acronym,
                "meaning": sense.meaning.__dict__,
                "context": {"fr": list(sense.context)},
            }
            for sense in files.senses
        ]
        yield SENSES_FILE, {"senses": senses}


def _write_contexts(skill: dict[str, object]) -> None:
    """The words of a context are kept in one list, whatever their language."""
    for acronym in skill.get("acronyms", []):  # type: ignore[attr-defined]
        if isinstance(acronym, dict):
            acronym["context"] = {"fr": acronym["context"]}


def _domain(domain: DomainEntry) -> dict[str, object]:
    content: dict[str, object] = {
        "code": domain.code,
        "position": str(domain.position),
        "label": domain.label.__dict__,
    }
    if domain.definition.fr:
        content["definition"] = domain.definition.__dict__
    return content


def _as_yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)

"""Writes the referential back as source files, one a domain, so that what editors did in the database returns to the project.

One rule: the files written here load back as the same referential. Comments of the former files are not kept.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from skills.concept_files.entries import DomainEntry, ReferentialFiles
from skills.concept_files.parsing import CHANGES_FILE, SCHEME_FILE, SENSES_FILE
from skills.exports.tables import skill_object
from skills.imports.yaml_source import yaml_files

WIDTH = 110
LONG_TEXT = 100
ON_ONE_LINE = frozenset({"modalities", "broader", "related", "context"})


def write_source_files(files: ReferentialFiles, folder: Path) -> list[Path]:
    """Write the files of the domains and of the acronyms' senses; the folder is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in _contents(files):
        path = folder / name
        path.write_text(_as_yaml(content), encoding="utf-8")
        written.append(path)
    return written


def other_files(folder: Path, written: Iterable[Path]) -> list[Path]:
    """Files of a former state that stand beside those just written: read with them, they would give every skill twice."""
    own = {SCHEME_FILE, CHANGES_FILE, *(path.name for path in written)}
    return [path for path in yaml_files(folder) if path.name not in own]


def _contents(files: ReferentialFiles) -> Iterator[tuple[str, dict[str, object]]]:
    for domain in files.domains.values():
        skills = [skill_object(skill) for skill in files.skills.values() if skill.domain == domain.code]
        for skill in skills:
            del skill["domain"]
        yield f"{domain.position:02}-{domain.code}.yaml", {"domain": _domain(domain), "skills": skills}
    if files.senses:
        senses = [
            {"acronym": sense.acronym, "meaning": sense.meaning.__dict__, "context": list(sense.context)}
            for sense in files.senses
        ]
        yield SENSES_FILE, {"senses": senses}


def _domain(domain: DomainEntry) -> dict[str, object]:
    content: dict[str, object] = {
        "code": domain.code,
        "position": domain.position,
        "label": domain.label.__dict__,
    }
    if domain.definition.fr or domain.definition.en:
        content["definition"] = domain.definition.__dict__
    return content


class _Dumper(yaml.SafeDumper):
    """Writes YAML as people of the project do: lists indented, long texts folded, short lists on one line."""

    def ignore_aliases(self, data: object) -> bool:
        return True  # the files admit none

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_text(self, text: str) -> yaml.Node:
        return self.represent_scalar(
            "tag:yaml.org,2002:str", text, style=">" if len(text) > LONG_TEXT else None
        )

    def represent_map(self, content: dict[str, object]) -> yaml.Node:
        node = self.represent_mapping("tag:yaml.org,2002:map", content, flow_style=False)
        for key, value in node.value:
            if key.value in ON_ONE_LINE:
                value.flow_style = True
        return node


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(dict, _Dumper.represent_map)


def _as_yaml(content: object) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)

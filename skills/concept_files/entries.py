"""What the referential's files say, as plain values. Pure: no Django.

One rule: an entry knows the file and line it was read from, so that whatever is found wrong later can name the place.
"""

from dataclasses import dataclass, field
from functools import cached_property

from skills.imports.report import RowError
from skills.imports.yaml_source import Bilingual
from skills.text import text_key

TYPES = ("knowledge", "know-how", "behaviour", "authorisation")
STATUSES = ("draft", "published", "deprecated")
MATCHES = ("exact", "close", "broad", "narrow", "related")
SCHEMES = ("esco", "rome")
EVERY_MODALITY = "all"
MODALITIES = (
    EVERY_MODALITY,
    "vaccines",
    "recombinant-proteins",
    "monoclonal-antibodies",
    "gene-therapy",
    "cell-therapy",
    "tissue-therapy",
)


@dataclass(frozen=True, order=True)
class LabelEntry:
    """Another text of a skill; `language` is empty for acronyms. `context` are the words near which an ambiguous acronym
    means this skill.
    """

    kind: str
    language: str
    text: str
    context: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        return text_key(self.text)


@dataclass(frozen=True, order=True)
class MappingEntry:
    scheme: str
    code: str
    match: str


@dataclass(frozen=True, order=True)
class LevelEntry:
    """What one does at a level, where the generic descriptor does not tell enough."""

    level: int
    descriptor: Bilingual


@dataclass(frozen=True)
class DomainEntry:
    code: str
    position: int
    label: Bilingual
    definition: Bilingual
    source: str
    line: int


@dataclass(frozen=True)
class SkillEntry:
    """`unmapped` are the schemes in which the file says that nothing corresponds, `repeated` the texts that it gives twice in
    one language (they are kept once).
    """

    code: str
    domain: str
    kind: str
    status: str
    replaced_by: str
    label: Bilingual
    definition: Bilingual
    labels: tuple[LabelEntry, ...]
    modalities: tuple[str, ...]
    levels: tuple[LevelEntry, ...]
    broader: tuple[str, ...]
    related: tuple[str, ...]
    mappings: tuple[MappingEntry, ...]
    unmapped: tuple[str, ...]
    source: str
    line: int
    repeated: tuple[str, ...] = ()

    @property
    def is_retired(self) -> bool:
        return self.status == "deprecated"

    def text_keys(self) -> dict[str, str]:
        """Every text that means this skill by itself, by its comparison key; acronyms that need a context are not among
        them, nor what a draft does not say yet.
        """
        named = {text_key(text): text for text in (self.label.fr, self.label.en)}
        named |= {label.key: label.text for label in self.labels if not label.context}
        return {key: text for key, text in named.items() if key}

    def said(self) -> set[tuple[str, str]]:
        """Language and comparison key of every text, whatever its kind; the language of an acronym is empty."""
        names = {("fr", text_key(self.label.fr)), ("en", text_key(self.label.en))}
        return names | {(label.language, label.key) for label in self.labels}

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.code} : {reason}")


@dataclass(frozen=True)
class SenseEntry:
    """A meaning of an acronym that is no skill (PV, procès-verbal): it keeps the acronym from being read as one."""

    acronym: str
    meaning: Bilingual
    context: tuple[str, ...]
    source: str
    line: int

    @property
    def key(self) -> str:
        return text_key(self.acronym)

    def error(self, reason: str) -> RowError:
        return RowError(self.source, self.line, f"{self.acronym} ({self.meaning.fr}) : {reason}")


@dataclass
class ReferentialFiles:
    """What the files say; `named` holds every code written, those of refused skills too, and `unread` the files that could
    not be read at all: nobody knows which codes they write.
    """

    domains: dict[str, DomainEntry] = field(default_factory=dict)
    skills: dict[str, SkillEntry] = field(default_factory=dict)
    senses: list[SenseEntry] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    # False where a sense was refused: the others do not tell which ones there are.
    senses_are_whole: bool = True
    errors: list[RowError] = field(default_factory=list)

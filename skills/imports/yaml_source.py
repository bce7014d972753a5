"""Human-edited YAML, read as plain text with line numbers. Pure: no Django.

One rule: every scalar stays the text that was written (no « no » read as false, no code read as a number),
and every mapping knows the line it starts at, so that an error names the place to correct.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.reader import Reader

from skills.imports.report import RowError
from skills.text import one_line

DEEPEST = 20
LANGUAGES = ("fr", "en")
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlUnreadable(Exception):
    """A file that is no usable YAML; `error` says where and why."""

    def __init__(self, error: RowError) -> None:
        super().__init__(str(error))
        self.error = error


class Mapping(dict[str, object]):
    """A YAML mapping and the line it starts at."""

    line: int = 0


@dataclass(frozen=True)
class Bilingual:
    fr: str
    en: str

    @classmethod
    def on_one_line(cls, fr: str, en: str) -> "Bilingual":
        return cls(one_line(fr), one_line(en))


# What the reader of YAML says, by how it begins, and what to do about it.
_PROBLEMS = {
    "mapping values are not allowed": "un texte qui contient « : » se met entre guillemets",
    "found character that cannot start": "un texte qui commence par un signe se met entre guillemets",
    "found a tab character": "indentez avec des espaces, sans tabulation",
    "found unexpected end of stream": "un guillemet n'est pas refermé",
    "did not find expected": "une ligne est mal indentée, ou un crochet, une accolade ou un guillemet n'est pas refermé",
}


def _in_french(problem: str) -> str:
    found = (said for start, said in _PROBLEMS.items() if problem.startswith(start))
    return next(found, one_line(problem))


def read_yaml(path: Path) -> Mapping:
    """The mapping a file holds; raises `YamlUnreadable`."""
    text = _decoded(path)
    try:
        _refuse_tricks(text, path)
        node = yaml.compose(text, Loader=_Loader)
        content = _plain(node, path) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = f"YAML illisible : {_in_french(getattr(error, 'problem', None) or str(error))}."
        # What is missing at the end is told of the last line, not of the one after it.
        line = min(mark.line + 1, len(text.splitlines())) if mark else None
        raise YamlUnreadable(RowError(path.name, line, reason)) from error
    if not isinstance(content, Mapping):
        raise YamlUnreadable(RowError(path.name, 1, "le fichier ne contient pas de « clé: valeur »."))
    return content


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = "le fichier n'est pas en UTF-8 : enregistrez-le dans cet encodage."
        raise YamlUnreadable(RowError(path.name, line, reason)) from error
    if forbidden := Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, forbidden.start()) + 1
        reason = f"YAML illisible : caractère interdit, {forbidden[0]!a} ; ôtez-le."
        raise YamlUnreadable(RowError(path.name, line, reason))
    return text


def _refuse_tricks(text: str, path: Path) -> None:
    """Refuse, before anything is built, what can exhaust memory or the stack: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if getattr(event, "anchor", None):
            raise YamlUnreadable(
                RowError(path.name, line, "les ancres et alias YAML (& et *) ne sont pas admis.")
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise YamlUnreadable(RowError(path.name, line, "imbrication trop profonde."))


def _plain(node: yaml.Node, path: Path) -> object:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, path) for item in node.value]
    mapping = Mapping()
    mapping.line = line
    for key_node, value_node in node.value:
        key = _plain(key_node, path)
        if not isinstance(key, str) or key in mapping:
            reason = f"la clé « {key} » est donnée deux fois." if isinstance(key, str) else "clé illisible."
            raise YamlUnreadable(RowError(path.name, key_node.start_mark.line + 1, reason))
        mapping[key] = _plain(value_node, path)
    return mapping


@dataclass
class Entry:
    """Reads the fields of one mapping and gathers everything that is wrong with it."""

    content: Mapping
    source: str
    name: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.content.line

    def errors(self) -> list[RowError]:
        """One error for the whole entry, so that a rejected entry counts once."""
        if not self.problems:
            return []
        start = f"{self.name} : " if self.name else ""
        return [RowError(self.source, self.line, start + " ".join(self.problems))]

    def expect_keys(self, known: Collection[str]) -> None:
        unknown = [key for key in self.content if key not in known]
        if unknown:
            self.problems.append(f"champ inconnu : {', '.join(unknown)}.")

    def text(self, key: str, *, required: bool = True, limit: int | None = None) -> str:
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.problems.append(f"« {key} » doit être un texte.")
            return ""
        return self._checked(key, one_line(value), required=required, limit=limit)

    def bilingual(self, key: str, *, required: bool = True, limit: int | None = None) -> Bilingual:
        """A text in both languages; where it is not required, it may be left out in both."""
        value = self.content.get(key, "")
        if value == "" and not required:
            return Bilingual("", "")
        if not isinstance(value, Mapping):
            self.problems.append(f"« {key} » doit donner fr et en.")
            return Bilingual("", "")
        if not required and not any(value.values()):
            return Bilingual("", "")
        self._expect_languages(key, value)
        texts = {}
        for language in LANGUAGES:
            text = value.get(language, "")
            if isinstance(text, str):
                flat = one_line(text)
                texts[language] = self._checked(f"{key}.{language}", flat, required=True, limit=limit)
            else:
                self.problems.append(f"« {key}.{language} » doit être un texte.")
                texts[language] = ""
        return Bilingual(texts["fr"], texts["en"])

    def _expect_languages(self, key: str, value: Mapping) -> None:
        """A misspelt language would lose its words without a sound."""
        if unknown := [language for language in value if language not in LANGUAGES]:
            self.problems.append(f"« {key} » : langue inconnue, {', '.join(unknown)} ; fr et en seulement.")

    def choice(self, key: str, choices: Collection[str], *, default: str = "") -> str:
        value = self.text(key, required=not default) or default
        if value and value not in choices:
            self.problems.append(f"« {key} » vaut « {value} » ; valeurs admises : {', '.join(choices)}.")
        return value

    def number(self, key: str, lowest: int, highest: int, *, default: int | None = None) -> int:
        value = self.text(key, required=default is None)
        if not value and default is not None:
            return default
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            if value:
                self.problems.append(f"« {key} » vaut « {value} » ; nombre attendu de {lowest} à {highest}.")
            return lowest
        return int(value)

    def texts(self, key: str, *, limit: int | None = None) -> tuple[str, ...]:
        return self.texts_of(key, self.content.get(key, ""), limit=limit)

    def bilingual_texts(
        self, key: str, *, limit: int | None = None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Two lists, French and English; either may be absent."""
        value = self.content.get(key, "")
        if value == "":
            return (), ()
        if not isinstance(value, Mapping):
            self.problems.append(f"« {key} » doit donner des listes fr et en.")
            return (), ()
        self._expect_languages(key, value)
        french = self.texts_of(f"{key}.fr", value.get("fr", ""), limit=limit)
        return french, self.texts_of(f"{key}.en", value.get("en", ""), limit=limit)

    def entries(self, key: str) -> list["Entry"]:
        """The mappings of a list, each read by an `Entry` of its own; see `absorb`."""
        value = self.content.get(key, "")
        if value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.problems.append(f"« {key} » doit être une liste de « clé: valeur ».")
            return []
        return [Entry(item, self.source) for item in value]

    def nested(self, key: str) -> "Entry":
        value = self.content.get(key, "")
        if isinstance(value, Mapping):
            return Entry(value, self.source)
        if value != "":
            self.problems.append(f"« {key} » doit être un ensemble de « clé: valeur ».")
        empty = Mapping()
        empty.line = self.line
        return Entry(empty, self.source)

    def absorb(self, key: str, parts: Iterable["Entry"]) -> None:
        """Take over the problems of nested entries, saying which list they stand in."""
        for part in parts:
            self.problems.extend(f"{key}, ligne {part.line} : {problem}" for problem in part.problems)

    def texts_of(self, key: str, value: object, *, limit: int | None = None) -> tuple[str, ...]:
        """`value` read as a list of texts; `key` is what it is called in an error."""
        if value == "":
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problems.append(f"« {key} » doit être une liste de textes.")
            return ()
        return tuple(self._checked(key, one_line(item), required=True, limit=limit) for item in value)

    def _checked(self, key: str, text: str, *, required: bool, limit: int | None) -> str:
        if required and not text:
            self.problems.append(f"« {key} » manque.")
        if limit is not None and len(text) > limit:
            self.problems.append(f"« {key} » dépasse {limit} caractères.")
        return text


def yaml_files(folder: Path) -> list[Path]:
    """The YAML files of a folder, in name order; raises FileNotFoundError where the folder is not one."""
    if not folder.exists():
        raise FileNotFoundError(2, "le dossier n'existe pas", str(folder))
    if not folder.is_dir():
        raise NotADirectoryError(20, "ce n'est pas un dossier", str(folder))
    return sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"} and path.is_file())

"""The annotated texts: what two people say that each text shows, and the half it belongs to. Pure: no Django, no engine.

One rule: two annotators decide, by a rule written beforehand (`Annotations.required` and `acceptable`); nothing is read half.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.evaluation import golden_files
from search.evaluation.golden_files import (
    GoldenSetError,
    read_objects,
    read_split,
    report_missing,
    wrong_texts,
)

ANNOTATED_FOLDER = Path(__file__).parent / "annotated"
LANGUAGES = ("fr", "en", "mixed")
KINDS = (
    "plain",
    "acronym",
    "denial",
    "wish",
    "false_denial",
    "level",
    "mixed",
    "course",
    "cv",
    "no_answer",
)
ANNOTATORS = ("a", "b")
STANCES = ("denied", "wished")
SURE, ARGUABLE = 2, 1
# Of the four points that two annotators may give: a skill that one is sure of and the other lists at least.
REQUIRED = 3


@dataclass(frozen=True)
class AnnotatedText:
    id: str
    lang: str
    kind: str
    text: str


@dataclass(frozen=True)
class HeldSkill:
    level: int
    points: int

    @property
    def is_sure(self) -> bool:
        return self.points == SURE


@dataclass(frozen=True)
class Annotation:
    """What one annotator found in one text, by code of skill; `set_aside` gives denied or wished."""

    held: Mapping[str, HeldSkill]
    set_aside: Mapping[str, str]


@dataclass(frozen=True)
class AnnotatedSet:
    texts: tuple[AnnotatedText, ...]
    annotations: Mapping[str, Mapping[str, Annotation]]  # annotator → text → what was found
    halves: Mapping[str, str]
    digest: str

    def half(self, name: str) -> tuple[AnnotatedText, ...]:
        return tuple(text for text in self.texts if self.halves[text.id] == name)

    def points(self, text: str) -> dict[str, int]:
        """By skill that anybody listed, 1 to 4: two for each annotator who is sure, one for each who finds it arguable."""
        found: dict[str, int] = {}
        for annotated in self.annotations.values():
            for code, held in annotated[text].held.items():
                found[code] = found.get(code, 0) + held.points
        return found

    def required(self, text: str) -> frozenset[str]:
        """What must be found: both listed it, and one of them at least is sure."""
        return frozenset(code for code, points in self.points(text).items() if points >= REQUIRED)

    def acceptable(self, text: str) -> frozenset[str]:
        """What may be found without being wrong: somebody listed it."""
        return frozenset(self.points(text))

    def levels(self, text: str, code: str) -> tuple[int, ...]:
        """The level that each annotator who listed the skill gave."""
        found = (annotated[text].held.get(code) for annotated in self.annotations.values())
        return tuple(held.level for held in found if held)

    def set_aside(self, text: str) -> frozenset[str]:
        """What both annotators found denied or wished for."""
        return frozenset.intersection(
            *(frozenset(annotated[text].set_aside) for annotated in self.annotations.values())
        )

    def may_be_set_aside(self, text: str) -> frozenset[str]:
        return frozenset(
            code for annotated in self.annotations.values() for code in annotated[text].set_aside
        )


# --- Reading
def read_annotated_set(folder: Path = ANNOTATED_FOLDER) -> AnnotatedSet:
    """Raises `GoldenSetError` for what the files say wrong and OSError for those that cannot be read."""
    problems: list[str] = []
    texts = read_texts(folder / "texts.jsonl", problems)
    annotations = {
        name: read_annotations(folder / f"annotations-{name}.jsonl", texts, problems) for name in ANNOTATORS
    }
    halves = read_split(folder / "split.csv", set(texts), problems, "un texte connu")
    if problems:
        raise GoldenSetError("\n".join(problems))
    return AnnotatedSet(tuple(texts.values()), annotations, halves, _digest(texts, annotations))


def _digest(texts: Mapping[str, AnnotatedText], annotations: Mapping[str, Mapping[str, Annotation]]) -> str:
    content = [
        [
            text.id,
            text.text,
            *(
                [
                    sorted((code, held.level, held.points) for code, held in one.held.items()),
                    sorted(one.set_aside.items()),
                ]
                for one in (annotations[name][text.id] for name in ANNOTATORS)
            ),
        ]
        for text in sorted(texts.values(), key=lambda text: text.id)
    ]
    return golden_files.digest(content)


def read_texts(path: Path, problems: list[str]) -> dict[str, AnnotatedText]:
    """The texts of a file by id; what is wrong is added to the problems."""
    texts: dict[str, AnnotatedText] = {}
    for place, content in read_objects(path, problems):
        if wrong := wrong_texts(content, ("id", "lang", "kind", "text")):
            problems.append(f"{place} : il manque {', '.join(wrong)}")
        elif content["lang"] not in LANGUAGES or content["kind"] not in KINDS:
            problems.append(f"{place} : langue ou nature inconnue")
        elif content["id"] in texts:
            problems.append(f"{place} : {content['id']} est déjà là")
        else:
            text = AnnotatedText(*(content[key] for key in ("id", "lang", "kind", "text")))
            texts[text.id] = text
    return texts


def read_annotations(
    path: Path, texts: Mapping[str, AnnotatedText], problems: list[str]
) -> dict[str, Annotation]:
    """What one annotator found in each of these texts; what is wrong is added to the problems."""
    found: dict[str, Annotation] = {}
    for place, content in read_objects(path, problems):
        name = content.get("id")
        if not isinstance(name, str) or name not in texts:
            problems.append(f"{place} : {name} n'est pas un texte connu")
        elif name in found:
            problems.append(f"{place} : {name} est déjà annoté")
        else:
            problems.extend(f"{place} : {problem}" for problem in _problems(content, texts[name].text))
            found[name] = _annotation(content)
    report_missing(path, texts.keys() - found.keys(), "n'est pas annoté", problems)
    return found


def _problems(content: Mapping[str, Any], text: str) -> Iterator[str]:
    for stance in ("held", *STANCES):
        found = content.get(stance)
        if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
            yield f"« {stance} » doit donner un objet à chaque compétence"
            continue
        for code, one in found.items():
            if not isinstance(one.get("quote"), str) or one["quote"] not in text:
                yield f"{code} : la citation n'est pas dans le texte"
            if stance == "held" and one.get("level") not in (1, 2, 3, 4):
                yield f"{code} : le niveau va de 1 à 4"
            if stance == "held" and not isinstance(one.get("sure"), bool):
                yield f"{code} : « sure » est vrai ou faux"


def _annotation(content: Mapping[str, Any]) -> Annotation:
    held = {
        code: HeldSkill(one.get("level", 0), SURE if one.get("sure") else ARGUABLE)
        for code, one in _objects(content, "held")
    }
    aside = {code: stance for stance in STANCES for code, _ in _objects(content, stance) if code not in held}
    return Annotation(held, aside)


def _objects(content: Mapping[str, Any], key: str) -> Sequence[tuple[str, dict[str, Any]]]:
    found = content.get(key)
    return [item for item in found.items() if isinstance(item[1], dict)] if isinstance(found, dict) else []

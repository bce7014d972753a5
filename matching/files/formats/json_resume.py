"""A JSON Resume (https://jsonresume.org/schema) told in lines. Pure: no Django.

One rule: of `basics` only the title and the summary are told; `references` and `interests` are left out.
"""

from collections.abc import Callable, Iterator, Mapping

from matching.files.formats.cv_lines import Node, at, bullets, heading, items, paragraphs, words


def resume_lines(resume: Node) -> Iterator[str]:
    yield from heading(words(at(resume, "basics", "label")))
    yield from paragraphs(at(resume, "basics", "summary"))
    for section, tell in _TELL.items():
        for entry in items(at(resume, section)):
            yield from tell(entry) if isinstance(entry, Mapping) else bullets(entry)


def _job(entry: Node) -> Iterator[str]:
    """A job, a voluntary work or a project."""
    title = words(at(entry, "position")) or words(at(entry, "roles"))
    holder = words(at(entry, "name")) or words(at(entry, "organization")) or words(at(entry, "company"))
    yield from heading(title, holder, words(at(entry, "entity")), _period(entry))
    yield from paragraphs(at(entry, "summary"), at(entry, "description"))
    yield from bullets(at(entry, "highlights"))
    yield from bullets(at(entry, "keywords"))


def _studies(entry: Node) -> Iterator[str]:
    names = (words(at(entry, name)) for name in ("studyType", "area", "institution"))
    yield from heading(*names, _period(entry))
    yield from bullets(at(entry, "courses"))


def _proof(entry: Node) -> Iterator[str]:
    """A certificate, an award or a publication."""
    title = words(at(entry, "name")) or words(at(entry, "title"))
    by = words(at(entry, "issuer")) or words(at(entry, "awarder")) or words(at(entry, "publisher"))
    date = words(at(entry, "date")) or words(at(entry, "releaseDate"))
    yield from heading(title, by, date)
    yield from paragraphs(at(entry, "summary"))


def _skill(entry: Node) -> Iterator[str]:
    """A skill with its level on the same line, so that a denial stays with what it denies."""
    title = heading(words(at(entry, "name")), words(at(entry, "level")))
    keywords = words(at(entry, "keywords"))
    yield from bullets([" : ".join(filter(None, ("".join(title), keywords)))])


def _language(entry: Node) -> Iterator[str]:
    yield from bullets(heading(words(at(entry, "language")), words(at(entry, "fluency"))))


def _period(entry: Node) -> str:
    return " – ".join(filter(None, (words(at(entry, "startDate")), words(at(entry, "endDate")))))


_TELL: dict[str, Callable[[Node], Iterator[str]]] = {
    "work": _job,
    "volunteer": _job,
    "education": _studies,
    "skills": _skill,
    "certificates": _proof,
    "awards": _proof,
    "publications": _proof,
    "projects": _job,
    "languages": _language,
}
SECTIONS = frozenset(_TELL) | {"basics"}

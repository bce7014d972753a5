"""A Europass CV told in lines: the SkillsPassport of 2012 to 2020 (XML or JSON), the Candidate of today (XML). Pure: no Django.

One rule: sections are chosen by name and, inside them, so are fields; who the person is stands in none of them.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from matching.files.formats.candidate import candidate_lines
from matching.files.formats.cv_lines import Node, at, bullets, found_in_cv, heading, items, paragraphs, words
from matching.files.formats.safe_xml import children, local, parse_xml
from matching.files.limits import DEPTH, Limits
from matching.files.results import Format, Found, Reason, Unreadable

_TEXTUAL_SKILLS = ("Communication", "Organisational", "JobRelated", "Computer", "Other")
_DIGITAL_LEVELS = ("Information", "Communication", "ContentCreation", "Safety", "ProblemSolving")
_LANGUAGE_LEVELS = ("Listening", "Reading", "SpokenInteraction", "SpokenProduction", "Writing")


def read_europass_xml(data: bytes, _limits: Limits) -> Found:
    """Raises Unreadable, for XML of another kind too."""
    root = parse_xml(data)
    name = local(root)
    if name == "SkillsPassport" or name == "LearnerInfo":
        document = as_node(root)
        lines = europass_lines(at(document, "LearnerInfo") or document)
    elif name == "Candidate":
        lines = candidate_lines(as_node(root))
    else:
        raise Unreadable(Reason.HTML if name.lower() == "html" else Reason.OTHER_XML)
    return found_in_cv(lines, Format.EUROPASS_XML)


def as_node(element: etree._Element, depth: int = 0) -> Node:
    """An element in the shape of JSON: attributes and children by name, lists where a name comes back, text as `#text`."""
    inside: dict[str, Node] = {
        str(key).rpartition("}")[2]: str(value) for key, value in element.attrib.items()
    }
    for one in children(element):
        if depth > DEPTH:
            break
        name, value = local(one), as_node(one, depth + 1)
        inside[name] = [*items(inside[name]), value] if name in inside else value
    text = (element.text or "").strip()
    if not inside:
        return text
    return {**inside, "#text": text} if text else inside


def europass_lines(learner: Node) -> Iterator[str]:
    """The lines of a `LearnerInfo`."""
    headline = at(learner, "Headline")
    yield from heading(words(at(headline, "Description")))
    for entry in _listed(learner, "WorkExperience"):
        yield from _work(entry)
    for entry in _listed(learner, "Education"):
        yield from _studies(entry)
    yield from _skills(at(learner, "Skills"))
    for entry in _listed(learner, "Achievement"):
        yield from heading(words(at(entry, "Title")))
        yield from paragraphs(at(entry, "Description"))


def _listed(node: Node, name: str) -> list[Node]:
    """XML wraps its entries in a list element (`EducationList`), JSON does not."""
    return items(at(node, f"{name}List", name)) or items(at(node, name)) or items(at(node, f"{name}List"))


def _work(entry: Node) -> Iterator[str]:
    sector = words(at(entry, "Employer", "Sector"))
    yield from heading(
        words(at(entry, "Position")), words(at(entry, "Employer", "Name")), sector, _period(entry)
    )
    yield from paragraphs(at(entry, "Activities"))


def _studies(entry: Node) -> Iterator[str]:
    school = words(at(entry, "Organisation", "Name"))
    yield from heading(words(at(entry, "Title")), school, words(at(entry, "Field")), _period(entry))
    yield from paragraphs(at(entry, "Activities"), at(entry, "Skills"))


def _skills(skills: Node) -> Iterator[str]:
    linguistic = at(skills, "Linguistic")
    for entry in (*_listed(linguistic, "MotherTongue"), *_listed(linguistic, "ForeignLanguage")):
        yield from _language(entry)
    for name in _TEXTUAL_SKILLS:
        for entry in items(at(skills, name)):
            yield from paragraphs(entry if isinstance(entry, str) else at(entry, "Description"))
            yield from _digital(at(entry, "ProficiencyLevel"))
            yield from bullets([at(one, "Title") for one in _listed(entry, "Certificate")])
    yield from bullets(_driving(at(skills, "Driving", "Description")))


def _language(entry: Node) -> Iterator[str]:
    levels = [words(at(entry, "ProficiencyLevel", name)) for name in _LANGUAGE_LEVELS]
    certificates = [words(at(one, "Title")) for one in _listed(at(entry, "VerifiedBy"), "Certificate")]
    yield from bullets(
        heading(words(at(entry, "Description")), "/".join(filter(None, levels)), *certificates)
    )


def _digital(levels: Node) -> Iterator[str]:
    """The self-assessment of digital skills: each area with the level declared."""
    if isinstance(levels, Mapping):
        yield from bullets(
            [f"{name} : {words(levels[name])}" for name in _DIGITAL_LEVELS if words(levels.get(name))]
        )


def _driving(description: Node) -> list[Node]:
    licences = words(at(description, "Licence") or description)
    return [f"Permis de conduire : {licences}"] if licences else []


def _period(entry: Node) -> str:
    period = at(entry, "Period")
    return " – ".join(filter(None, (_date(at(period, "From")), _date(at(period, "To")))))


def _date(date: Node) -> str:
    """« 2016-03 »: XML has `year="2016" month="--03"`, JSON has `{"Year": 2016, "Month": 3}`."""
    if not isinstance(date, Mapping):
        return words(date)
    year = words(date.get("year") or date.get("Year"))
    month = words(date.get("month") or date.get("Month")).strip("-")
    return f"{year}-{month.zfill(2)}" if year and month else year

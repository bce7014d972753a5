"""The Candidate document of today's Europass (HR-XML 3), told in lines. Pure: no Django.

One rule: its schema is not published, so fields are looked for by name at any depth of a section rather than at a fixed place;
`CandidatePerson`, `CandidateSupplier`, contacts, references and attachments are never entered.
"""

from collections.abc import Iterator, Mapping

from matching.files.formats.cv_lines import Node, at, bullets, heading, items, named, paragraphs, words

_TITLES = frozenset({"Title", "Name", "CompetencyName", "CertificationName", "LicenseName"})
_DESCRIPTIONS = frozenset({"Description", "OccupationalSkillsCovered"})
_DATES = frozenset({"StartDate", "EndDate"})
_DEGREES = frozenset({"DegreeName", "ProgramName"})
_LEVELS = frozenset({"ScoreText"})
# What is told of each entry of a section: its titles and descriptions. Each holds entries of a name of its own.
_OTHER_SECTIONS = (
    "Certifications",
    "CourseCertifications",
    "Licenses",
    "Projects",
    "PublicationHistory",
    "CreativeWorks",
    "ConferencesAndSeminars",
    "HonorsAndAwards",
    "NetworksAndMemberships",
    "SocialAndPoliticalActivities",
    "VoluntaryWorks",
    "Others",
)
_LANGUAGES = {
    "bul": "bulgare", "ces": "tchèque", "dan": "danois", "deu": "allemand", "ell": "grec", "eng": "anglais", "est": "estonien",
    "fin": "finnois", "fra": "français", "gle": "irlandais", "hrv": "croate", "hun": "hongrois", "ita": "italien",
    "lav": "letton", "lit": "lituanien", "mlt": "maltais", "nld": "néerlandais", "pol": "polonais", "por": "portugais",
    "ron": "roumain", "slk": "slovaque", "slv": "slovène", "spa": "espagnol", "swe": "suédois", "ara": "arabe",
    "ukr": "ukrainien", "rus": "russe", "zho": "chinois",
}  # fmt: skip


def candidate_lines(candidate: Node) -> Iterator[str]:
    profile = at(candidate, "CandidateProfile")
    yield from paragraphs(at(profile, "ExecutiveSummary"))
    for employer in items(at(profile, "EmploymentHistory", "EmployerHistory")):
        yield from _employer(employer)
    for studies in items(at(profile, "EducationHistory", "EducationOrganizationAttendance")):
        yield from _studies(studies)
    yield from _qualifications(at(profile, "PersonQualifications"))
    yield from _skills(at(profile, "Skills"))
    for section in ("DigitalSkills", *_OTHER_SECTIONS):
        for entry in _entries(at(profile, section)):
            yield from _entry(entry)


def _employer(employer: Node) -> Iterator[str]:
    organisation = words(at(employer, "OrganizationName"))
    for position in items(at(employer, "PositionHistory")):
        period = _period(position) or _period(employer)
        yield from heading(words(at(position, "PositionTitle")), organisation, period)
        yield from paragraphs(at(position, "Description"))


def _studies(studies: Node) -> Iterator[str]:
    degrees = list(dict.fromkeys(words(one) for one in named(studies, _DEGREES)))
    field = words(at(studies, "EducationDegree", "FieldOfStudy", "MainFieldOfStudy"))
    yield from heading(*degrees, field, words(at(studies, "OrganizationName")), _period(studies))
    yield from paragraphs(*named(studies, _DESCRIPTIONS))


def _qualifications(qualifications: Node) -> Iterator[str]:
    """Languages, told by their code, and skills, told by their name; the level of each stands on its line."""
    for competency in items(at(qualifications, "PersonCompetency")):
        name = words(at(competency, "CompetencyName"))
        if words(at(competency, "TaxonomyID")).lower() == "language":
            code = words(at(competency, "CompetencyID")).lower()
            name = name or _LANGUAGES.get(code, code)
        levels = "/".join(dict.fromkeys(words(one) for one in named(competency, _LEVELS)))
        yield from bullets(heading(name, levels))


def _skills(skills: Node) -> Iterator[str]:
    """Groups of skills, at whatever depth: their titles and descriptions."""
    for group in _entries(skills):
        yield from _entry(group)


def _entries(section: Node) -> Iterator[Node]:
    """The entries of a section, whatever they are called."""
    for one in items(section):
        if isinstance(one, Mapping):
            for name, value in one.items():
                if not name.startswith(_CLOSED):
                    yield from items(value)


def _entry(entry: Node) -> Iterator[str]:
    if isinstance(entry, str):
        yield from bullets(entry)
        return
    entry = _opened(entry)
    title = list(dict.fromkeys(filter(None, (words(one) for one in named(entry, _TITLES)))))
    yield from heading(*title, _period(entry))
    yield from paragraphs(*named(entry, _DESCRIPTIONS))


# Elements that tell where, who or how it looks, and never what was done.
_CLOSED = (
    "OrganizationContact",
    "PersonContact",
    "PersonName",
    "Communication",
    "Attachment",
    "EmploymentReference",
    "Link",
    "#",
)


def _opened(node: Node) -> Node:
    """The entry without the elements that are never entered."""
    if isinstance(node, Mapping):
        return {
            name: _opened(value)
            for name, value in node.items()
            if not name.startswith(_CLOSED) or name == "#text"
        }
    return [_opened(one) for one in node] if isinstance(node, list) else node


def _period(node: Node) -> str:
    return " – ".join(filter(None, (_date(one) for one in named(node, _DATES))))


def _date(date: Node) -> str:
    return words(at(date, "FormattedDateTime")) if isinstance(date, Mapping) else words(date)

"""JSON documents: a Europass CV or a JSON Resume, told apart by their keys. Pure: no Django.

One rule: what is not one of the two is refused, rather than read as a text in which keys would pass for words.
"""

import json

from matching.files.formats.cv_lines import Node, at, found_in_cv
from matching.files.formats.europass import europass_lines
from matching.files.formats.json_resume import SECTIONS, resume_lines
from matching.files.limits import Limits
from matching.files.results import Format, Found, Reason, Unreadable
from matching.reading.texts import decode_text


def read_json(data: bytes, _limits: Limits) -> Found:
    """Raises Unreadable."""
    try:
        document: Node = json.loads(decode_text(data), parse_constant=lambda _name: None)
    except ValueError as error:  # not JSON, or of an unknown encoding
        raise Unreadable(Reason.DAMAGED) from error
    learner = at(document, "SkillsPassport", "LearnerInfo") or at(document, "LearnerInfo")
    if learner:
        return found_in_cv(europass_lines(learner), Format.EUROPASS_JSON)
    if isinstance(document, dict) and SECTIONS & document.keys():
        return found_in_cv(resume_lines(document), Format.JSON_RESUME)
    raise Unreadable(Reason.OTHER_JSON)

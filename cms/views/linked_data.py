"""What a page says of its subject to search engines, in the words of schema.org.

One rule: it says nothing that the page does not show. (The whole of a concept is its SKOS file: `cms.referential_exports`.)
"""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from cms.views.shared import language
from skills.exports.skos import concept_uri
from skills.models import MappingMatch, MappingScheme, Skill
from skills.shipped_history import shipped_scheme

CONTEXT = "https://schema.org"


def defined_term(request: HttpRequest, skill: Skill, names: Iterable[str]) -> dict:
    """A skill; `names` are its other labels in the active language."""
    other = skill.label_fr if language() == "en" else skill.label_en
    same = [
        mapping.code
        for mapping in skill.mappings.all()
        if mapping.match == MappingMatch.EXACT and mapping.scheme == MappingScheme.ESCO
    ]
    said = {
        "@context": CONTEXT,
        "@type": "DefinedTerm",
        "@id": concept_uri(shipped_scheme(), skill.code),
        "url": request.build_absolute_uri(reverse("skill", args=[skill.code])),
        "inLanguage": language(),
        "termCode": skill.code,
        "name": skill.label,
        "alternateName": list(dict.fromkeys([*names, other])),
        "description": skill.definition,
        "sameAs": sorted(same),
        "inDefinedTermSet": _term_set(request),
    }
    return {name: value for name, value in said.items() if value}


def defined_term_set(request: HttpRequest) -> dict:
    """The whole referential."""
    description = getattr(shipped_scheme().description, language())
    return {"@context": CONTEXT, **_term_set(request), "description": description}


def _term_set(request: HttpRequest) -> dict:
    scheme = shipped_scheme()
    return {
        "@type": "DefinedTermSet",
        "@id": scheme.uri,
        "name": getattr(scheme.title, language()),
        "url": request.build_absolute_uri(reverse("referential")),
        "version": scheme.version,
        "license": scheme.licence,
    }

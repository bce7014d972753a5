"""The referential as a SKOS concept scheme. Pure: no Django; rdflib is imported when an export is made.

One rule: what is written conforms to `skos_shapes.ttl`, which `violations` checks with pySHACL.
Source: SKOS Reference, W3C Recommendation, 18 August 2009.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from skills.concept_files.entries import DomainEntry, ReferentialFiles, SkillEntry
from skills.concept_files.history import History, Scheme
from skills.concept_files.rules import neighbours
from skills.imports.yaml_source import Bilingual

if TYPE_CHECKING:
    from rdflib import Graph, URIRef
    from rdflib.term import Node

FORMATS = {"turtle": "text/turtle", "json-ld": "application/ld+json"}
SHAPES = Path(__file__).with_name("skos_shapes.ttl")
# ROME gives its competences a number and no address: the number is told under a name of its own.
ROME_PREFIX = "urn:rome:ogr:"
_LABELS = {"alternative": "altLabel", "acronym": "altLabel", "hidden": "hiddenLabel"}
_MATCHES = {
    "exact": "exactMatch",
    "close": "closeMatch",
    "broad": "broadMatch",
    "narrow": "narrowMatch",
    "related": "relatedMatch",
}


def concept_uri(scheme: Scheme, code: str) -> str:
    return f"{scheme.uri}{code}"


def skos_graph(
    files: ReferentialFiles,
    scheme: Scheme,
    history: History | None = None,
    *,
    only: Iterable[str] | None = None,
) -> "Graph":
    """Every concept, or those of `only` with the scheme they are in; their links may lead out of the graph."""
    graph = _new_graph(scheme)
    _add_scheme(graph, scheme)
    codes = files.skills if only is None else [code for code in only if code in files.skills]
    # Files say once, of one of the two, that two skills are neighbours; SKOS readers may look at either.
    beside = neighbours(files.skills)
    for code in codes:
        _add_concept(graph, scheme, files.skills[code], beside[code])
    if only is None:
        for domain in files.domains.values():
            members = [code for code, skill in files.skills.items() if skill.domain == domain.code]
            _add_domain(graph, scheme, domain, members)
    if history is not None:
        _add_notes(graph, scheme, history, set(codes))
    return graph


def serialise(graph: "Graph", format_name: str) -> str:
    """`format_name` is one of FORMATS."""
    if format_name == "json-ld":
        context = {prefix: str(uri) for prefix, uri in graph.namespaces()}
        return graph.serialize(format="json-ld", indent=2, context=context)
    return graph.serialize(format=format_name)


def violations(graph: "Graph") -> list[str]:
    """What in a graph does not conform to the shapes, one line each; empty where all does."""
    import pyshacl
    from rdflib import SH, Graph

    shapes = Graph().parse(SHAPES, format="turtle")
    conforms, report, _text = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
    if conforms:
        return []
    return sorted({_told(report, result) for result in report.objects(None, SH.result)})


def _told(report: "Graph", result: "Node") -> str:
    """One result: the concept, what is wrong, and the value where it names one."""
    from rdflib import SH, Literal, URIRef

    focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
    named = f" : {value}" if isinstance(value, Literal | URIRef) and value != focus else ""
    return f"{focus} : {report.value(result, SH.resultMessage)}{named}"


# --- Triples
def _new_graph(scheme: Scheme) -> "Graph":
    from rdflib import DCTERMS, OWL, SKOS, Graph, Namespace

    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        ("skos", SKOS),
        ("dct", DCTERMS),
        ("owl", OWL),
        ("bio", Namespace(f"{scheme.uri}terms#")),
        ("c", Namespace(scheme.uri)),
        ("esco", Namespace("http://data.europa.eu/esco/skill/")),
        ("adms", Namespace("http://www.w3.org/ns/adms#")),
    ):
        graph.bind(prefix, namespace)
    return graph


def _add_scheme(graph: "Graph", scheme: Scheme) -> None:
    from rdflib import DCTERMS, OWL, RDF, SKOS, Literal, URIRef

    uri = URIRef(scheme.uri)
    graph.add((uri, RDF.type, SKOS.ConceptScheme))
    graph.add((uri, OWL.versionInfo, Literal(scheme.version)))
    graph.add((uri, DCTERMS.license, URIRef(scheme.licence)))
    _add_bilingual(graph, uri, DCTERMS.title, scheme.title)
    _add_bilingual(graph, uri, DCTERMS.description, scheme.description)


def _add_bilingual(graph: "Graph", subject: "URIRef", predicate: "URIRef", text: Bilingual) -> None:
    from rdflib import Literal

    for language, words in (("fr", text.fr), ("en", text.en)):
        if words:
            graph.add((subject, predicate, Literal(words, lang=language)))


def _add_concept(graph: "Graph", scheme: Scheme, skill: SkillEntry, related: Iterable[str]) -> None:
    from rdflib import DCTERMS, OWL, RDF, SKOS, Literal, Namespace, URIRef

    own, adms = Namespace(f"{scheme.uri}terms#"), Namespace("http://www.w3.org/ns/adms#")
    uri = URIRef(concept_uri(scheme, skill.code))
    graph.add((uri, RDF.type, SKOS.Concept))
    graph.add((uri, SKOS.inScheme, URIRef(scheme.uri)))
    graph.add((uri, SKOS.notation, Literal(skill.code)))
    graph.add((uri, DCTERMS.type, own[skill.kind]))
    graph.add((uri, adms.status, own[skill.status]))
    _add_bilingual(graph, uri, SKOS.prefLabel, skill.label)
    _add_bilingual(graph, uri, SKOS.definition, skill.definition)
    _add_labels(graph, uri, skill)
    for modality in skill.modalities:
        graph.add((uri, own.modality, own[modality]))
    for one in skill.levels:
        _add_bilingual(graph, uri, own[f"level{one.level}"], one.descriptor)
    for code in skill.broader:
        graph.add((uri, SKOS.broader, URIRef(concept_uri(scheme, code))))
    if not skill.broader:
        graph.add((uri, SKOS.topConceptOf, URIRef(scheme.uri)))
    for code in related:
        graph.add((uri, SKOS.related, URIRef(concept_uri(scheme, code))))
    for mapping in skill.mappings:
        foreign = mapping.code if mapping.scheme == "esco" else f"{ROME_PREFIX}{mapping.code}"
        graph.add((uri, SKOS[_MATCHES[mapping.match]], URIRef(foreign)))
    if skill.is_retired:
        graph.add((uri, OWL.deprecated, Literal(True)))
    if skill.replaced_by:
        graph.add((uri, DCTERMS.isReplacedBy, URIRef(concept_uri(scheme, skill.replaced_by))))


def _add_labels(graph: "Graph", uri: "URIRef", skill: SkillEntry) -> None:
    """A label of one language is told in it, an acronym in both; a text that is the preferred one already is told once."""
    from rdflib import SKOS, Literal

    preferred = {"fr": skill.label.fr, "en": skill.label.en}
    told: set[tuple[str, str]] = set(preferred.items())
    for label in skill.labels:
        for language in (label.language,) if label.language else ("fr", "en"):
            if (language, label.text) not in told:
                told.add((language, label.text))
                graph.add((uri, SKOS[_LABELS[label.kind]], Literal(label.text, lang=language)))


def _add_domain(graph: "Graph", scheme: Scheme, domain: DomainEntry, members: Iterable[str]) -> None:
    from rdflib import RDF, SKOS, Literal, URIRef

    uri = URIRef(f"{scheme.uri}domain/{domain.code}")
    graph.add((uri, RDF.type, SKOS.Collection))
    graph.add((uri, SKOS.notation, Literal(domain.code)))
    _add_bilingual(graph, uri, SKOS.prefLabel, domain.label)
    _add_bilingual(graph, uri, SKOS.definition, domain.definition)
    for code in members:
        graph.add((uri, SKOS.member, URIRef(concept_uri(scheme, code))))


def _add_notes(graph: "Graph", scheme: Scheme, history: History, codes: set[str]) -> None:
    from rdflib import SKOS, Literal, URIRef

    for release in history.releases:
        for note in (*release.changed, *release.retired):
            if note.code in codes:
                text = f"{release.version} : {note.text}"
                graph.add((URIRef(concept_uri(scheme, note.code)), SKOS.changeNote, Literal(text, lang="fr")))

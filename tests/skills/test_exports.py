"""The referential as others read it: conforming SKOS, tables that lose no text, files that load back as they were."""

import csv
import io
import json
import re

import pytest
from rdflib import DCTERMS, OWL, RDF, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from skills.concept_files.differences import referential_changes
from skills.concept_files.history import read_history
from skills.concept_files.parsing import read_referential
from skills.exports.skos import SHAPES, serialise, skos_graph, violations
from skills.exports.source_files import other_files, write_source_files
from skills.exports.tables import COLUMNS, as_csv, as_json
from skills.imports.referential import import_referential
from skills.models import AcronymSense, Domain, LabelKind, Skill, SkillLabel, SkillLevel, SkillMapping
from skills.stored_concepts import stored_referential, stored_version
from tests.skills.concept_files.folders import release, write_changes, write_scheme, write_senses
from tests.skills.factories import DOMAIN_TEXT, SkillFactory, skill_text, write_domain

BASE = "https://biofiliere.test/referentiel/"
CONCEPT, OWN = Namespace(BASE), Namespace(f"{BASE}terms#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ESCO = "http://data.europa.eu/esco/skill/11111111-2222-3333-4444-555555555555"


@pytest.fixture
def folder(tmp_path):
    """A small referential that uses everything a referential has."""
    folder = write_scheme(tmp_path / "files", "1.1.0")
    write_domain(
        folder,
        skill_text(
            "alpha",
            "alternative: {fr: [premier], en: [first]}",
            "hidden: {fr: [premié], en: []}",
            "acronyms: [AL, {text: PV, context: [effets, signal]}]",
            "modalities: [vaccines, cell-therapy]",
            "levels: {2: {fr: Fait., en: Does.}, 4: {fr: Conçoit., en: Designs.}}",
            "broader: [beta]",
            "related: [gamma]",
            f'esco: [{{uri: "{ESCO}", match: close}}]',
            'rome: [{code: "123456", match: exact}, {code: "123457", match: broad}]',
        ),
        skill_text("beta", "esco: none", "rome: none", kind="knowledge"),
        skill_text("gamma", "status: draft", kind="authorisation"),
        skill_text("old", "status: deprecated", "replaced_by: beta"),
    )
    write_domain(folder, domain=DOMAIN_TEXT.replace("upstream", "downstream"), name="03-downstream.yaml")
    write_senses(folder, ("PV", "procès-verbal", "réunion"))
    note = "retired: [{code: old, replaced_by: beta, note: Doublon de beta.}]"
    return write_changes(
        folder, release("1.1.0", "", note), release("1.0.0", "alpha, beta, gamma, old", date="2026-10-01")
    )


def graph_of(folder, **options):
    history = read_history(folder)
    return skos_graph(read_referential(folder), history.scheme, history, **options)


# rdflib's own reader of JSON-LD makes a graph of a class that rdflib says is old.
JSON_LD_READER = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


# --- SKOS
def test_the_graph_conforms_and_says_everything(folder):
    graph = graph_of(folder)
    alpha, old = CONCEPT.alpha, CONCEPT.old

    assert violations(graph) == []
    assert set(graph.objects(alpha, SKOS.prefLabel)) == {Literal("alpha fr", "fr"), Literal("alpha en", "en")}
    assert set(graph.objects(alpha, SKOS.altLabel)) == {
        Literal("premier", "fr"),
        Literal("first", "en"),
        *(Literal(acronym, language) for acronym in ("AL", "PV") for language in ("fr", "en")),
    }
    assert set(graph.objects(alpha, SKOS.hiddenLabel)) == {Literal("premié", "fr")}
    assert graph.value(alpha, SKOS.notation) == Literal("alpha")
    assert set(graph.objects(alpha, OWN.modality)) == {OWN.vaccines, OWN["cell-therapy"]}
    assert graph.value(alpha, OWN.level4) in {Literal("Conçoit.", "fr"), Literal("Designs.", "en")}
    assert graph.value(alpha, SKOS.closeMatch) == URIRef(ESCO)
    assert graph.value(alpha, SKOS.exactMatch) == URIRef("urn:rome:ogr:123456")
    assert graph.value(alpha, SKOS.broadMatch) == URIRef("urn:rome:ogr:123457")
    assert graph.value(alpha, SKOS.broader) == CONCEPT.beta
    assert (alpha, SKOS.related, CONCEPT.gamma) in graph
    assert (CONCEPT.gamma, SKOS.related, alpha) in graph
    assert graph.value(CONCEPT.gamma, DCTERMS.type) == OWN.authorisation
    assert graph.value(CONCEPT.gamma, ADMS.status) == OWN.draft
    assert (graph.value(old, OWL.deprecated), graph.value(old, DCTERMS.isReplacedBy)) == (
        Literal(True),
        CONCEPT.beta,
    )
    assert graph.value(old, SKOS.changeNote) == Literal("1.1.0 : Doublon de beta.", "fr")
    assert graph.value(URIRef(BASE), OWL.versionInfo) == Literal("1.1.0")
    assert set(graph.objects(URIRef(f"{BASE}domain/upstream"), SKOS.member)) == {
        CONCEPT.alpha, CONCEPT.beta, CONCEPT.gamma, CONCEPT.old,
    }  # fmt: skip
    assert set(graph.subjects(SKOS.topConceptOf, URIRef(BASE))) == {CONCEPT.beta, CONCEPT.gamma, CONCEPT.old}


@JSON_LD_READER
@pytest.mark.parametrize("name", ["turtle", "json-ld"])
def test_what_is_written_reads_back_as_the_same_graph(folder, name):
    graph = graph_of(folder)

    again = Graph().parse(data=serialise(graph, name), format=name)

    assert isomorphic(graph, again)
    assert violations(again) == []


def test_json_ld_needs_no_context_from_elsewhere(folder):
    content = json.loads(serialise(graph_of(folder), "json-ld"))

    assert isinstance(content["@context"], dict)
    assert {one["@id"] for one in content["@graph"]} >= {"c:alpha", "c:"}


@JSON_LD_READER
def test_texts_that_turtle_and_json_must_escape_survive(folder):
    nasty = 'il dit "non" \\ à l\'oblique, <b>gras</b> & ✓ 中文'
    path = folder / "02-upstream.yaml"
    path.write_text(
        path.read_text("utf-8").replace("[premier]", f"[{json.dumps(nasty, ensure_ascii=False)}]"), "utf-8"
    )
    graph = graph_of(folder)

    for name in ("turtle", "json-ld"):
        again = Graph().parse(data=serialise(graph, name), format=name)
        assert (CONCEPT.alpha, SKOS.altLabel, Literal(nasty, "fr")) in again


def test_one_concept_conforms_though_its_links_lead_out(folder):
    graph = graph_of(folder, only=["alpha", "nowhere"])

    assert set(graph.subjects(RDF.type, SKOS.Concept)) == {CONCEPT.alpha}
    assert (CONCEPT.alpha, SKOS.related, CONCEPT.gamma) in graph
    assert violations(graph) == []


def test_a_text_that_is_the_preferred_label_is_told_once(tmp_path):
    write_scheme(tmp_path)
    text = skill_text("alpha", "acronyms: [ATEX]").replace("alpha en", "ATEX")
    graph = graph_of(write_domain(tmp_path, text))

    assert set(graph.objects(CONCEPT.alpha, SKOS.altLabel)) == {Literal("ATEX", "fr")}
    assert violations(graph) == []


# --- The shapes: each is broken by a graph of its own.
def without(predicate, subject=CONCEPT.alpha):
    return lambda graph: graph.remove((subject, predicate, None))


def adding(*triples):
    def add(graph):
        for triple in triples:
            graph.add(triple)

    return add


def instead(predicate, value, subject=CONCEPT.alpha):
    return lambda graph: graph.set((subject, predicate, value))


SCHEME, UPSTREAM = URIRef(BASE), URIRef(f"{BASE}domain/upstream")
ALPHA, BETA, OLD = CONCEPT.alpha, CONCEPT.beta, CONCEPT.old
ROME = URIRef("urn:rome:ogr:123456")
FRENCH, ENGLISH, GERMAN = (Literal("alpha " + code, code) for code in ("fr", "en", "de"))

# What is refused, with the graphs that it refuses by what is wrong with them.
BREAKS = {
    "le schéma porte un titre français et un titre anglais": {"no title": without(DCTERMS.title, SCHEME)},
    "le schéma porte une version sémantique": {
        "two figures": instead(OWL.versionInfo, Literal("1.1"), SCHEME),
        "two versions": adding((SCHEME, OWL.versionInfo, Literal("1.2.0"))),
    },
    "le schéma dit sa licence": {
        "no licence": without(DCTERMS.license, SCHEME),
        "a licence that is a text": instead(DCTERMS.license, Literal("CC BY"), SCHEME),
    },
    "un concept n'est pas un schéma (S9)": {"both": adding((ALPHA, RDF.type, SKOS.ConceptScheme))},
    "un concept est dans un schéma": {
        "no scheme": without(SKOS.inScheme),
        "a scheme from elsewhere": instead(SKOS.inScheme, URIRef("https://ailleurs.test/")),
    },
    "un concept porte un code": {
        "no code": without(SKOS.notation),
        "a code in capitals": instead(SKOS.notation, Literal("Alpha")),
    },
    "un libellé préféré français et un anglais, un seul par langue (S14)": {
        "one language": lambda graph: graph.remove((ALPHA, SKOS.prefLabel, ENGLISH)),
        "two French labels": adding((ALPHA, SKOS.prefLabel, Literal("encore", "fr"))),
        "a German label": adding((ALPHA, SKOS.prefLabel, GERMAN)),
        "an empty label": instead(SKOS.prefLabel, Literal("", "fr")),
    },
    "un libellé préféré n'est pas aussi un autre libellé (S13)": {
        "one text": adding((ALPHA, SKOS.altLabel, FRENCH))
    },
    "un libellé préféré n'est pas aussi un libellé caché (S13)": {
        "one text": adding((ALPHA, SKOS.hiddenLabel, FRENCH))
    },
    "un autre libellé n'est pas aussi un libellé caché (S13)": {
        "one text": adding((ALPHA, SKOS.hiddenLabel, Literal("premier", "fr")))
    },
    "un autre libellé est en français ou en anglais": {
        "no language": adding((ALPHA, SKOS.altLabel, Literal("mot")))
    },
    "un libellé caché est en français ou en anglais": {
        "German": adding((ALPHA, SKOS.hiddenLabel, Literal("Wort", "de")))
    },
    "une définition française et une anglaise": {"none": without(SKOS.definition)},
    "un concept dit son type": {"none": without(DCTERMS.type)},
    "un concept dit son état": {"none": without(ADMS.status)},
    "un lien mène à une adresse": {
        "to a text": adding((ALPHA, SKOS.closeMatch, Literal("123456"))),
        "to nothing named": adding((ALPHA, SKOS.related, BNode())),
    },
    "un voisin n'est pas plus large, ni de près ni de loin (S27)": {
        "near": adding((ALPHA, SKOS.related, BETA))
    },
    "un voisin n'est pas plus étroit, ni de près ni de loin (S27)": {
        "near": adding((BETA, SKOS.related, ALPHA)),
        "from afar": adding((BETA, SKOS.broader, OLD), (OLD, SKOS.related, ALPHA)),
    },
    "exact et plus large ne vont pas ensemble (S46)": {"both": adding((ALPHA, SKOS.broadMatch, ROME))},
    "exact et plus étroit ne vont pas ensemble (S46)": {"both": adding((ALPHA, SKOS.narrowMatch, ROME))},
    "exact et voisin ne vont pas ensemble (S46)": {"both": adding((ALPHA, SKOS.relatedMatch, ROME))},
    "un concept retiré a une remplaçante et une seule": {"two": adding((OLD, DCTERMS.isReplacedBy, ALPHA))},
    "un concept retiré, et lui seul, nomme sa remplaçante": {
        "retired for none": without(DCTERMS.isReplacedBy, OLD),
        "in use and replaced": adding((ALPHA, DCTERMS.isReplacedBy, BETA)),
    },
    "un concept n'est pas plus large que lui-même": {
        "itself": adding((BETA, SKOS.broader, BETA)),
        "by another one": adding((BETA, SKOS.broader, ALPHA)),
    },
    "un concept ne se remplace pas lui-même": {
        "by another one": adding((BETA, OWL.deprecated, Literal(True)), (BETA, DCTERMS.isReplacedBy, OLD))
    },
    "un lien mène à un concept du référentiel, et celui-ci n'y est pas": {
        "wider": adding((BETA, SKOS.broader, CONCEPT.nowhere)),
        "neighbour": adding((BETA, SKOS.related, CONCEPT.nowhere)),
        "replacement": instead(DCTERMS.isReplacedBy, CONCEPT.nowhere, OLD),
    },
    "un domaine porte un libellé français et un anglais": {
        "one language": lambda graph: graph.remove((UPSTREAM, SKOS.prefLabel, Literal("Upstream", "en")))
    },
    "un domaine contient des concepts": {"something else": adding((UPSTREAM, SKOS.member, CONCEPT.nowhere))},
}
CASES = [
    pytest.param(change, reason, id=f"{reason} - {name}")
    for reason, graphs in BREAKS.items()
    for name, change in graphs.items()
]


@pytest.mark.parametrize(("change", "reason"), CASES)
def test_a_broken_graph_is_refused_with_its_reason(folder, change, reason):
    graph = graph_of(folder)
    change(graph)

    found = violations(graph)

    assert any(f" : {reason}" in line for line in found), found
    assert all(line.startswith("http") for line in found)


def test_every_message_of_the_shapes_is_tried():
    shapes = Graph().parse(SHAPES, format="turtle")

    assert {str(message) for message in shapes.objects(None, SH.message)} == set(BREAKS)


# --- Tables
NASTY = [
    'il dit "non"',
    "a | b",
    "fin \\",
    "\\| déjà",
    "point-virgule ; virgule, tabulation",
    "=1+1",
    "l'œuvre « à part »",
]


def values(cell):
    """A cell of several values, read as docs/formats/referential.md says."""
    return [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"(?:[^|\\]|\\.)+", cell)]


@pytest.mark.django_db
def test_csv_and_json_keep_every_text(folder):
    skill = SkillFactory(code="alpha", definition_fr='Une "définition"\nsur deux lignes ; avec | et , et \\.')
    for place, text in enumerate(NASTY):
        kind = (LabelKind.ALTERNATIVE, LabelKind.HIDDEN)[place % 2]
        SkillLabel.objects.create(skill=skill, kind=kind, language="fr", text=text)
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ACRONYM, text="P|V", context=["a|b", "réunion"])
    SkillLevel.objects.create(skill=skill, level=2, descriptor_fr="Fait | refait.", descriptor_en="Does.")
    SkillMapping.objects.create(skill=skill, scheme="esco", code=ESCO, match="close")
    files = stored_referential()

    (row,) = csv.DictReader(io.StringIO(as_csv(files), newline=""))
    (found,) = json.loads(as_json(files, read_history(folder).scheme))["skills"]

    assert {*values(row["alternative_fr"]), *values(row["hidden_fr"])} == {*NASTY}
    assert {*found["alternative"]["fr"], *found["hidden"]["fr"]} == {*NASTY}
    assert (
        row["definition_fr"]
        == found["definition"]["fr"]
        == 'Une "définition" sur deux lignes ; avec | et , et \\.'
    )
    assert values(row["acronyms"]) == ["P|V"]
    assert values(row["acronym_contexts"]) == ["P|V=a|b", "P|V=réunion"]
    assert found["acronyms"] == [{"text": "P|V", "context": ["a|b", "réunion"]}]
    assert values(row["levels_fr"]) == ["2 Fait | refait."]
    assert found["levels"] == {"2": {"fr": "Fait | refait.", "en": "Does."}}
    assert (row["esco"], found["esco"]) == (f"close {ESCO}", [{"uri": ESCO, "match": "close"}])


def test_csv_has_one_line_a_skill_and_every_column(folder):
    rows = list(csv.DictReader(io.StringIO(as_csv(read_referential(folder)))))

    assert tuple(rows[0]) == COLUMNS
    assert [row["code"] for row in rows] == ["alpha", "beta", "gamma", "old"]
    alpha, beta, gamma, old = rows
    assert (alpha["type"], alpha["domain"], alpha["broader"], alpha["related"]) == (
        "know-how",
        "upstream",
        "beta",
        "gamma",
    )
    assert (alpha["modalities"], alpha["levels_en"]) == ("vaccines|cell-therapy", "2 Does.|4 Designs.")
    assert alpha["rome"] == "exact 123456|broad 123457"
    assert (beta["esco"], beta["rome"], gamma["esco"]) == ("none", "none", "")
    assert (gamma["status"], old["status"], old["replaced_by"]) == ("draft", "deprecated", "beta")


def test_json_says_the_scheme_its_domains_and_the_other_senses(folder):
    content = json.loads(as_json(read_referential(folder), read_history(folder).scheme))

    assert (content["uri"], content["version"], content["title"]["en"]) == (BASE, "1.1.0", "Referential")
    assert [(one["code"], one["position"]) for one in content["domains"]] == [
        ("upstream", 2),
        ("downstream", 2),
    ]
    assert content["acronym_senses"] == [
        {"acronym": "PV", "meaning": {"fr": "procès-verbal", "en": "procès-verbal"}, "context": ["réunion"]}
    ]
    assert content["skills"][1]["esco"] == "none"
    assert "esco" not in content["skills"][2]


# --- Source files
def test_files_written_from_files_are_the_same_referential(folder, tmp_path):
    files = read_referential(folder)

    written = write_source_files(files, tmp_path / "again")

    again = read_referential(tmp_path / "again")
    assert again.errors == []
    assert referential_changes(files, again) == []
    assert [path.name for path in written] == [
        "02-upstream.yaml",
        "02-downstream.yaml",
        "acronym-senses.yaml",
    ]


YAML_TRAPS = [
    *NASTY, "no", "null", "~a", "1.0", "2026-11-25", "0x1F", "- tiret", "# dièse", "clé: valeur", "avant # après",
    "'apostrophe", "@arobase", "%pour cent", "&ancre", "*alias", "!balise", "[crochet]", "{accolade}", "`accent", "> plié",
    "? question", "fin :", "x" * 200,
    "long " * 30 + "texte : avec deux-points # et dièse", "中文", "emoji ✓ 🧪",
]  # fmt: skip


@pytest.mark.django_db
def test_what_editors_wrote_loads_back_as_it_was(folder, tmp_path):
    import_referential(folder, apply=True)
    skill = Skill.objects.get(code="alpha")
    for place, text in enumerate(YAML_TRAPS):
        kind = (LabelKind.ALTERNATIVE, LabelKind.HIDDEN)[place % 2]
        SkillLabel.objects.create(
            skill=skill, kind=kind, language=("fr", "en")[place % 3 % 2], text=text[:200].strip()
        )
    SkillLabel.objects.create(skill=skill, kind=LabelKind.ACRONYM, text="NO", context=["yes", "a: b", "été"])
    skill = Skill.objects.get(code="alpha")
    skill.definition_fr = 'Tenir :\n  - le pH,\r\n  - la "température" # et l\'oxygène ; ' + "mot " * 60
    skill.modalities = ["tissue-therapy", "vaccines"]
    skill.unmapped = ["rome", "esco"]
    skill.save()
    Domain.objects.filter(code="upstream").update(
        label_fr="Amont : culture\net récolte", definition_en="Growing: cells # all."
    )
    AcronymSense.objects.create(
        acronym="NO", meaning_fr="non : en anglais", meaning_en="no", context=["yes", "on", "été"]
    )
    SkillFactory(
        code="by-hand", label_fr="À la main", definition_fr="Être fait à la main.", definition_en="By hand."
    )

    write_source_files(stored_referential(), tmp_path / "again")

    again = read_referential(tmp_path / "again")
    assert [str(error) for error in again.errors] == []
    assert referential_changes(stored_referential(), again) == []
    (tmp_path / "again" / "scheme.yaml").write_text((folder / "scheme.yaml").read_text("utf-8"), "utf-8")
    report = import_referential(tmp_path / "again", apply=True)
    assert [change.code for change in report.changes if change.kind == "compétence"] == []
    assert report.errors == []
    assert referential_changes(stored_referential(), again) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"live": False}, ("draft", "")),
        ({"status": "deprecated", "replaced_by": "beta"}, ("deprecated", "beta")),
        ({"status": "deprecated", "replaced_by": "beta", "live": False}, ("deprecated", "beta")),
        ({"replaced_by": "beta"}, ("published", "")),
    ],
    ids=["unpublished", "retired", "retired then unpublished", "in use with a replacement"],
)
def test_every_state_of_a_skill_is_one_that_the_files_admit(folder, tmp_path, fields, status):
    import_referential(folder, apply=True)
    skill = Skill.objects.get(code="alpha")
    for name, value in fields.items():
        setattr(skill, name, Skill.objects.get(code=value) if name == "replaced_by" else value)
    skill.save()

    write_source_files(stored_referential(), tmp_path / "again")

    again = read_referential(tmp_path / "again")
    assert again.errors == []
    assert (again.skills["alpha"].status, again.skills["alpha"].replaced_by) == status


def test_what_is_left_of_former_files_is_named(folder, tmp_path):
    target = write_scheme(tmp_path / "again")
    write_domain(target, skill_text("alpha"), name="07-former.yaml")

    written = write_source_files(read_referential(folder), target)

    assert other_files(target, written) == [target / "07-former.yaml"]


@pytest.mark.django_db
def test_the_database_is_read_in_eight_queries(folder, django_assert_num_queries):
    import_referential(folder, apply=True)

    with django_assert_num_queries(8):
        files = stored_referential()

    assert referential_changes(read_referential(folder), files) == []
    assert stored_version() == "1.1.0"

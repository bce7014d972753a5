"""The figures of the referential are those of the skills in use."""

from skills.concept_files.parsing import read_referential
from skills.concept_files.statistics import greatest_overlap, statistics
from tests.skills.concept_files.folders import write_senses
from tests.skills.factories import DOMAIN_TEXT, skill_text, write_domain

ESCO = "http://data.europa.eu/esco/skill/11111111-2222-3333-4444-555555555555"


def test_every_figure_is_counted_on_what_is_published(tmp_path):
    write_domain(
        tmp_path,
        skill_text(
            "alpha",
            "alternative: {fr: [un, deux], en: [one]}",
            "hidden: {fr: [faute]}",
            "acronyms: [AL, {text: PV, context: [effets]}]",
            "modalities: [vaccines, cell-therapy]",
            "levels: {2: {fr: Fait., en: Does.}}",
            "broader: [beta]",
            "related: [gamma]",
            f'esco: [{{uri: "{ESCO}", match: broad}}]',
            'rome: [{code: "123456", match: related}]',
        ),
        skill_text(
            "beta",
            "related: [gamma]",
            "esco: none",
            'rome: [{code: "123456", match: exact}]',
            kind="knowledge",
        ),
        skill_text(
            "gamma", "related: [beta]", "alternative: {fr: [trois, quatre], en: []}", kind="authorisation"
        ),
        skill_text("old", "status: deprecated", "replaced_by: beta", "acronyms: [OL]"),
        skill_text("new", "status: draft", "acronyms: [NE]"),
    )
    write_domain(tmp_path, domain=DOMAIN_TEXT.replace("upstream", "downstream"), name="03-downstream.yaml")
    write_senses(tmp_path, ("PV", "procès-verbal", "réunion"))

    files = read_referential(tmp_path)

    assert files.errors == []
    assert statistics(files) == {
        "skills": 3,
        "drafts": 1,
        "retired": 1,
        "domains": 2,
        "by_domain": {"upstream": 3},
        "by_type": {"know-how": 1, "knowledge": 1, "authorisation": 1},
        "by_modality": {"all": 2, "vaccines": 1, "cell-therapy": 1},
        "for_some_modalities_only": 1,
        "texts": 2 * 3 + 6 + 2,
        "with_3_alternatives_or_acronyms": 1,
        "with_level_descriptors": 1,
        "acronyms": 2,
        "acronyms_read_in_context": 1,
        "other_senses_of_acronyms": 1,
        "broader_links": 1,
        "related_links": 2,
        "mapped_to_esco": 1,
        "mapped_to_rome": 1,
        "mapped_to_either": 2,
        "mappings_by_match": {"esco": {"broad": 1}, "rome": {"related": 1, "exact": 1}},
        "none_said": {"esco": 1, "rome": 0},
    }


def test_the_greatest_overlap_is_that_of_the_smaller_job():
    jobs = {
        "one": frozenset("abcd"),
        "other": frozenset("ab"),
        "third": frozenset("dxyz"),
        "empty": frozenset(),
    }

    assert greatest_overlap(jobs) == (1.0, "one", "other")
    assert greatest_overlap({}) == (0.0, "", "")

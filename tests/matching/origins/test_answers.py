"""From a title to our skills, on rows of the database: what is found, what it brings, and by which path."""

import pytest

from matching.errors import UnknownOrigin
from matching.origins.answers import answer_title, attributions, skills_brought
from matching.origins.title_tables import find_candidate
from matching.origins.titles import find_origins
from matching.referential import load_referential
from skills.models import EscoOccupation, RomeCompetence, RomeJobCompetence, SkillMapping
from tests.matching.origins.factories import (
    LEFT,
    add_competence,
    link_esco,
    make_certification,
    make_diploma,
    make_diploma_training,
    make_occupation,
    make_rome_job,
    make_rome_title,
    make_sheet,
    map_skill,
    release,
    uri,
)
from tests.skills.factories import SkillFactory
from training.models import CertificationSuccession, DiplomaPassage

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    """A ROME title of a job that asks for a competence that is ours, at its core."""
    map_skill("batch-documentation", "close", "1001")
    job = make_rome_job("H2303", "Opérateur / Opératrice de fabrication", ("1001", "Principale"))
    return make_rome_title("17090", "Opérateur / Opératrice de fabrication en industrie pharmaceutique", job)


def brought(key: str, language: str = "fr"):
    return skills_brought(find_candidate(key), language)


def levels(equivalence) -> dict[str, int]:
    return {one.skill: one.level for one in equivalence.skills}


def relations(one) -> list[list[str]]:
    return [[step.relation for step in path] for path in one.paths]


# ---------- what a person gives ----------


def test_title_when_typed_in_the_feminine_then_is_found(operator):
    found = find_origins("opératrice de fabrication en industrie pharmaceutique (H/F)")
    assert (found.chosen.kind, found.chosen.code, found.chosen.likeness) == ("rome-title", "17090", 1)


def test_title_when_it_may_mean_several_then_none_is_chosen(operator):
    make_rome_title("2", "Opérateur / Opératrice de fabrication en parfumerie", operator.job)
    found = find_origins("opérateur de fabrication")
    assert found.chosen is None
    assert [one.code for one in found.candidates] == ["2", "17090"]


def test_title_when_the_same_in_a_job_and_a_diploma_then_none_is_chosen(operator):
    make_rome_title("2", "Coiffeur / Coiffeuse", operator.job)
    make_certification("RNCP1", "Coiffeur")
    found = find_origins("coiffeuse")
    assert found.chosen is None
    assert {one.kind for one in found.candidates} == {"rome-title", "certification"}
    assert find_origins("coiffeuse", ("certification",)).chosen.code == "RNCP1"


def test_title_when_a_diploma_is_called_like_a_job_then_none_is_chosen(operator):
    make_rome_title("2", "Technicien / Technicienne de laboratoire dentaire", operator.job)
    make_certification("RNCP1", "Technicien de laboratoire")
    assert find_origins("technicienne de laboratoire").chosen is None
    make_rome_title("3", "Technicien / Technicienne de laboratoire", operator.job)
    make_certification("RNCP2", "Technicien de laboratoire dentaire et optique")
    assert find_origins("technicien de laboratoire dentaire").chosen.code == "2"


def test_title_when_the_same_in_rome_and_esco_then_rome_is_taken(operator):
    make_rome_title("2", "Biochimiste", operator.job)
    make_occupation(1, "biochimiste")
    assert find_origins("biochimiste").chosen.kind == "rome-title"


def test_title_when_another_name_of_an_occupation_then_says_which():
    make_occupation(
        1, "pharmacien dans l’industrie", alternative_fr="pharmacien industriel\npharmacienne de site"
    )
    (one,) = find_origins("pharmacienne industrielle").candidates
    assert (one.title_fr, one.other_name) == ("pharmacien dans l’industrie", "pharmacien industriel")


def test_candidates_when_retired_or_withdrawn_then_are_marked_and_last(operator):
    make_occupation(1, "opérateur de fabrication", is_retired=True)
    make_rome_title("2", "Opérateur / Opératrice de fabrication", operator.job, withdrawn_on=LEFT)
    make_certification("RNCP1", "Opérateur de fabrication", is_active=False)
    found = find_origins("opérateur de fabrication")
    assert [one.status for one in found.candidates] == ["", "withdrawn", "retired", "inactive"]
    assert found.chosen is None
    make_rome_title("3", "Opérateur / Opératrice de fabrication", operator.job)
    assert find_origins("opérateur de fabrication").chosen.code == "3"


def test_candidates_are_bounded_and_short_titles_come_first(operator):
    for number in range(40):
        make_rome_title(f"{number}", f"Technicien / Technicienne {'x' * number}a {number}b", operator.job)
    make_rome_title("99", "Technicien / Technicienne", operator.job)
    found = find_origins("technicien")
    assert len(found.candidates) == 20
    assert found.chosen.code == "99"


@pytest.mark.parametrize(
    "text",
    ["operateur de fabricaton en industrie pharmaceutique", "opérateur fabrication pharmaceutique industie"],
)
def test_title_when_a_word_is_misspelt_then_is_found(operator, text):
    assert [one.code for one in find_origins(text).candidates] == ["17090"]


def test_word_when_it_is_only_another_name_then_is_not_chosen(operator):
    make_occupation(1, "réparateur de radios", alternative_fr="technicien")
    found = find_origins("technicienne")
    assert (found.chosen, [one.other_name for one in found.candidates]) == (None, ["technicien"])


def test_other_name_when_another_title_has_all_its_words_then_is_not_chosen(operator):
    make_occupation(1, "gestionnaire de projet", alternative_fr="chef de projet")
    assert find_origins("cheffe de projet").chosen.kind == "esco-occupation"
    make_rome_title("2", "Chef / Cheffe de projet informatique", operator.job)
    assert find_origins("cheffe de projet").chosen is None


def test_word_when_it_begins_titles_of_many_other_jobs_then_is_not_chosen(operator):
    make_rome_title("2", "Pharmacien / Pharmacienne", operator.job)
    for number in range(3):
        assert find_origins("pharmacienne").chosen.code == "2"
        job = make_rome_job(f"J110{number}", f"Métier {number}")
        make_rome_title(f"1{number}", f"Pharmacien / Pharmacienne de sorte {number}", job)
    assert find_origins("pharmacienne").chosen is None
    assert find_origins("pharmacienne de sorte 1").chosen.code == "11"


def test_english_word_when_it_ends_titles_of_many_other_jobs_then_is_not_chosen():
    for number, label in enumerate(("chef", "sushi chef", "pastry chef", "head chef", "boat")):
        make_occupation(number, f"métier {number}", label_en=label)
        EscoOccupation.objects.filter(label_en=label).update(code=f"{3110 + number}.1")
    assert find_origins("chef").chosen is None
    assert find_origins("sushi chef").chosen.title_en == "sushi chef"


def test_longer_title_is_chosen_only_when_nothing_else_has_the_words(operator):
    make_certification("RNCP1", "Opérateur en biotechnologies Chimie verte")
    assert find_origins("opératrice en biotechnologie").chosen.code == "RNCP1"
    make_diploma(1, "DU diplôme de spécialisation professionnelle opérateur en biotechnologies")
    assert find_origins("opératrice en biotechnologie").chosen is None


def test_word_of_many_titles_is_never_corrected(operator):
    make_rome_title("1", "Serreur / Serreuse de boulons", operator.job)
    assert [one.code for one in find_origins("serveur de boulons").candidates] == ["1"]
    for number in range(3):
        make_rome_title(f"2{number}", f"Serveur / Serveuse de salle {number}", operator.job)
    assert find_origins("serveur de boulons").candidates == ()
    assert "1" not in {one.code for one in find_origins("serveur").candidates}


def test_word_alone_when_misspelt_is_proposed_not_chosen(operator):
    make_rome_title("2", "Coiffeur / Coiffeuse", operator.job)
    found = find_origins("coifeur")
    assert (found.chosen, [one.code for one in found.candidates]) == (None, ["2"])


@pytest.mark.parametrize("text", ["BTSA anabiotec", "btsa ANABIOTEC"])
def test_diploma_is_found_by_its_acronym_after_its_type(text):
    make_diploma(1, "BTSA analyses biologiques et biotechnologiques", acronym="ANABIOTEC")
    make_diploma(2, "BTSA agronomie")
    found = find_origins(text)
    assert (found.chosen.code, found.chosen.other_name) == ("FOR.1", "ANABIOTEC")
    assert [one.code for one in find_origins("anabiotec").candidates] == ["FOR.1"]
    assert [one.other_name for one in find_origins("BTSA").candidates] == ["", ""]


def test_number_when_rome_and_the_registers_have_it_then_all_are_listed(operator):
    make_certification("RNCP17090", "BTS")
    make_certification("RS17090", "TOEIC")
    found = find_origins("17090")
    assert found.chosen is None
    assert [one.code for one in found.candidates] == ["17090", "RNCP17090", "RS17090"]


def test_title_when_words_are_too_many_then_is_proposed_not_chosen(operator):
    found = find_origins("opérateur de fabrication pharmaceutique chez Dupont")
    assert (found.chosen, [one.code for one in found.candidates]) == (None, ["17090"])
    assert find_origins("opérateur Dupont").candidates == ()


@pytest.mark.parametrize("text", ["", "   ", "de la", "\x00", "\ud800", "😀", "zzz", "%", "_", "'; --", "\\"])
def test_text_when_nothing_comes_near_then_abstains_and_says_what_to_try(operator, text):
    answer = answer_title(text)
    assert answer.abstained
    assert "moins de mots" in answer.message
    assert "fewer words" in answer_title(text, language="en").message


def test_code_of_each_source_is_found(operator):
    occupation = make_occupation(1, "biochimiste")
    make_diploma(12, "BTS biotechnologies")
    make_certification("RNCP7", "BTS Biotechnologies")
    for text, key in [
        ("H2303", "rome-job:H2303"),
        ("h2303", "rome-job:H2303"),
        ("17090", "rome-title:17090"),
        (occupation.uri, f"esco-occupation:{occupation.uri}"),
        ("3111.1", f"esco-occupation:{occupation.uri}"),
        ("for.12", "diploma:FOR.12"),
        ("rncp 7", "certification:RNCP7"),
    ]:
        assert find_origins(text).chosen.key == key
        assert find_candidate(key).key == key


def test_number_when_only_certifications_are_asked_then_is_theirs():
    make_certification("RNCP38883", "BTS")
    assert find_origins("38883", ("certification",)).chosen.code == "RNCP38883"


@pytest.mark.parametrize(
    "text", ["Z9999", "99999", "RNCP1", "FOR.1", "9999.1", uri("occupation", 9), "x" * 201]
)
def test_code_when_unknown_then_is_refused(operator, text):
    with pytest.raises(UnknownOrigin):
        find_origins(text)


@pytest.mark.parametrize(
    "key", ["", "rome-title", "rome-title:", "other:1", "rome-title:1\x00", "diploma:" + "x" * 300]
)
def test_candidate_when_the_key_is_none_of_ours_then_is_none(operator, key):
    assert find_candidate(key) is None


# ---------- what it brings ----------


def test_rome_title_brings_the_competences_of_its_job_with_the_path(operator):
    (one,) = brought("rome-title:17090").skills
    assert (one.skill, one.level, one.strength) == ("batch-documentation", 2, "strong")
    (path,) = one.paths
    assert [(step.kind, step.code, step.relation) for step in path] == [
        ("rome-title", "17090", ""),
        ("rome-job", "H2303", "title-of"),
        ("rome-competence", "1001", "core"),
        ("skill", "batch-documentation", "close"),
    ]
    assert {step.source for step in path[:-1]} == {"rome"}
    assert relations(brought("rome-job:H2303").skills[0]) == [["", "core", "close"]]


def test_rome_job_when_a_competence_is_a_licence_then_it_brings_nothing(operator):
    RomeCompetence.objects.update(is_licence=True)
    assert brought("rome-title:17090").abstained


def test_level_follows_how_much_the_job_needs_it_and_the_mapping(operator):
    for number, (core, match) in enumerate(
        [("Principale", "exact"), ("", "exact"), ("Émergente", "close"), ("Principale", "narrow")]
    ):
        map_skill(f"skill-{number}", match, f"{number}")
        add_competence(operator.job, f"{number}", core)
    for number, match in enumerate(("broad", "related"), start=10):
        map_skill(f"unsure-{number}", match, f"{number}")
        add_competence(operator.job, f"{number}", "Principale")
    found = brought("rome-title:17090")
    assert levels(found) == {"batch-documentation": 2, "skill-0": 2, "skill-1": 1, "skill-2": 1, "skill-3": 1}
    assert [one.skill for one in found.to_check] == ["unsure-10", "unsure-11"]


def test_rome_title_goes_on_to_esco_where_france_travail_says_so(operator):
    for number, match in enumerate(("exact", "close", "broad"), start=1):
        map_skill(f"skill-{number}", "exact", uri("skill", number))
        link_esco(operator, make_occupation(number, f"métier {number}", (number, "essential")), match)
    found = brought("rome-title:17090")
    assert levels(found) == {"batch-documentation": 2, "skill-1": 2, "skill-2": 1}
    assert [one.skill for one in found.to_check] == ["skill-3"]


def test_rome_title_when_esco_has_the_same_words_then_the_link_counts(operator):
    map_skill("skill-1", "exact", uri("skill", 1))
    same = "opérateur de fabrication en industrie pharmaceutique/opératrice de fabrication en industrie pharmaceutique"
    link_esco(operator, make_occupation(1, same, (1, "essential")), "broad")
    assert levels(brought("rome-title:17090"))["skill-1"] == 1


def test_esco_occupation_brings_its_skills_even_retired():
    for number in (1, 2):
        map_skill(f"skill-{number}", "exact", uri("skill", number))
    occupation = make_occupation(1, "métier", (1, "essential"), (2, "optional"), is_retired=True)
    found = brought(f"esco-occupation:{occupation.uri}")
    assert levels(found) == {"skill-1": 2}
    assert [one.skill for one in found.to_check] == ["skill-2"]
    assert found.origin.status == "retired"
    assert {path[0].status for one in found.skills for path in one.paths} == {"retired"}


def test_skill_reached_by_several_paths_keeps_them_the_best_first(operator):
    map_skill("sampling", "close", "2")
    map_skill("other", "exact", "3")
    SkillMapping.objects.create(skill=SkillFactory(code="sampling"), scheme="rome", code="3", match="exact")
    add_competence(operator.job, "2", "")
    add_competence(operator.job, "3", "Principale")
    one = next(one for one in brought("rome-title:17090").skills if one.skill == "sampling")
    assert relations(one) == [["", "title-of", "core", "exact"], ["", "title-of", "other", "close"]]


def test_withdrawn_rows_are_marked_and_a_dropped_link_is_only_to_check(operator):
    RomeJobCompetence.objects.update(withdrawn_on=LEFT)
    found = brought("rome-title:17090")
    assert found.abstained
    assert found.to_check[0].paths[0][2].status == "dropped"
    RomeCompetence.objects.update(withdrawn_on=LEFT)
    (one,) = brought("rome-title:17090").skills
    assert (one.level, one.strength, one.paths[0][2].status) == (2, "fair", "withdrawn")


def test_skill_when_not_published_then_is_not_brought(operator):
    SkillFactory(code="batch-documentation")
    load_referential()
    skill = SkillFactory(code="batch-documentation")
    skill.live = False
    skill.save()
    assert brought("rome-title:17090").abstained


def test_title_when_no_mapping_leads_to_ours_then_abstains(operator):
    make_rome_title("2", "Avocat / Avocate", make_rome_job("K1903", "Avocat", ("9", "Principale")))
    answer = answer_title("avocat")
    assert answer.abstained
    assert answer.equivalence.skills == answer.equivalence.to_check == ()
    assert "nous n'affirmons rien" in answer.message


# ---------- diplomas ----------


def test_diploma_brings_what_its_training_teaches(operator):
    diploma = make_diploma(12, "BTS biotechnologies")
    make_diploma_training("bts-biotechnologies", SkillFactory(code="cell-culture"), diploma=diploma)
    make_sheet(1, "opérateur", diploma, "H2303")
    (one,) = brought("diploma:FOR.12").skills
    assert (one.skill, one.level, one.strength) == ("cell-culture", 3, "strong")
    assert relations(one) == [["", "prepared-by", "teaches"]]


@pytest.mark.parametrize(
    "values",
    [{"live": False}, {"is_demonstration": True}, {"origin": "suggested"}],
    ids=lambda one: next(iter(one)),
)
def test_diploma_when_its_training_proves_nothing_then_its_jobs_are_asked(operator, values):
    diploma = make_diploma(12, "BTS biotechnologies")
    make_diploma_training("bts", SkillFactory(code="cell-culture"), diploma=diploma, **values)
    make_sheet(1, "opérateur/trice", diploma, "H2303")
    (one,) = brought("diploma:FOR.12").skills
    assert (one.skill, one.level, one.strength) == ("batch-documentation", 1, "fair")
    assert relations(one) == [["", "leads-to", "described-by", "core", "close"]]


def test_diploma_when_a_competence_is_not_at_the_core_of_its_job_then_is_only_to_check(operator):
    RomeJobCompetence.objects.update(core="")
    make_sheet(1, "opérateur/trice", make_diploma(12, "BTS"), "H2303")
    found = brought("diploma:FOR.12")
    assert found.abstained
    assert [one.skill for one in found.to_check] == ["batch-documentation"]


def test_certification_brings_by_its_training_its_diploma_its_successor_or_its_jobs(operator):
    skill = SkillFactory(code="cell-culture")
    certification = make_certification("RNCP7", "BTS Biotechnologies", rome_codes="H2303 H9999")
    assert relations(brought("certification:RNCP7").skills[0]) == [["", "leads-to", "core", "close"]]

    successor = make_certification("RNCP8", "BTS Biotechnologies 2024")
    CertificationSuccession.objects.create(old_code="RNCP7", new_code="RNCP8", release=release("rncp-kit"))
    training = make_diploma_training("bts", skill)
    training.certifications.set([successor])
    training.save()
    (one,) = brought("certification:RNCP7").skills
    assert (one.skill, one.strength, relations(one)) == (
        "cell-culture", "fair", [["", "replaced-by", "prepared-by", "teaches"]],
    )  # fmt: skip

    make_diploma_training("bts-2", skill, diploma=make_diploma(12, "BTS", "RNCP7"))
    (one,) = brought("certification:RNCP7").skills
    assert relations(one)[0] == ["", "same-diploma", "prepared-by", "teaches"]

    other = make_diploma_training("bts-3", skill)
    other.certifications.set([certification])
    other.save()
    assert relations(brought("certification:RNCP7").skills[0])[0] == ["", "prepared-by", "teaches"]


def test_diploma_and_certification_meet_by_the_table_of_passage():
    make_diploma(12, "BTS")
    certification = make_certification("RNCP7", "BTS")
    DiplomaPassage.objects.create(
        certifinfo_id="1", title="BTS", rncp_code="RNCP7", onisep_id="FOR.12", release=release("onisep")
    )
    training = make_diploma_training("bts", SkillFactory(code="cell-culture"))
    training.certifications.set([certification])
    training.save()
    assert relations(brought("diploma:FOR.12").skills[0]) == [["", "same-diploma", "prepared-by", "teaches"]]


# ---------- bounds ----------


def test_more_rows_cost_no_more_queries(operator, django_assert_max_num_queries):
    diploma = make_diploma(12, "BTS", "RNCP7")
    make_certification("RNCP7", "BTS")
    link_esco(operator, make_occupation(1, "métier 1", (1, "essential")), "exact")
    for number in range(2, 30):
        job = make_rome_job(f"H{1000 + number}", f"Métier {number}", ("1001", "Principale"))
        make_rome_title(f"{number}", f"Appellation {number}", job)
        make_sheet(number, f"fiche {number}", diploma, f"H{1000 + number}")
        make_diploma_training(
            f"formation-{number}", SkillFactory(code="other"), origin="suggested", diploma=diploma
        )
        link_esco(operator, make_occupation(number, f"métier {number}", (number, "optional")), "close")
    referential = load_referential()
    for key, most in {
        "rome-title:17090": 5,
        "rome-job:H2303": 2,
        "diploma:FOR.12": 9,
        "certification:RNCP7": 9,
    }.items():
        candidate = find_candidate(key)
        with django_assert_max_num_queries(most):
            skills_brought(candidate, "fr", referential)
    for text, most in {
        "opérateur de fabrication": 4,
        "fabricaton sur ligne automatisée": 16,
        "H2303": 1,
    }.items():
        with django_assert_max_num_queries(most):
            find_origins(text)


def test_sources_are_named_with_the_version_loaded(operator):
    assert attributions(brought("rome-title:17090").sources, "fr") == [
        "France Travail – ROME (version 4.60)."
    ]
    assert attributions(["esco"], "en") == [
        "This service uses the ESCO classification of the European Commission."
    ]


def test_labels_come_in_the_language_asked_for():
    map_skill("skill-1", "exact", uri("skill", 1))
    occupation = make_occupation(1, "métier", (1, "essential"))
    (one,) = brought(f"esco-occupation:{occupation.uri}", "en").skills
    assert [step.label for step in one.paths[0]] == ["occupation 1", "skill 1", "Skill skill-1"]


def test_without_the_open_data_the_answer_says_that_it_is_not_loaded(db):
    answer = answer_title("technicien de laboratoire")
    assert answer.equivalence is None
    assert "ne sont pas chargés" in answer.message
    make_occupation(1, "boulanger")
    assert "Aucun intitulé ne s'en approche" in answer_title("technicien de laboratoire").message

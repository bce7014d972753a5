"""ESCO and ROME go through the real commands, on extracts: rows, corrections, withdrawals, releases."""

import datetime as dt
import gzip
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from skills.models import (
    DataRelease,
    EscoOccupation,
    EscoSkill,
    EscoSkillGroup,
    IscoGroup,
    RomeCompetence,
    RomeContext,
    RomeJob,
    RomeSector,
    RomeTitle,
    SkillMapping,
)
from tests.jobs.factories import make_job_indexes, make_job_page
from tests.skills.extracts import counts, run_import, updated, without, write_esco, write_rome
from tests.skills.factories import SkillFactory

pytestmark = pytest.mark.django_db

SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
BATCH_RECORD = f"{SKILL}c438aa25-949e-47e6-a79c-a805d774946e"
RETIRED_SKILL = f"{SKILL}01267c89-b27f-4de0-b555-3683c5a5d66e"
OPERATOR = f"{OCCUPATION}c93d58bd-3aa6-4de4-812d-010542f1dec8"
ENGINEER = f"{OCCUPATION}01ffb917-98dc-48c1-91ad-93c4104e791d"
RETIRED_OCCUPATION = f"{OCCUPATION}6fe645b0-463a-445d-ab8f-c0a5132beb68"


def esco(folder, *options):
    return run_import("import_esco", folder, *options)


def rome(folder, *options):
    return run_import("import_rome", folder, *options)


@contextmanager
def nothing_written():
    """Whatever is asked of the database, none of it changes a row."""
    statements: list[str] = []

    def note(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield
    assert len(statements) > 10
    assert [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.fixture
def esco_loaded(tmp_path):
    folder = write_esco(tmp_path / "esco")
    assert esco(folder, "--apply")["exit"] == 0
    return folder


@pytest.fixture
def rome_loaded(esco_loaded, tmp_path):
    folder = write_rome(tmp_path / "rome")
    assert rome(folder, "--apply")["exit"] == 0
    return folder


class TestWhatIsLoaded:
    def test_a_dry_run_writes_nothing_and_announces_what_apply_does(self, tmp_path):
        for command, folder in (
            ("import_esco", write_esco(tmp_path / "esco")),
            ("import_rome", write_rome(tmp_path / "rome")),
        ):
            with nothing_written():
                announced = run_import(command, folder)
            done = run_import(command, folder, "--apply")
            assert counts(announced)[0] > 40
            assert (announced.pop("applied"), done.pop("applied")) == (False, True)
            # Links are named by what the dry run knows of their ends.
            names = [[change["code"] for change in told.pop("changes")] for told in (announced, done)]
            assert len(names[0]) == len(names[1])
            assert announced == done

    def test_a_dry_run_announces_a_second_delivery_as_apply_does(self, rome_loaded, tmp_path):
        folder = write_rome(
            tmp_path / "next",
            jobs=updated("code_rome", "H2303", libelle_rome="Autre intitulé"),
            titles=without("code_ogr", "38160"),
            esco=without("appellation_ogr", "38160", "17342"),
            job_contexts=without("code_rome", "I1321"),
        )
        with nothing_written():
            announced = rome(folder)
        done = rome(folder, "--apply")
        assert announced.pop("applied") is not done.pop("applied")
        assert announced == done
        assert counts(done) == (0, 1, 5)

    def test_every_row_is_there_and_says_where_it_comes_from(self, rome_loaded):
        models = (EscoSkill, EscoOccupation, EscoSkillGroup, IscoGroup)
        assert [model.objects.count() for model in models] == [15, 3, 11, 12]
        models = (RomeJob, RomeTitle, RomeCompetence, RomeContext, RomeSector)
        assert [model.objects.count() for model in models] == [4, 4, 12, 4, 7]
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        assert (occupation.isco_code, occupation.code) == ("8131", "8131.17")
        assert "/" in occupation.label_fr
        assert "\n" in occupation.alternative_en
        assert occupation.title_keys.splitlines()[0].startswith("operateur de fabrication en industrie")
        assert not RomeJob.objects.filter(definition__contains="''").exists()
        assert RomeSector.objects.get(code="naf-21").label == "Industrie pharmaceutique"

    def test_provenance_tells_source_version_date_licence_and_attribution(self, tmp_path):
        esco(write_esco(tmp_path / "esco"), "--apply", "--dated-on", "2026-03-01")
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        provenances = {provenance.field: provenance for provenance in occupation.provenances()}
        assert set(provenances) == set(occupation.given) >= {"label_fr", "description_fr", "is_retired"}
        told = provenances["label_fr"]
        assert (told.label, told.given, told.is_corrected) == (
            "libellé français",
            occupation.label_fr,
            False,
        )
        release = told.release
        assert (release.source, release.version, release.day) == (
            "esco",
            "1.1.1 et 1.2.1",
            dt.date(2026, 3, 1),
        )
        assert release.definition.licence == "Décision 2011/833/UE de la Commission"
        assert "ESCO" in release.definition.attribution("fr")
        assert str(release) == "ESCO 1.1.1 et 1.2.1 (01/03/2026)"

    def test_a_date_that_is_said_after_the_first_load_is_noted(self, esco_loaded):
        esco(esco_loaded, "--dated-on", "2026-03-01")
        assert DataRelease.objects.get().dated_on is None
        esco(esco_loaded, "--apply", "--dated-on", "2026-03-01")
        esco(esco_loaded, "--apply")
        release = DataRelease.objects.get()
        assert (release.version, release.dated_on) == ("1.1.1 et 1.2.1", dt.date(2026, 3, 1))

    def test_what_esco_retired_is_marked_and_not_withdrawn(self, esco_loaded):
        for model, uri in ((EscoSkill, RETIRED_SKILL), (EscoOccupation, RETIRED_OCCUPATION)):
            (retired,) = model.objects.filter(is_retired=True)
            assert (retired.uri, retired.versions, retired.withdrawn_on) == (uri, "1.1.1", None)

    def test_diplomas_among_competences_are_told_apart(self, rome_loaded):
        licences = RomeCompetence.objects.filter(is_licence=True)
        assert set(licences.values_list("ogr_code", flat=True)) == {"404638", "404652", "514057"}
        assert RomeCompetence.objects.get(ogr_code="404652").label.startswith("Bac pro production en")


class TestSecondRuns:
    def test_a_second_run_changes_nothing_and_writes_nothing(self, rome_loaded, tmp_path):
        for command, folder in (("import_esco", tmp_path / "esco"), ("import_rome", rome_loaded)):
            with nothing_written():
                again = run_import(command, folder, "--apply")
            assert counts(again) == (0, 0, 0)
            assert (again["rejected"], again["kept_corrections"]) == (0, 0)
        assert DataRelease.objects.count() == 2

    def test_a_changed_row_changes_alone(self, esco_loaded, tmp_path):
        change = updated("uri", OPERATOR, label_fr="opérateur de bioproduction", alt_fr="un|deux")
        report = esco(write_esco(tmp_path / "next", occupations=change), "--apply")
        assert counts(report) == (0, 1, 0)
        (told,) = report["changes"]
        assert (told["kind"], told["code"]) == ("métier ESCO", OPERATOR)
        assert set(told["fields"]) == {"libellé français", "autres libellés"}
        assert told["fields"]["autres libellés"][1] == "un\ndeux"
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        assert occupation.title_keys.splitlines()[:3] == ["operateur de bioproduction", "un", "deux"]
        assert occupation.release.fingerprint != EscoSkill.objects.earliest("pk").given["kind"][1]

    def test_a_new_release_of_the_same_data_moves_provenance_and_counts_no_change(
        self, esco_loaded, tmp_path
    ):
        before = DataRelease.objects.get()
        path = esco_loaded / "esco_skills.csv.gz"
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), mtime=1_924_992_000))
        report = esco(esco_loaded, "--apply", "--source-version", "1.2.2")
        assert counts(report) == (0, 0, 0)
        after = DataRelease.objects.exclude(pk=before.pk).get()
        assert (after.version, after.extracted_on) == ("1.2.2", dt.date(2031, 1, 1))
        skill = EscoSkill.objects.get(uri=BATCH_RECORD)
        assert skill.release == after
        assert {provenance.release for provenance in skill.provenances()} == {after}
        assert not EscoSkill.objects.exclude(release=after).exists()

    def test_a_new_release_writes_of_the_other_rows_their_provenance_alone(self, esco_loaded, tmp_path):
        EscoSkill.objects.filter(uri=BATCH_RECORD).update(label_fr="corrigé")
        change = updated("uri", OPERATOR, label_fr="opérateur de bioproduction")
        folder = write_esco(tmp_path / "next", occupations=change)
        statements: list[str] = []

        def note(execute, sql, *rest):
            statements.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            assert counts(esco(folder, "--apply")) == (0, 1, 0)
        updates = [sql for sql in statements if sql.startswith("UPDATE") and "esco" in sql]
        assert [sql for sql in updates if "label_fr" in sql and "occupation" not in sql] == []
        assert len([sql for sql in updates if "label_fr" in sql]) == 1
        last = DataRelease.objects.latest("pk")
        for model in (EscoSkill, EscoSkillGroup, EscoOccupation, IscoGroup):
            for record in model.objects.all():
                assert record.release == last
                assert {release for _value, release in record.given.values()} == {last.pk}
        skill = EscoSkill.objects.get(uri=BATCH_RECORD)
        assert (skill.label_fr, skill.corrected_fields) == ("corrigé", ["label_fr"])
        with nothing_written():
            esco(folder, "--apply")


class TestCorrections:
    def test_a_correction_survives_shows_and_moves_what_is_derived(self, esco_loaded, tmp_path):
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        said = occupation.label_fr
        occupation.label_fr = "opérateur de bioproduction"
        occupation.save()
        change = updated("uri", OPERATOR, description_fr="Autre description.")
        report = esco(write_esco(tmp_path / "next", occupations=change), "--apply")
        assert (counts(report), report["kept_corrections"]) == ((0, 1, 0), 1)
        occupation.refresh_from_db()
        assert (occupation.label_fr, occupation.description_fr) == (
            "opérateur de bioproduction",
            "Autre description.",
        )
        assert occupation.corrected_fields == ["label_fr"]
        corrected = {p.field: p.given for p in occupation.provenances() if p.is_corrected}
        assert corrected == {"label_fr": said}
        assert occupation.title_keys.splitlines()[0] == "operateur de bioproduction"

    def test_a_text_that_a_browser_sends_back_unchanged_is_no_correction(self, esco_loaded, tmp_path):
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        assert "\n" in occupation.alternative_en
        occupation.alternative_en = occupation.alternative_en.replace("\n", "\r\n")
        occupation.save()
        assert occupation.corrected_fields == []
        change = updated("uri", OPERATOR, alt_en="new name|other name")
        report = esco(write_esco(tmp_path / "next", occupations=change), "--apply")
        assert report["kept_corrections"] == 0
        occupation.refresh_from_db()
        assert occupation.alternative_en == "new name\nother name"

    def test_a_long_text_corrected_with_a_browsers_line_ends_stands(self, esco_loaded, tmp_path):
        written = "Première ligne.\r\n\r\n" + "Un long texte. " * 2_000
        EscoOccupation.objects.filter(uri=OPERATOR).update(description_fr=written)
        change = updated("uri", OPERATOR, description_fr="La source change.")
        for folder in (esco_loaded, write_esco(tmp_path / "next", occupations=change)):
            assert esco(folder, "--apply")["kept_corrections"] == 1
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        assert occupation.description_fr == written
        assert occupation.corrected_fields == ["description_fr"]

    def test_a_field_emptied_by_an_editor_stays_empty_until_the_source_gives_it_up(
        self, esco_loaded, tmp_path
    ):
        occupation = EscoOccupation.objects.get(uri=OPERATOR)
        occupation.alternative_fr = ""
        occupation.save()
        assert esco(esco_loaded, "--apply")["kept_corrections"] == 1
        occupation.refresh_from_db()
        assert (occupation.alternative_fr, occupation.corrected_fields) == ("", ["alternative_fr"])
        esco(write_esco(tmp_path / "next", occupations=updated("uri", OPERATOR, alt_fr="")), "--apply")
        occupation.refresh_from_db()
        assert occupation.corrected_fields == []

    def test_what_an_editor_adds_where_the_source_is_silent_stays(self, esco_loaded):
        skill = EscoSkill.objects.filter(description_fr="").first()
        skill.description_fr = "Écrite par la rédaction."
        skill.save()
        assert esco(esco_loaded, "--apply")["kept_corrections"] == 1
        skill.refresh_from_db()
        assert skill.description_fr == "Écrite par la rédaction."


class TestWithdrawals:
    def test_a_withdrawn_row_is_marked_with_the_day_and_comes_back(self, esco_loaded, tmp_path):
        smaller = write_esco(
            tmp_path / "next",
            skills=without("uri", BATCH_RECORD),
            hierarchy=without("child_uri", BATCH_RECORD),
        )
        announced = esco(smaller)
        assert not EscoSkill.objects.exclude(withdrawn_on=None).exists()
        done = esco(smaller, "--apply")
        assert announced["removed"] == done["removed"] == 2
        skill = EscoSkill.objects.get(uri=BATCH_RECORD)
        assert skill.withdrawn_on == timezone.localdate()
        assert counts(esco(smaller, "--apply")) == (0, 0, 0)
        back = esco(esco_loaded, "--apply")
        assert counts(back) == (0, 2, 0)
        assert "retirée de sa source le" in back["changes"][0]["fields"]
        skill.refresh_from_db()
        assert (skill.withdrawn_on, skill.release) == (None, DataRelease.objects.earliest("pk"))

    def test_a_withdrawn_row_keeps_what_an_editor_corrected(self, esco_loaded, tmp_path):
        EscoSkill.objects.filter(uri=BATCH_RECORD).update(label_fr="corrigé")
        esco(
            write_esco(
                tmp_path / "next",
                skills=without("uri", BATCH_RECORD),
                hierarchy=without("child_uri", BATCH_RECORD),
            ),
            "--apply",
        )
        esco(esco_loaded, "--apply")
        assert EscoSkill.objects.get(uri=BATCH_RECORD).corrected_fields == ["label_fr"]

    @pytest.mark.parametrize("options", [(), ("--apply",)])
    def test_the_uses_of_what_esco_retires_are_told_once_and_first(self, esco_loaded, tmp_path, options):
        skill = SkillFactory(code="batch-record")
        SkillMapping.objects.create(skill=skill, scheme="esco", code=BATCH_RECORD, match="exact")
        page = make_job_page(make_job_indexes()["fr"], "operator", esco_uris=ENGINEER)
        retired = write_esco(
            tmp_path / "next",
            skills=lambda rows: [row | {"esco_versions": "1.1.1"} for row in rows],
            occupations=updated("uri", ENGINEER, esco_versions="1.1.1"),
            hierarchy=lambda rows: rows + rows[:1],
        )
        told = esco(retired, *options)["warnings"]
        assert [(one["file"], one["reason"]) for one in told[:2]] == [
            (
                "esco_skills.csv.gz",
                f"compétence ESCO {BATCH_RECORD} : déclarée obsolète par sa source, sert encore à"
                " compétence batch-record.",
            ),
            (
                "esco_occupations.csv.gz",
                f"métier ESCO {ENGINEER} : déclarée obsolète par sa source, sert encore à métier {page.code}.",
            ),
        ]
        assert [one["reason"].endswith("en double.") for one in told[2:]] == [True]
        if options:
            assert not any("obsolète" in one["reason"] for one in esco(retired, *options)["warnings"])

    def test_the_uses_of_what_is_withdrawn_are_told_even_in_a_dry_run(self, rome_loaded, tmp_path):
        skill = SkillFactory(code="batch-record")
        SkillMapping.objects.create(skill=skill, scheme="esco", code=BATCH_RECORD, match="exact")
        SkillMapping.objects.create(skill=skill, scheme="rome", code="117907", match="close")
        page = make_job_page(make_job_indexes()["fr"], "operator", rome_codes="I1321", esco_uris=ENGINEER)
        smaller = write_esco(
            tmp_path / "esco2",
            skills=without("uri", BATCH_RECORD),
            hierarchy=without("child_uri", BATCH_RECORD),
            occupations=without("uri", ENGINEER),
            occupation_skills=without("occupation_uri", ENGINEER),
        )
        reasons = [warning["reason"] for warning in esco(smaller)["warnings"]]
        assert reasons == [
            f"compétence ESCO {BATCH_RECORD} : retirée de sa source, sert encore à compétence batch-record.",
            f"métier ESCO {ENGINEER} : retirée de sa source, sert encore à métier {page.code}.",
        ]
        of_the_job = ("titles", "job_contexts", "job_competences", "mobilities", "sectors", "naf")
        report = rome(
            write_rome(
                tmp_path / "rome2",
                jobs=without("code_rome", "I1321"),
                esco=without("rome_code", "I1321"),
                **{name: without("code_rome", "I1321") for name in of_the_job},
                competences=without("code_ogr", "117907"),
            )
        )
        used = [w["reason"] for w in report["warnings"] if "sert encore" in w["reason"]]
        assert used == [
            "fiche ROME I1321 : retirée de sa source, sert encore à métier operator.",
            "compétence ROME 117907 : retirée de sa source, sert encore à compétence batch-record.",
        ]

    @pytest.mark.parametrize("name", ["skills", "occupations", "groups", "isco"])
    def test_a_file_with_its_header_alone_withdraws_nothing_and_says_so(self, esco_loaded, tmp_path, name):
        report = esco(write_esco(tmp_path / "next", **{name: lambda rows: []}), "--apply")
        assert counts(report) == (0, 0, 0)
        assert ["aucune lue ; aucune n'est retirée" in w["reason"] for w in report["warnings"]] == [True]


def test_more_uses_than_can_be_read_are_counted(esco_loaded, tmp_path):
    for number in range(7):
        SkillMapping.objects.create(
            skill=SkillFactory(code=f"skill-{number}"), scheme="esco", code=BATCH_RECORD, match="close"
        )
    report = esco(
        write_esco(
            tmp_path / "next",
            skills=without("uri", BATCH_RECORD),
            hierarchy=without("child_uri", BATCH_RECORD),
        )
    )
    assert report["warnings"][0]["reason"].endswith("compétence skill-4 et 2 autres.")

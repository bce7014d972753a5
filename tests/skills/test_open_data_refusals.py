"""What is wrong in a delivery: bad rows are told one by one and stop no other; a bad file is refused whole."""

import gzip
import sqlite3
import threading
from contextlib import closing

import pytest
from django.core.management import CommandError
from django.db import connection

from skills.imports.esco import FILES
from skills.models import (
    DataRelease,
    EscoBroader,
    EscoOccupation,
    EscoOccupationSkill,
    EscoSkill,
    EscoSkillGroup,
    RomeContext,
    RomeJob,
    RomeJobCompetence,
    RomeJobContext,
    RomeJobSector,
    RomeMobility,
    RomeSector,
)
from tests.skills.extracts import counts, raw, run_import, truncate, without, write_esco, write_rome

pytestmark = pytest.mark.django_db


NEW_SKILL = "http://data.europa.eu/esco/skill/1"


def esco(folder, *options):
    return run_import("import_esco", folder, *options)


def rome(folder, *options):
    return run_import("import_rome", folder, *options)


def nothing_is_loaded():
    return not any(model.objects.exists() for model in (DataRelease, EscoSkill, EscoSkillGroup, RomeJob))


@pytest.fixture
def loaded(tmp_path):
    esco(write_esco(tmp_path / "esco"), "--apply")
    rome(write_rome(tmp_path / "rome"), "--apply")
    return tmp_path


def with_bad_skills(rows):
    """Lines 2 to 7: too long, without identity, twice the same, then what was there."""
    good = rows.pop(0)
    return [
        good | {"uri": NEW_SKILL, "label_fr": "é" * 251},
        good | {"uri": ""},
        good,
        good | {"label_fr": "la même une seconde fois"},
        good | {"uri": NEW_SKILL + "u" * 120},
        *rows[1:],  # one is missing: it must not be withdrawn
    ]


class TestBadRows:
    def test_each_is_told_with_its_file_and_line_and_stops_no_other(self, loaded):
        before = EscoSkill.objects.count()
        for options in ((), ("--apply",)):
            report = esco(write_esco(loaded / "next", skills=with_bad_skills), *options)
            assert report["exit"] == 1
            assert [(e["file"], e["line"]) for e in report["errors"]] == [
                ("esco_skills.csv.gz", line) for line in (3, 5, 2, 6)
            ]
            reasons = [e["reason"] for e in report["errors"]]
            assert [
                text in reason
                for text, reason in zip(("vide", "en double", "label_fr", "uri"), reasons, strict=True)
            ] == [True] * 4
            assert counts(report) == (0, 0, 0)
            assert [w["reason"] for w in report["warnings"]] == [
                "compétence ESCO : des lignes sont rejetées ; aucune n'est retirée."
            ]
        assert EscoSkill.objects.count() == before
        assert not EscoSkill.objects.exclude(withdrawn_on=None).exists()

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"http://x/1,one cell too few\n", "nombre de cellules"),
            (b"http://x/1,1,a,b,c,d,e,f,one too many\n", "nombre de cellules"),
            (b"http://x/1,1,a\0b,b,c,d,e,f\n", "caractère nul dans label_fr"),
        ],
    )
    def test_a_row_that_cannot_be_read_is_told_with_its_line(self, loaded, line, reason):
        folder = write_esco(loaded / "next")
        raw(folder / "esco_skill_groups.csv.gz", lambda content: content + line)
        lines = gzip.decompress((folder / "esco_skill_groups.csv.gz").read_bytes()).count(b"\n")
        report = esco(folder, "--apply")
        (error,) = report["errors"]
        assert (error["file"], error["line"]) == ("esco_skill_groups.csv.gz", lines)
        assert reason in error["reason"]
        assert (report["exit"], counts(report)) == (1, (0, 0, 0))

    def test_a_quote_that_never_closes_loses_no_stored_row(self, loaded):
        folder = write_esco(loaded / "next")
        raw(
            folder / "esco_skills.csv.gz",
            lambda content: content.replace(b"skill/competence,", b'"skill/competence,', 1),
        )
        report = esco(folder, "--apply")
        assert (report["exit"], report["removed"], report["rejected"]) == (1, 0, 1)

    def test_quotes_line_ends_and_byte_order_mark_are_read(self, tmp_path):
        plain = write_esco(tmp_path / "esco")
        esco(plain, "--apply")
        for path in plain.iterdir():
            raw(
                path,
                lambda content: b"\xef\xbb\xbf" + content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
            )
        assert counts(esco(plain, "--apply")) == (0, 0, 0)

    def test_quotes_and_odd_characters_are_kept_as_they_are(self, tmp_path):
        odd = '« l\'« "étrange" », 50 % \\ {{ x }} <b> 🧬 \u202f'

        def change(rows):
            rows[0].update(label_fr=odd)

        esco(write_esco(tmp_path / "esco", skills=change), "--apply")
        assert EscoSkill.objects.filter(label_fr=odd.strip()).count() == 1

    def test_a_row_that_a_dry_run_refuses_has_its_links_refused_too(self, tmp_path):
        def change(rows):
            rows[0].update(libelle_rome="é" * 201)

        folder = write_rome(tmp_path / "rome", jobs=change)
        announced, done = rome(folder), rome(folder, "--apply")
        assert announced["rejected"] == done["rejected"] > 1
        assert counts(announced) == counts(done)


class TestNonsense:
    """What no delivery of ESCO or ROME can hold is rejected with its line, and the row it stands for stays."""

    @pytest.mark.parametrize(
        ("name", "cells", "reason"),
        [
            (
                "skills",
                {"uri": "pas une uri"},
                "compétence ESCO « pas une uri » : n'a pas la forme attendue.",
            ),
            ("skills", {"uri": "http://data.europa.eu/esco/skill/1 2"}, "n'a pas la forme attendue"),
            ("skills", {"uri": "https://example.org/esco/skill/1"}, "n'a pas la forme attendue"),
            ("skills", {"label_fr": "", "label_en": ""}, "aucun libellé"),
            ("skills", {"esco_versions": "toutes"}, "versions d'ESCO illisibles « toutes »"),
            ("skills", {"esco_versions": ""}, "versions d'ESCO illisibles"),
            ("skills", {"skill_type": "métier"}, "type inconnu « métier »"),
            ("occupations", {"uri": "occupation/1"}, "métier ESCO « occupation/1 »"),
            ("occupations", {"label_fr": "", "label_en": ""}, "aucun libellé"),
            ("occupations", {"esco_versions": "1.1.1;1.2"}, "versions d'ESCO illisibles"),
            ("groups", {"uri": "S1"}, "groupe ESCO « S1 »"),
            ("groups", {"label_fr": "", "label_en": ""}, "aucun libellé"),
            ("isco", {"code": "C21"}, "groupe CITP « C21 »"),
            ("isco", {"uri": "C21"}, "groupe CITP « C21 »"),
        ],
    )
    def test_of_esco(self, loaded, name, cells, reason):
        folder = write_esco(loaded / "next", **{name: lambda rows: rows[0].update(cells)})
        for options in ((), ("--apply",)):
            report = esco(folder, *options)
            first = report["errors"][0]
            assert (first["file"], first["line"]) == (FILES[name], 2)
            assert reason in first["reason"]
            assert (report["exit"], counts(report)) == (1, (0, 0, 0))

    def test_a_version_to_come_is_told_once_and_taken(self, loaded):
        def later(rows):
            for row in rows:
                row.update(esco_versions="1.3")

        report = esco(write_esco(loaded / "next", skills=later, occupations=later), "--apply")
        (warning,) = report["warnings"]
        assert warning["reason"] == "compétence ESCO : version d'ESCO encore inconnue « 1.3 »."
        assert (report["exit"], report["changed"]) == (0, 18)

    @pytest.mark.parametrize(
        ("name", "cells", "reason"),
        [
            ("jobs", {"code_rome": "Z9999"}, "fiche ROME « Z9999 »"),
            ("jobs", {"code_ogr": "ogr"}, "code OGR « ogr »"),
            ("titles", {"code_ogr": "12a"}, "code OGR « 12a »"),
            ("competences", {"code_ogr": "1.5"}, "code OGR « 1.5 »"),
            ("job_contexts", {"code_ogr": "²"}, "code OGR « ² »"),
        ],
    )
    def test_of_rome(self, loaded, name, cells, reason):
        folder = write_rome(loaded / "next", **{name: lambda rows: rows[0].update(cells)})
        for options in ((), ("--apply",)):
            report = rome(folder, *options)
            first = report["errors"][0]
            assert (first["line"], reason in first["reason"]) == (2, True)
            assert (report["exit"], report["added"]) == (1, 0)
        for model in (RomeJob, RomeContext):
            assert not model.objects.exclude(withdrawn_on=None).exists()


class TestFilesReadTwice:
    """ROME's contexts and sectors come from the very files that link them to jobs."""

    def test_a_bad_row_is_told_once_and_nothing_is_withdrawn(self, loaded):
        folder = write_rome(
            loaded / "next",
            job_contexts=without("code_ogr", "300779"),
            sectors=without("code_sect_activite", "105"),
        )
        for name in ("rome_metier_contextes.csv.gz", "rome_secteurs_activite.csv.gz"):
            raw(folder / name, lambda content: content + b"broken\n")
        report = rome(folder, "--apply")
        assert [error["file"] for error in report["errors"]] == [
            "rome_metier_contextes.csv.gz",
            "rome_secteurs_activite.csv.gz",
        ]
        assert report["removed"] == 0
        for model in (RomeContext, RomeJobContext, RomeSector, RomeJobSector):
            assert not model.objects.exclude(withdrawn_on=None).exists()
        assert [w["reason"] for w in report["warnings"] if "aucune n'est retirée" in w["reason"]] == [
            f"{label} : des lignes sont rejetées ; aucune n'est retirée."
            for label in (
                "contexte ROME",
                "contexte d'une fiche ROME",
                "secteur ROME",
                "secteur d'une fiche ROME",
            )
        ]


class TestBadLinks:
    def test_a_link_to_nothing_is_told_and_stops_no_other(self, loaded):
        def change(rows):
            rows[0].update(skill_uri="http://nowhere")
            rows[1].update(occupation_uri="http://nowhere", skill_uri="http://neither")

        for options in ((), ("--apply",)):
            report = esco(write_esco(loaded / "next", occupation_skills=change), *options)
            assert [(e["file"], e["line"], e["reason"]) for e in report["errors"]] == [
                ("esco_occupation_skills.csv.gz", 2, "lien vers un inconnu : http://nowhere."),
                (
                    "esco_occupation_skills.csv.gz",
                    3,
                    "lien vers un inconnu : http://nowhere, http://neither.",
                ),
            ]
            assert (report["exit"], counts(report)) == (1, (0, 0, 0))
        assert EscoOccupationSkill.objects.filter(withdrawn_on=None).count() == 12

    def test_texts_that_a_link_cannot_keep_are_told(self, loaded):
        def too_long(rows):
            rows[0].update(relation="essentielle")
            rows[1].update(relation="")

        def no_end(rows):
            rows[0].update(parent_uri="")
            rows[1].update(parent_uri="u" * 121)

        report = esco(write_esco(loaded / "next", occupation_skills=too_long, hierarchy=no_end), "--apply")
        assert [(e["file"], e["line"]) for e in report["errors"]] == [
            (f"esco_{name}.csv.gz", line)
            for name in ("skill_hierarchy", "occupation_skills")
            for line in (2, 3)
        ]
        assert "vide ou trop long : URI plus large" in report["errors"][0]["reason"]
        assert counts(report) == (0, 0, 0)
        assert EscoBroader.objects.filter(withdrawn_on=None).count() == 12

    @pytest.mark.parametrize("rank", ["", "premier", "-1", "99999", "1.5"])
    def test_a_rank_that_is_none_is_told(self, loaded, rank):
        def change(rows):
            rows[0].update(numero_ordre=rank)

        report = rome(write_rome(loaded / "next", mobilities=change), "--apply")
        (error,) = report["errors"]
        assert (error["file"], error["line"]) == ("rome_mobilites.csv.gz", 2)
        assert "rang illisible" in error["reason"]
        assert RomeMobility.objects.filter(withdrawn_on=None).count() == 2

    def test_a_link_twice_is_told_and_loaded_once(self, tmp_path, loaded):
        report = esco(
            write_esco(tmp_path / "next", occupation_skills=lambda rows: rows + rows[:1]), "--apply"
        )
        (warning,) = report["warnings"]
        assert (warning["file"], warning["line"]) == ("esco_occupation_skills.csv.gz", 14)
        assert warning["reason"].endswith("en double.")
        assert (report["exit"], counts(report)) == (0, (0, 0, 0))


class TestBadFiles:
    @pytest.mark.parametrize("options", [(), ("--apply",)])
    @pytest.mark.parametrize(
        ("spoil", "told"),
        [
            (lambda path: path.unlink(), "fichiers absents : esco_occupation_skills"),
            (truncate, "lisible"),
            (lambda path: raw(path, lambda _content: b""), "colonnes absentes"),
            (lambda path: raw(path, lambda content: content.replace(b"skill_uri", b"uri", 1)), "skill_uri"),
            (lambda path: raw(path, lambda content: content + "é".encode("latin-1") * 9), "lisible"),
            (lambda path: path.write_bytes(b"occupation_uri,skill_uri,relation\n"), "lisible"),
            (lambda path: path.write_bytes(b""), "colonnes absentes"),
            (lambda path: raw(path, lambda content: content + b'"' + b"x" * 200_000 + b'",a,b,c'), "lisible"),
        ],
        ids=["missing", "truncated", "empty", "no column", "latin-1", "no gzip", "no byte", "huge cell"],
    )
    def test_the_last_file_read_refuses_the_whole(self, tmp_path, spoil, told, options):
        folder = write_esco(tmp_path / "esco")
        spoil(folder / "esco_occupation_skills.csv.gz")
        with pytest.raises(CommandError, match="esco_occupation_skills") as refusal:
            esco(folder, *options)
        assert told in str(refusal.value)
        assert refusal.value.returncode == 2
        assert nothing_is_loaded()

    def test_one_source_given_for_another_is_refused(self, tmp_path):
        write_esco(tmp_path / "esco"), write_rome(tmp_path / "rome")
        with pytest.raises(CommandError, match="fichiers absents") as refusal:
            esco(tmp_path / "rome", "--apply")
        assert refusal.value.returncode == 2
        (tmp_path / "esco" / "esco_skills.csv.gz").write_bytes(
            (tmp_path / "rome" / "rome_competences.csv.gz").read_bytes()
        )
        with pytest.raises(CommandError, match="colonnes absentes : uri, skill_type"):
            esco(tmp_path / "esco", "--apply")
        assert nothing_is_loaded()

    @pytest.mark.parametrize("place", ["nowhere", "esco/esco_skills.csv.gz"])
    def test_a_path_that_is_no_folder_is_refused(self, tmp_path, place):
        write_esco(tmp_path / "esco")
        with pytest.raises(CommandError) as refusal:
            esco(tmp_path / place)
        assert refusal.value.returncode == 2


class TestRomeBeforeEsco:
    def test_links_wait_with_one_warning_and_arrive_at_a_later_run(self, tmp_path):
        folder = write_rome(tmp_path / "rome")
        first = rome(folder, "--apply")
        assert [w["reason"] for w in first["warnings"]] == [
            "ESCO n'est pas chargé : les correspondances entre ROME et ESCO attendent (import_esco)."
        ]
        assert first["exit"] == 0
        esco(write_esco(tmp_path / "esco"), "--apply")
        later = rome(folder, "--apply")
        assert counts(later) == (3, 0, 0)
        (warning,) = later["warnings"]
        assert (warning["file"], warning["line"]) == ("rome_esco.csv.gz", 5)
        assert "métier ESCO inconnu" in warning["reason"]
        operator = EscoOccupation.objects.get(code="8131.17")
        assert set(operator.rome_links.values_list("title__ogr_code", "match")) == {
            ("19764", "close"),
            ("17090", "exact"),
            ("17342", "close"),
        }


class TestLinks:
    def test_a_changed_link_changes_alone(self, loaded):
        def change(rows):
            rows[0].update(coeur_metier="Émergente")

        report = rome(write_rome(loaded / "next", job_competences=change), "--apply")
        assert counts(report) == (0, 1, 0)
        assert report["changes"][0]["fields"] == {"cœur de métier": ["Principale", "Émergente"]}
        assert RomeJobCompetence.objects.filter(core="Émergente").count() == 4

    def test_a_withdrawn_link_is_marked_and_comes_back(self, loaded):
        smaller = write_rome(loaded / "next", mobilities=lambda rows: rows[:1])
        assert counts(rome(smaller, "--apply")) == (0, 0, 1)
        assert RomeMobility.objects.exclude(withdrawn_on=None).count() == 1
        back = rome(loaded / "rome", "--apply")
        assert counts(back) == (0, 1, 0)
        assert not RomeMobility.objects.exclude(withdrawn_on=None).exists()
        assert counts(rome(loaded / "rome", "--apply")) == (0, 0, 0)

    def test_a_file_of_links_with_its_header_alone_withdraws_none_and_says_so(self, loaded):
        report = rome(write_rome(loaded / "next", mobilities=lambda rows: []), "--apply")
        assert counts(report) == (0, 0, 0)
        assert "mobilité ROME : aucun lien lu ; aucun n'est retiré." in [
            warning["reason"] for warning in report["warnings"]
        ]


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_load_as_one(tmp_path):
    """The second waits for the first and finds nothing to do."""
    folder = write_esco(tmp_path / "esco")
    reports, failures = [], []
    together = threading.Barrier(2)

    def load():
        try:
            together.wait(timeout=10)
            reports.append(esco(folder, "--apply"))
        except Exception as error:  # noqa: BLE001 - shown below, whatever it is
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    added = sorted(report["added"] for report in reports)
    assert added[0] == 0 < added[1]
    assert (DataRelease.objects.count(), EscoSkill.objects.count()) == (1, 15)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite a un seul écrivain")
def test_while_somebody_else_writes_a_dry_run_reads_and_an_import_says_to_come_back(tmp_path):
    folder = write_esco(tmp_path / "esco")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        assert counts(esco(folder))[0] > 40
        with pytest.raises(CommandError, match="base est occupée") as refusal:
            esco(folder, "--apply")
        assert refusal.value.returncode == 2
    connection.close()  # the next one waits as usual
    assert nothing_is_loaded()

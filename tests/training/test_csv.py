"""Reading the provider CSV: the documented format, what spreadsheets do to it, and what is refused."""

import csv
import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from training.importers.csv_file import COLUMNS, OPTIONAL_COLUMNS, CsvRefused, ProviderCsv
from training.importers.rows import RejectedRow, SkillRow, SourceNote, TrainingRow

LINE = {
    "code_formation": "BER-001",
    "intitule_fr": "Conduite de bioréacteur",
    "intitule_en": "Bioreactor operation",
    "type": "continue",
    "objectifs": "Conduire ; régler",
    "programme": "Cultures « en cuve »",
    "certification": "RS5653",
    "niveau_sortie": "4",
    "duree_heures": "35",
    "heures_pratique": "24,5",
    "duree_semaines": "1",
    "prix_euros": "1 250,50",
    "financements": "cpf|opco",
    "modalite": "mixte",
    "langue": "fr|en",
    "siret_organisme": "00000001800010",
    "nom_organisme": "École d'essai",
    "code_action": "BER-001-A1",
    "adresse": "1 rue de l'Exemple",
    "code_postal": "69100",
    "code_insee": "69266",
    "ville": "Villeurbanne",
    "code_session": "S1",
    "debut": "2027-02-01",
    "fin": "05/02/2027",
    "places": "8",
    "entree_permanente": "non",
    "competences": "bioreactor-operation:3|gmp:2",
}


def text_of(*lines, delimiter=";", columns=COLUMNS):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=delimiter, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(LINE | line for line in lines)
    return stream.getvalue()


def read(folder: Path, content: str | bytes):
    path = folder / "formations.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    source = ProviderCsv(path)
    return list(source.rows()), source


def trainings(rows):
    return [row for row in rows if isinstance(row, TrainingRow)]


def rejections(rows):
    return [row for row in rows if isinstance(row, RejectedRow)]


def test_fields(tmp_path):
    (row,), source = read(tmp_path, text_of({}))
    assert source.complete
    assert row.line == 2
    assert (row.title_fr, row.title_en, row.kind) == (
        "Conduite de bioréacteur",
        "Bioreactor operation",
        "continuing",
    )
    assert row.certifications == ("RS5653",)
    assert row.skills == (SkillRow("bioreactor-operation", 3), SkillRow("gmp", 2))
    (action,) = row.actions
    assert (action.mode, action.languages, action.funding) == ("mixed", ("fr", "en"), ("cpf", "opco"))
    assert (action.hours, action.practical_hours, action.price_eur) == (
        Decimal(35),
        Decimal("24.5"),
        Decimal("1250.50"),
    )
    (session,) = action.sessions
    assert (session.starts_on, session.ends_on, session.seats) == (
        dt.date(2027, 2, 1),
        dt.date(2027, 2, 5),
        8,
    )
    assert row.notes == ()


def test_where_one_practises_may_be_told_and_is_checked(tmp_path):
    told = {"classe_salle": "C", "echelle": "Pilote", "pratique_sur": "réel"}
    (row,), _source = read(tmp_path, text_of(told, columns=[*COLUMNS, *OPTIONAL_COLUMNS]))
    (action,) = row.actions
    assert (action.cleanroom_grade, action.equipment_scale, action.practice_setting) == ("C", "pilot", "real")
    (row,), _source = read(tmp_path, text_of({"echelle": "énorme"}, columns=[*COLUMNS, "echelle"]))
    assert (row.actions[0].equipment_scale, row.actions[0].cleanroom_grade) == ("", "")
    assert row.notes == (
        "echelle : « énorme » inconnu (valeurs : laboratoire, pilote, industrielle) ; valeur par défaut retenue.",
    )


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiters_and_encodings_are_detected(tmp_path, delimiter, encoding):
    rows, _source = read(tmp_path, text_of({}, delimiter=delimiter).encode(encoding))
    (row,) = trainings(rows)
    assert row.provider.name == "École d'essai"
    assert row.external_id == "BER-001"
    assert any(isinstance(found, SourceNote) for found in rows) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf \r\n", "vide"),
        (b"PK\x03\x04\x00\x00", "binaire"),
        ("code_formation;".encode("utf-16"), "UTF-16"),
        (b"code_formation;\x81\x8d", "ni en UTF-8 ni en Windows-1252"),
        (text_of({}, columns=[c for c in COLUMNS if c != "ville"]).encode(), "colonnes absentes : ville"),
        (text_of({}).replace("intitule_fr", "intitulé_fr").encode(), "vouliez-vous dire intitule_fr"),
        (text_of({}).replace("url", "ville", 1).encode(), "colonnes en double : ville"),
    ],
)
def test_refused_as_a_whole(tmp_path, content, message):
    with pytest.raises(CsvRefused, match=message):
        read(tmp_path, content)


def test_lines_of_one_training_make_actions_and_sessions(tmp_path):
    (row,), _source = read(
        tmp_path,
        text_of(
            {},
            {"code_session": "S2", "debut": "2027-10-04", "fin": "2027-10-08", "intitule_fr": "ignoré"},
            {"code_action": "A2", "ville": "Lyon", "code_session": "S3"},
            {"code_action": "A3", "code_session": "", "debut": "", "fin": ""},
        ),
    )
    assert row.title_fr == "Conduite de bioréacteur"
    assert [(action.external_id, len(action.sessions)) for action in row.actions] == [
        ("BER-001-A1", 2),
        ("A2", 1),
        ("A3", 0),
    ]


def test_a_bad_line_is_rejected_alone_with_its_number(tmp_path):
    rows, source = read(
        tmp_path,
        text_of(
            {"objectifs": "Sur\ndeux lignes"},
            {"code_session": "S2", "debut": "bientôt"},
            {"code_session": "S3", "fin": "2026-01-01"},
            {"code_session": "S1"},
            {"code_session": "S5", "debut": "", "fin": ""},
            {"code_session": "S6"},
        ),
    )
    assert [(row.line, row.external_id) for row in rejections(rows)] == [
        (4, "BER-001"),
        (5, "BER-001"),
        (6, "BER-001"),
        (7, "BER-001"),
    ]
    assert "déjà décrite ligne 2" in rejections(rows)[2].reason
    (row,) = trainings(rows)
    assert [session.external_id for session in row.actions[0].sessions] == ["S1", "S6"]
    assert row.is_partial
    assert source.complete


def test_too_many_or_too_few_cells(tmp_path):
    content = (
        text_of({}) + "BER-002;trop;peu\n" + text_of({"code_formation": "BER-003"}).splitlines()[1] + ";;\n"
    )
    rows, _source = read(tmp_path, content)
    assert [(row.line, row.external_id) for row in rejections(rows)] == [(3, "BER-002"), (4, "BER-003")]
    assert "3 cellules au lieu de 31" in rejections(rows)[0].reason


def test_line_without_code_title_or_provider(tmp_path):
    rows, _source = read(
        tmp_path,
        text_of(
            {"code_formation": ""},
            {"code_formation": "B", "intitule_fr": " "},
            {"code_formation": "C", "nom_organisme": "", "siret_organisme": ""},
        ),
    )
    assert [row.line for row in rejections(rows)] == [2, 3, 4]
    assert trainings(rows) == []


def test_unknown_choices_and_levels_leave_notes(tmp_path):
    (row,), _source = read(
        tmp_path,
        text_of(
            {
                "type": "longue",
                "modalite": "hybride",
                "langue": "de",
                "financements": "cpf|loto",
                "niveau_sortie": "12",
                "competences": "gmp:5|gmp|sampling:x",
                "places": "beaucoup",
                "duree_heures": "0",
            }
        ),
    )
    (action,) = row.actions
    assert (row.kind, action.mode, action.languages, action.funding) == (
        "continuing",
        "on-site",
        ("fr",),
        ("cpf",),
    )
    assert (row.exit_level, row.skills, action.sessions[0].seats, action.hours) == (None, (), None, None)
    for word in ("longue", "hybride", "de :", "loto", "12", "gmp", "sampling", "beaucoup"):
        assert any(word in note for note in row.notes), word


def test_unclosed_quote_is_reported_and_nothing_is_taken_for_removed(tmp_path):
    content = text_of({}) + 'BER-002;"jamais fermé' + ";x" * 100_000
    rows, source = read(tmp_path, content)
    assert not source.complete
    assert "guillemet" in rejections(rows)[-1].reason


def test_the_training_before_an_unreadable_line_is_kept_as_a_partial_one(tmp_path):
    content = text_of({}) + 'BER-002;"jamais fermé' + ";x" * 100_000
    rows, _source = read(tmp_path, content)
    assert [(row.external_id, row.is_partial) for row in trainings(rows)] == [("BER-001", True)]


def test_a_quote_left_open_until_the_end_takes_no_training_for_removed(tmp_path):
    rows, source = read(tmp_path, text_of({}) + 'BER-002;"jamais fermé;x\nBER-003;x;x\n')
    assert [row.external_id for row in trainings(rows)] == ["BER-001"]
    assert "guillemet" in rejections(rows)[-1].reason
    assert not source.complete


def test_an_unreadable_header_refuses_the_file(tmp_path):
    with pytest.raises(CsvRefused, match="en-tête"):
        read(tmp_path, '"' + "x" * 200_000)


def test_the_documented_example_reads_without_a_word(tmp_path):
    source = ProviderCsv(Path(settings.BASE_DIR) / "docs" / "formats" / "exemple-formations.csv")
    rows = list(source.rows())
    assert rows
    assert trainings(rows) == rows
    assert all(row.notes == () for row in rows)


def test_the_documentation_names_every_column():
    text = (Path(settings.BASE_DIR) / "docs" / "formats" / "csv-formations.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"| `{column}` |" not in text] == []

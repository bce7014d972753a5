"""Reading LHEO: every field, what real feeds get wrong, and what is refused."""

import datetime as dt
import resource
from decimal import Decimal
from pathlib import Path

import pytest

from tests.training.lheo_samples import formation, lheo, session, write
from training.importers.lheo import LheoFile
from training.importers.rows import RejectedRow, SkillRow, SourceNote, TrainingRow
from training.importers.xml_stream import UnsafeOrForeignXml


def read(path):
    source = LheoFile(path)
    return list(source.rows()), source


def only(tmp_path, **changes) -> TrainingRow:
    rows, _source = read(write(tmp_path, formation(**changes)))
    (row,) = rows
    assert isinstance(row, TrainingRow)
    return row


@pytest.mark.parametrize("namespace", ["http://lheo.gouv.fr/2.3", "http://www.lheo.org/2.2", ""])
def test_every_namespace_is_read(tmp_path, namespace):
    rows, source = read(write(tmp_path, formation(), namespace=namespace))
    assert [row.external_id for row in rows] == ["F1"]
    assert source.complete


def test_fields(tmp_path):
    row = only(
        tmp_path,
        certification=(
            "<certification><code-RNCP>35352</code-RNCP><code-RS>RS5653</code-RS></certification>"
            "<certification><code-RNCP>RNCP 35352</code-RNCP></certification>"
        ),
        exit_level="17",
        price="1 250,50",
        mode="1",
        sessions=session(more='<extras info="biofiliere-places"><extra info="places">12</extra></extras>'),
        extras=(
            '<extras info="biofiliere-titres"><extra info="en">Bioreactor operation</extra></extras><extras'
            ' info="biofiliere-durees"><extra info="heures-pratique">24</extra><extra'
            ' info="semaines">1</extra></extras><extras info="biofiliere-competences"><extra'
            ' info="gmp">2</extra></extras>'
        ),
    )
    assert row.title_en == "Bioreactor operation"
    assert row.certifications == ("RNCP35352", "RS5653")
    assert (row.entry_level, row.exit_level) == (5, 7)
    assert row.skills == (SkillRow("gmp", 2),)
    (action,) = row.actions
    assert action.mode == "mixed"
    assert (action.hours, action.practical_hours, action.weeks) == (Decimal(35), Decimal(24), Decimal(1))
    assert action.price_eur == Decimal("1250.50")
    assert action.sessions[0].seats == 12
    assert action.place.insee_code == "69266"
    assert row.notes == ()


@pytest.mark.parametrize(
    ("code", "level"),
    [("0", None), ("1", None), ("4", 3), ("6", 5), ("8", 7), ("11", 1), ("14", 4), ("18", 8), ("99", None)],
)
def test_levels(tmp_path, code, level):
    assert only(tmp_path, exit_level=code).exit_level == level


@pytest.mark.parametrize(("code", "mode"), [("0", "on-site"), ("1", "mixed"), ("2", "remote")])
def test_modes(tmp_path, code, mode):
    assert only(tmp_path, mode=code).actions[0].mode == mode


def test_markup_entities_and_dashes_become_plain_text(tmp_path):
    row = only(
        tmp_path,
        objectives="&lt;p&gt;Peser &amp;amp; tamponner, pH &amp;lt; 7&lt;/p&gt;",
        content="&amp;lt;ul&amp;gt;&amp;lt;li&amp;gt;Cuves&amp;lt;/li&amp;gt;&amp;lt;li&amp;gt;Sondes&amp;lt;br/&amp;gt;pH&amp;lt;/li&amp;gt;&amp;lt;/ul&amp;gt;",
    )
    assert row.objectives == "Peser & tamponner, pH < 7"
    assert row.content == "- Cuves\n- Sondes\npH"
    assert only(tmp_path, content="-").content == ""


@pytest.mark.parametrize(
    ("extras", "place"),
    [
        (
            {"extras": '<extras info="type-formation"><extra info="formation-initiale">1</extra></extras>'},
            "initial",
        ),
        (
            {
                "action_extras": (
                    '<extras info="type-formation"><extra info="formation-initiale">1</extra></extras>'
                )
            },
            "initial",
        ),
        ({}, "continuing"),
    ],
)
def test_kind_stands_in_the_training_or_in_the_action(tmp_path, extras, place):
    assert only(tmp_path, **extras).kind == place


def test_funding_comes_from_codes_extras_and_alternation(tmp_path):
    row = only(
        tmp_path,
        certification="<certification><code-CPF>123456</code-CPF></certification>",
        alternation="Contrat d'apprentissage possible",
        action_extras="<organisme-financeur><code-financeur>16</code-financeur></organisme-financeur>",
    )
    assert row.actions[0].funding == ("apprenticeship", "cpf", "opco")
    assert only(tmp_path, alternation="Pas de contrat d'apprentissage").actions[0].funding == ()


def test_dates_that_are_placeholders_reversed_or_missing(tmp_path):
    sessions = (
        session("S1", "20270201", "99991231")
        + session("S2", "00000000", "20270205")
        + session("S3", "20270210", "20270201")
        + session("S4", "20271399", "20270201")
    )
    row = only(tmp_path, sessions=sessions)
    assert [(s.external_id, s.starts_on, s.ends_on) for s in row.actions[0].sessions] == [
        ("S1", dt.date(2027, 2, 1), None),
        ("S3", dt.date(2027, 2, 10), None),
    ]
    assert any("S2" in note and "laissée de côté" in note for note in row.notes)
    assert any("précède le début" in note for note in row.notes)
    assert any("20271399" in note for note in row.notes)


def test_permanent_entry_is_a_window(tmp_path):
    (found,) = only(tmp_path, entry="1").actions[0].sessions
    assert found.is_permanent_entry
    assert (found.starts_on, found.ends_on) == (dt.date(2027, 2, 1), dt.date(2027, 2, 5))


def test_missing_sessions_and_zero_hours_are_unknown(tmp_path):
    (action,) = only(tmp_path, sessions="", hours="0", price="").actions
    assert (action.sessions, action.hours, action.price_eur) == ((), None, None)
    assert only(tmp_path, price="0").actions[0].price_eur == 0


def test_coordinates_are_read_or_left_to_the_commune(tmp_path):
    def located(latitude, longitude):
        where = (
            f"<geolocalisation><latitude>{latitude}</latitude>"
            f"<longitude>{longitude}</longitude></geolocalisation>"
        )
        action = only(tmp_path, address=where).actions[0]
        return action.latitude, action.longitude

    assert located("47,882108", "-3.5526545") == (47.882108, -3.5526545)
    assert located("", "") == (None, None)
    assert located("0", "0") == (None, None)
    assert located("nord", "4.8") == (None, None)
    assert located("NaN", "4.8") == (None, None)


def test_placeholder_activity_number_is_unknown(tmp_path):
    assert only(tmp_path, activity_number="99999999999").provider.activity_number == ""
    assert only(tmp_path).provider.activity_number == "82690000018"


def test_repeated_numbers_below_a_training_stay_apart(tmp_path):
    row = only(tmp_path, sessions=session("X") + session("X", "20270301", "20270302"))
    assert len({found.external_id for found in row.actions[0].sessions}) == 2


def test_training_without_number_has_a_stable_identity(tmp_path):
    text = formation().replace(' numero="F1"', "", 1)
    (first,), _source = read(write(tmp_path, text))
    (second,), _source = read(write(tmp_path, text))
    assert first.external_id
    assert first.external_id == second.external_id
    assert any("numero" in note for note in first.notes)


def test_training_without_title_or_provider_is_rejected_with_its_line(tmp_path):
    rows, source = read(
        write(tmp_path, formation("F1", title=""), formation("F2", provider="", siret=""), formation("F3"))
    )
    assert [type(row) for row in rows] == [RejectedRow, RejectedRow, TrainingRow]
    assert rows[0].external_id == "F1"
    assert "intitulé" in rows[0].reason
    assert rows[1].line > rows[0].line >= 1
    assert source.complete


def test_malformed_xml_keeps_what_came_before(tmp_path):
    path = tmp_path / "cut.xml"
    path.write_text(lheo(formation("F1"), formation("F2"))[:-900], encoding="utf-8")
    rows, source = read(path)
    assert rows[0].external_id == "F1"
    assert isinstance(rows[-1], RejectedRow)
    assert rows[-1].line > 10
    assert "mal formé" in rows[-1].reason
    assert not source.complete


def test_file_that_lies_about_utf8_is_read_as_windows_1252(tmp_path):
    path = tmp_path / "latin.xml"
    path.write_bytes(lheo(formation(title="Procédés à façon – œuvre")).encode("cp1252"))
    note, row = read(path)[0]
    assert isinstance(note, SourceNote)
    assert "windows-1252" in note.text
    assert row.title_fr == "Procédés à façon – œuvre"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_declared_encodings_are_honoured(tmp_path, encoding):
    path = tmp_path / "declared.xml"
    path.write_bytes(
        lheo(formation(title="Procédés"), prologue=f'<?xml version="1.0" encoding="{encoding}"?>').encode(
            encoding
        )
    )
    (row,), _source = read(path)
    assert row.title_fr == "Procédés"


BOMB = "".join(
    ['<?xml version="1.0"?><!DOCTYPE lheo [<!ENTITY a0 "ha">']
    + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)]
    + ["]><lheo><offres>", formation(title="&a11;"), "</offres></lheo>"]
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE lheo [<!ENTITY x SYSTEM "file:///etc/hostname">]><lheo><offres>'
    + formation(title="&x;")
    + "</offres></lheo>"
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB, "DTD"),
        (BOMB.replace("<lheo>", '<lheo id="&a11;">'), "DTD"),
        (EXTERNAL, "DTD"),
        ('<?xml version="1.0"?><!DOCTYPE lheo SYSTEM "http://exemple.fr/lheo.dtd"><lheo/>', "DTD"),
        ("", "ce n'est pas du XML"),
        ("bonjour", "ce n'est pas du XML"),
        ("\0\1\2", "ce n'est pas du XML"),
        ("<rss><offres/></rss>", "<lheo> était attendu"),
        ('<?xml version="1.0" encoding="nimporte"?><lheo/>', "encodage"),
        ('<?xml version="1.0" encoding="utf-7"?><lheo/>', "encodage"),
    ],
)
def test_refused_as_a_whole(tmp_path, content, message):
    path = tmp_path / "refused.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnsafeOrForeignXml, match=message):
        read(path)


def resident_bytes() -> int:
    """The process's memory now, libxml2's included (tracemalloc would not see it)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="mémoire lue dans /proc (Linux)")
def test_a_large_file_is_read_in_bounded_memory(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<lheo xmlns="http://lheo.gouv.fr/2.3"><offres>')
        stream.writelines(formation(f"F{number}", content="Cultures. " * 50) for number in range(20_000))
        stream.write("</offres></lheo>")
    assert path.stat().st_size > 30_000_000
    count = 0
    for row in LheoFile(path).rows():
        assert isinstance(row, TrainingRow)
        count += 1
        if count == 1_000:
            settled = resident_bytes()
    assert count == 20_000
    assert resident_bytes() - settled < 10_000_000

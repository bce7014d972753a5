"""Organisations from a file: known by SIRET, refused alone, loaded once."""

import pytest
from django.core.management import CommandError, call_command

from people.importers.organisations import import_organisations
from people.models import Organisation
from skills.imports.report import Action
from tests.people.factories import OrganisationFactory
from tests.skills.factories import CommuneFactory

pytestmark = pytest.mark.django_db

SIRET, OTHER_SIRET = "00000001800010", "00000002600013"


def organisation_text(siret=SIRET, name="École (démonstration)", **replaced):
    values = {"kind": "training-provider", "commune": '"69266"', "demonstration": "true"} | replaced
    lines = [
        f'  - siret: "{siret}"',
        f'    name: "{name}"',
        *(f"    {key}: {value}" for key, value in values.items()),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(tmp_path):
    CommuneFactory()

    def write_file(*texts):
        path = tmp_path / "organisations.yaml"
        path.write_text("organisations:\n" + "".join(texts), "utf-8")
        return path

    return write_file


def test_loading_twice_changes_nothing_the_second_time(write):
    path = write(organisation_text(college="ecosystem", qualiopi="[training, vae]"))

    first, second = import_organisations(path, apply=True), import_organisations(path, apply=True)

    assert (first.counts[Action.ADDED], second.counts[Action.UNCHANGED]) == (1, 1)
    organisation = Organisation.objects.get()
    assert (organisation.siret, organisation.college, organisation.is_demonstration) == (
        SIRET,
        "ecosystem",
        True,
    )
    assert organisation.qualiopi_categories == ["training", "vae"]
    assert organisation.commune.name == "Villeurbanne"
    assert organisation.slug == "ecole-demonstration"


def test_a_dry_run_loads_nothing(write):
    assert import_organisations(write(organisation_text()), apply=False).counts[Action.ADDED] == 1
    assert not Organisation.objects.exists()


def test_a_change_is_shown_and_leaves_others_alone(write):
    other = OrganisationFactory(siret=OTHER_SIRET)
    import_organisations(write(organisation_text()), apply=True)

    report = import_organisations(write(organisation_text(name="Autre nom")), apply=True)

    assert [(f.name, f.after) for f in report.changes[0].fields] == [("name", "Autre nom")]
    other.refresh_from_db()
    assert other.siret == OTHER_SIRET


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (organisation_text("12345678901234"), "n'est pas un SIRET"),
        (organisation_text(kind="bakery"), "« kind » vaut « bakery »"),
        (organisation_text(college="oxford"), "« college » vaut « oxford »"),
        (organisation_text(qualiopi="[magic]"), "Qualiopi inconnue : magic"),
        (organisation_text(commune='"00000"'), "commune inconnue"),
        (organisation_text(website="nulle-part"), "URL"),
        (organisation_text(demonstration="peut-être"), "« demonstration » vaut"),
        (organisation_text(OTHER_SIRET), "déjà celui d'une autre organisation"),
    ],
)
def test_a_wrong_organisation_is_refused_alone(write, text, reason):
    report = import_organisations(write(organisation_text(OTHER_SIRET, "Juste"), text), apply=True)

    assert report.error_count == 1
    assert reason in report.errors[0].reason
    assert [organisation.name for organisation in Organisation.objects.all()] == ["Juste"]


def test_an_unreadable_file_is_said_plainly(tmp_path):
    (tmp_path / "broken.yaml").write_text("organisations: [", "utf-8")

    with pytest.raises(CommandError, match="YAML illisible"):
        call_command("load_organisations", str(tmp_path / "broken.yaml"))
    with pytest.raises(CommandError, match=r"missing\.yaml"):
        call_command("load_organisations", str(tmp_path / "missing.yaml"))

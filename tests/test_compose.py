"""`compose.yaml`, which nobody can run here, says only what is true of the settings, and holds no secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = ROOT / "compose.yaml"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
OURS = sorted(name for name, service in SERVICES.items() if service.get("image") == "biofiliere")
SECRET = re.compile(r"PASSWORD|SECRET|API_KEY|TOKEN")
# `$$` is a dollar of the container's own shell.
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<otherwise>[^}]*)\}")


def interpolated(text: str) -> dict[str, set[str]]:
    """Each variable of a text, with what is said of its absence: `:?message`, `:-default` or nothing."""
    found: dict[str, set[str]] = {}
    for match in VARIABLE.finditer(text):
        found.setdefault(match["name"], set()).add(match["otherwise"])
    return found


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a service, with `.env.example` filled in."""
    values = {name: value or "0123456789abcdef" * 4 for name, value in example().items()}
    return {
        name: VARIABLE.sub(lambda match: values[match["name"]], str(value))
        for name, value in environment.items()
    }


def test_it_follows_the_compose_specification():
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_variable_that_it_gives_the_site_is_a_setting():
    read = set()
    for module in (ROOT / "cms" / "settings").glob("*.py"):
        read |= set(re.findall(r"\benv(?:\.\w+)?\(\s*\"(\w+)\"", module.read_text()))
    assert OURS == ["setup", "site", "worker"]
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= read, name


def test_every_variable_that_it_gives_the_accounts_is_read_by_their_script():
    script = (ROOT / "deploy" / "elasticsearch_accounts.sh").read_text()
    for name in SERVICES["elasticsearch-accounts"]["environment"]:
        assert name in script


def test_secrets_come_from_variables_without_default():
    for name, otherwise in interpolated(COMPOSE.read_text()).items():
        if SECRET.search(name):
            assert all(said.startswith(":?") for said in otherwise), name
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert VARIABLE.fullmatch(value), f"{name} is written out"
    assert all(not value for name, value in example().items() if SECRET.search(name))


def test_the_example_names_every_variable_and_no_other():
    assert set(example()) == set(interpolated(COMPOSE.read_text()))


def test_the_site_reads_and_the_worker_writes():
    accounts = {name: SERVICES[name]["environment"]["ELASTICSEARCH_USERNAME"] for name in OURS}
    assert accounts == {
        "site": "biofiliere-search",
        "worker": "biofiliere-index",
        "setup": "biofiliere-index",
    }
    roles = ROOT / "search" / "engines" / "elasticsearch" / "roles"
    assert {f"{account}.json" for account in accounts.values()} == {path.name for path in roles.iterdir()}
    assert not any("ELASTIC_PASSWORD" in SERVICES[name]["environment"] for name in OURS)


def test_ports_are_open_to_this_machine_alone():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def python(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the image's place: production settings, and of the environment only what the service is given."""
    image = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "BIOFILIERE_STATE_DIR": str(folder),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**image, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", OURS)
def test_production_starts_with_exactly_these_variables(name, tmp_path):
    """One warning stays: Wagtail's preview needs frames of the same site."""
    checked = python(tmp_path, filled(SERVICES[name]["environment"]), "manage.py", "check", "--deploy")
    assert checked.returncode == 0, checked.stderr
    assert re.findall(r"\((\w+\.[WE]\d+)\)", checked.stderr) == ["security.W019"]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_does_not_start_without(missing, tmp_path):
    environment = filled(SERVICES["site"]["environment"])
    del environment[missing]
    checked = python(tmp_path, environment, "-c", "import cms.settings.production")
    assert f"Set {missing} in the environment" in checked.stderr

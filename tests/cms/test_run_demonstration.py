"""`make demo` says at once what it lacks, before it writes anything."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from search import engines


@pytest.fixture(autouse=True)
def as_in_development(settings):
    settings.DEBUG = True
    engines.engine.cache_clear()
    yield
    engines.engine.cache_clear()


def test_elasticsearch_without_an_address_is_refused(settings):
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL = []
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
        call_command("run_demonstration", prepare_only=True)


def test_an_elasticsearch_that_does_not_answer_is_said_before_anything_is_loaded(settings):
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL = ["http://127.0.0.1:1"]
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:1"):
        call_command("run_demonstration", prepare_only=True)


def test_an_unknown_engine_is_refused(settings):
    settings.SEARCH_ENGINE = "solr"
    with pytest.raises(CommandError, match="inconnu : « solr »"):
        call_command("run_demonstration", prepare_only=True)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ([], "embedded"),
        (["ENGINE=elasticsearch"], "elasticsearch"),
        (["SEARCH_ENGINE=elasticsearch"], "elasticsearch"),
        (["SEARCH_ENGINE=elasticsearch", "ENGINE=embedded"], "embedded"),
    ],
)
def test_make_demo_passes_its_engine(variables, expected):
    """`make --dry-run` shows the command; the environment of these tests must not choose for it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ENGINE", "SEARCH_ENGINE", "MAKEFLAGS", "MAKELEVEL"}
    }
    shown = subprocess.run(
        ["make", "--dry-run", "demo", *variables],
        cwd=Path(project.BASE_DIR),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"SEARCH_ENGINE='{expected}'" in shown

"""The strict test harness.

Warnings are errors (pyproject.toml), the outside network is blocked, and an undefined template variable fails the test.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import VariableDoesNotExist, VariableNode
from django.utils import translation
from pytest_socket import socket_allow_hosts

from search.embeddings import has_model_library
from search.engines import engine

pytest_plugins = ["tests.elasticsearch_server", "tests.search.demonstration"]
OUR_TEMPLATES = str(Path(settings.BASE_DIR) / "cms" / "templates")


class UndefinedTemplateVariable(Exception):
    """A template of ours printed a variable that its context does not have."""


@pytest.fixture(autouse=True)
def outside_network_is_blocked():
    """Only loopback (the database, the live server, the browser) can be reached."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture
def own_index_folder(settings, tmp_path):
    """An index folder of the test's own, empty."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    engine.cache_clear()
    yield
    engine.cache_clear()


@pytest.fixture(autouse=True)
def french_first():
    """A test that switches to English leaves nothing of it to the next."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True)
def undefined_template_variables_fail(monkeypatch):
    """Printing an undefined variable raises in our own templates; Wagtail's admin relies on silent ones."""
    lenient_render = VariableNode.render

    def strict_render(node, context):
        _require_defined(node, context)
        return lenient_render(node, context)

    monkeypatch.setattr(VariableNode, "render", strict_render)


def _require_defined(node, context) -> None:
    expression = node.filter_expression
    template = getattr(getattr(node, "origin", None), "name", "") or ""
    if not template.startswith(OUR_TEMPLATES) or not expression.is_var or _has_default(expression):
        return
    try:
        expression.var.resolve(context)
    except VariableDoesNotExist as error:
        raise UndefinedTemplateVariable(f"{template} : {{{{ {expression.token} }}}}") from error


def _has_default(expression) -> bool:
    return any(function.__name__ in {"default", "default_if_none"} for function, _ in expression.filters)


@pytest.fixture(scope="session")
def model_folder():
    """The product's model, or the SentenceTransformer that EMBEDDING_MODEL names; CI must be able to run it."""
    if not has_model_library():
        missing = "sentence-transformers n'est pas installé (option « ml »)."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return settings.TEST_EMBEDDING_MODEL


@pytest.fixture
def real_model(model_folder, settings):
    """That model, put to use."""
    settings.EMBEDDING_MODEL = model_folder
    return model_folder


@pytest.fixture
def scikit_learn():
    """Characters are compared for real; CI must have the library."""
    if find_spec("sklearn") is None:
        missing = "scikit-learn n'est pas installé (option « ml »)."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)

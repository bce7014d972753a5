"""The harness itself: what must fail does fail."""

import socket

import pytest
from django.template import Context, Origin, Template
from pytest_socket import SocketConnectBlockedError

from tests.conftest import OUR_TEMPLATES, UndefinedTemplateVariable


def test_undefined_template_variable_fails():
    template = Template("{{ nothing.here }}", origin=Origin(f"{OUR_TEMPLATES}/probe.html"))
    with pytest.raises(UndefinedTemplateVariable, match=r"nothing\.here"):
        template.render(Context({}))


def test_outside_network_is_blocked():
    # The guard warns before it raises, and warnings are errors here.
    with (
        pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"),
        socket.socket() as connection,
    ):
        connection.connect(("192.0.2.1", 80))

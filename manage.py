#!/usr/bin/env python
"""Run Django's command line with the development settings unless the environment names others."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough; standard output must still close without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.stderr.write("Interrompu.\n")
        sys.exit(130)
    except (OperationalError, ProgrammingError) as error:
        sys.stderr.write(
            f"La base de données ne répond pas comme prévu : {error}\n"
            "S'il manque des tables, lancez « manage.py migrate » ; sinon vérifiez DATABASE_URL et BIOFILIERE_STATE_DIR.\n"
        )
        sys.exit(2)


if __name__ == "__main__":
    main()

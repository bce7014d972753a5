"""Build the model that CI's tests load, cut to the words of the project's own texts.

Usage: build_model.py BUILD_TEACHER OUT. The builder is the workplace's; only its output, a SentenceTransformer folder, matters.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = (
    "skills/referential/*.yaml",
    "jobs/profiles/*.yaml",
    "training/demonstration/*",
    "matching/samples/*.txt",
)


def main(builder: str, out: str) -> None:
    texts = sorted(str(path) for pattern in TEXTS for path in ROOT.glob(pattern))
    subprocess.run([sys.executable, "-W", "ignore", builder, out, "--keep-texts", *texts], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`manage.py build_title_index`: the index by which titles of jobs and diplomas are found by meaning and by spelling.

One rule: only what is new since the last build is encoded; run it after the open data or the model changed.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching.origins.title_index import store, stored_titles
from search.embeddings import embedder
from search.errors import EmbeddingUnavailable, IndexBusy, LinkingUnavailable
from skills.imports.progress import progress


class Command(BaseCommand):
    help = (
        "Construit l'index des intitulés de métiers et de diplômes, cherchés par le sens et l'orthographe. "
        "À relancer après un chargement de données ouvertes ou un changement de modèle."
    )

    def handle(self, **options: Any) -> None:
        model = embedder()
        if model is None:
            raise CommandError("Aucun modèle n'est choisi : donnez EMBEDDING_MODEL.", returncode=2)
        try:
            is_new = store().build(stored_titles(), model, lambda steps: progress(steps, "Intitulés"))
        except (EmbeddingUnavailable, IndexBusy, LinkingUnavailable) as error:
            raise CommandError(str(error), returncode=2) from error
        ranker = store().ranker(model)
        titles = len(ranker.known.concepts) if ranker else 0
        done = "est construit" if is_new else "est à jour : rien à faire"
        self.stdout.write(f"L'index des intitulés ({titles}) {done}.")

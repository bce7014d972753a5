"""Keeps a provider's feed to that provider's own trainings. Pure: no Django.

One rule: a feed never puts a training online under another organisation's name, unless a moderator said that
it is an aggregator's. The same company (the nine first digits of the SIRET) counts as the same organisation.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from skills.siret import normalise_siret, siret_error
from skills.text import text_key
from training.importers.rows import RejectedRow, SourceNote, TrainingRow, TrainingSource

_SIREN = 9


@dataclass
class OwnTrainings:
    """A source from which the trainings of others are rejected, each with its reason."""

    source: TrainingSource
    name: str
    siret: str = ""

    @property
    def complete(self) -> bool:
        return self.source.complete

    def rows(self) -> Iterator[TrainingRow | RejectedRow | SourceNote]:
        for item in self.source.rows():
            if isinstance(item, TrainingRow) and not self._is_own(item):
                given = item.provider.name if item.provider else ""
                reason = (
                    f"formation {item.external_id} : l'organisme responsable est « {given} », or"
                    f" ce flux est celui de « {self.name} »."
                )
                yield RejectedRow(item.line, reason, item.external_id)
            else:
                yield item

    def _is_own(self, row: TrainingRow) -> bool:
        if row.provider is None:
            return False
        given = row.provider.siret
        if given and not siret_error(given):
            return bool(self.siret) and normalise_siret(given)[:_SIREN] == self.siret[:_SIREN]
        return text_key(row.provider.name) == text_key(self.name)

"""Shows in a form where each imported field comes from, and which ones an editor corrected.

One rule: it only tells; correcting a field is editing it, and taking the source's words back is writing them again.
"""

from wagtail.admin.panels import Panel

from cms.views.sources import release_day
from skills.models import FieldProvenance, SourcedRecord

LONGEST_VALUE = 300
# Columns of an export that say where a row comes from.
PROVENANCE_COLUMNS = {
    "release.definition.name": "source",
    "release.version": "version",
    "release.day": "date des données ou du fichier",
    "release.definition.licence": "licence",
    "release.definition.attribution_fr": "mention",
    "corrected_labels": "champs corrigés par la rédaction",
    "withdrawn_on": "retirée de sa source le",
}


def state_of(record: SourcedRecord) -> str:
    """For a list: withdrawn, retired or corrected; empty for most rows."""
    if record.withdrawn_on:
        return f"retirée le {record.withdrawn_on:%d/%m/%Y}"
    if getattr(record, "is_retired", False):
        return "retirée d'ESCO"
    return "corrigée" if record.corrected_fields else ""


class ProvenancePanel(Panel):
    def __init__(self, heading: str = "D'où viennent les champs", **kwargs) -> None:
        super().__init__(heading=heading, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/provenance_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk and self.instance.given)

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            rows = [_row(provenance) for provenance in self.instance.provenances()]
            withdrawn_on = getattr(self.instance, "withdrawn_on", None)
            return context | {"rows": rows, "withdrawn_on": withdrawn_on}


def _row(provenance: FieldProvenance) -> dict:
    release = provenance.release
    return {
        "label": provenance.label,
        "source": release.definition.name,
        "version": release.version,
        "day": release_day(release),
        "licence": release.definition.licence,
        "is_corrected": provenance.is_corrected,
        "given": str(provenance.given if provenance.given is not None else "")[:LONGEST_VALUE],
    }

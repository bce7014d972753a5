"""Inline panels for children that are told apart by their words, and for those that fit on one line.

One rule: they lay out and tell what is given twice; fields, saving and the script that adds and removes rows are Wagtail's.
"""

from collections.abc import Callable, Sequence
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import Model
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.compare import ChildObjectComparison, ChildRelationComparison
from wagtail.admin.panels import InlinePanel
from wagtail.admin.telepath import register as register_telepath_adapter

# From the children shown to what is said under each, by position.
Notes = Callable[[Sequence[Model]], dict[int, str]]


class DistinctFormSet(BaseChildFormSet):
    """Refuses the same child twice, on the field `named` of the second. The check of modelcluster compares what a form shows,
    and a key that no form shows may be what tells two children apart.
    """

    named = ""

    def identity(self, row: Model) -> tuple:
        """Of the child as its form leaves it: its own check may have put it right."""
        raise NotImplementedError

    def validate_unique(self) -> None:
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not form.is_valid() or self.named not in form.cleaned_data:
                continue
            identity = self.identity(form.instance)
            if identity in seen:
                said = form.cleaned_data[self.named]
                form.add_error(self.named, ValidationError(f"« {said} » est déjà donné plus haut."))
            seen.add(identity)


class ChangedChildren(ChildRelationComparison):
    """Only the children that differ: a skill has dozens of labels, and a reader looks for the one that changed."""

    def get_child_comparisons(self) -> list[ChildObjectComparison]:
        return [
            child
            for child in super().get_child_comparisons()
            if child.is_addition() or child.is_deletion() or child.has_changed()
        ]


class DistinctPanel(InlinePanel):
    def __init__(self, relation_name, *, formset: type[DistinctFormSet], **kwargs) -> None:
        super().__init__(relation_name, **kwargs)
        self.formset = formset

    def clone_kwargs(self) -> dict:
        return {**super().clone_kwargs(), "formset": self.formset}

    def get_form_options(self) -> dict:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = self.formset
        return options

    @register_telepath_adapter
    class BoundPanel(InlinePanel.BoundPanel):
        telepath_adapter_name = "wagtail.panels.InlinePanel"

        def get_comparison(self) -> list[partial]:
            return [
                partial(ChangedChildren, *made.args, **made.keywords) for made in super().get_comparison()
            ]


class RowsPanel(DistinctPanel):
    """`columns` are the widths of a row's fields, as CSS grid tracks; `notes` says more under some rows."""

    def __init__(self, relation_name, *, columns: str, notes: Notes | None = None, **kwargs) -> None:
        super().__init__(relation_name, **kwargs)
        self.columns = columns
        self.notes = notes

    def clone_kwargs(self) -> dict:
        return {**super().clone_kwargs(), "columns": self.columns, "notes": self.notes}

    @register_telepath_adapter
    class BoundPanel(DistinctPanel.BoundPanel):
        template_name = "admin/rows_panel.html"
        telepath_adapter_name = "wagtail.panels.InlinePanel"

        def get_context_data(self, parent_context=None) -> dict:
            context = super().get_context_data(parent_context)
            notes = self.panel.notes([child.instance for child in self.children]) if self.panel.notes else {}
            return context | {
                "columns": self.panel.columns,
                "rows": [(child, notes.get(position, "")) for position, child in enumerate(self.children)],
            }

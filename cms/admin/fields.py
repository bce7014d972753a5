"""Form fields for lists: ticked boxes for lists of known values, typed codes for certifications and skills.

One rule: a list is never edited as raw JSON, and a long table never becomes a drop-down list.
"""

import re

from django import forms
from django.db import models
from wagtail.admin.forms.models import register_form_field_override

from jobs.models import JobProfilePage, Shift
from people.models import Organisation, QualiopiCategory
from training.models import Funding, TeachingLanguage, TrainingAction

_CHOICES = {
    (JobProfilePage, "shifts"): Shift,
    (Organisation, "qualiopi_categories"): QualiopiCategory,
    (TrainingAction, "funding"): Funding,
    (TrainingAction, "languages"): TeachingLanguage,
}


class TickedListField(forms.MultipleChoiceField):
    """A JSON list of known codes. `encoder` and `decoder` come from `JSONField.formfield`, of no use here."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**kwargs)


def _override(db_field: models.JSONField) -> dict:
    choices = _CHOICES.get((db_field.model, db_field.name))
    if choices is None:
        return {}
    # Without hidden initial values: a default list compares well enough with what is posted.
    return {"form_class": TickedListField, "choices": choices.choices, "show_hidden_initial": False}


def register_list_fields() -> None:
    register_form_field_override(models.JSONField, override=_override)


class CodeListWidget(forms.TextInput):
    def format_value(self, value) -> str:
        return ", ".join(str(code) for code in value) if isinstance(value, (list, tuple)) else (value or "")

    def value_from_datadict(self, data, files, name) -> list[str]:
        return [code for code in re.split(r"[\s,;]+", data.get(name, "")) if code]


class CodeListField(forms.ModelMultipleChoiceField):
    """Objects named by their codes, separated by commas: fit for tables of thousands, without JavaScript."""

    widget = CodeListWidget
    default_error_messages = {"invalid_choice": "Code inconnu : « %(value)s »."}

    def __init__(self, queryset, *, upper: bool = False, **kwargs):
        super().__init__(queryset, to_field_name="code", required=False, **kwargs)
        self.upper = upper

    def clean(self, value):
        return super().clean([code.upper() if self.upper else code.lower() for code in value or []])

"""Form fields for lists: ticked boxes for lists of known values, typed codes for certifications and skills.

One rule: a list is never edited as raw JSON, and a long table never becomes a drop-down list.
"""

import re

from django import forms
from django.db import models
from wagtail.admin.compare import FieldComparison, register_comparison_class
from wagtail.admin.forms.models import register_form_field_override

from jobs.models import JobProfilePage, Shift
from people.models import Organisation, QualiopiCategory
from skills.models import MappingScheme, Modality, Skill, SkillLabel
from training.models import Funding, TeachingLanguage, TrainingAction

_CHOICES = {
    (JobProfilePage, "shifts"): Shift,
    (Organisation, "qualiopi_categories"): QualiopiCategory,
    (Skill, "modalities"): Modality,
    (Skill, "unmapped"): MappingScheme,
    (TrainingAction, "funding"): Funding,
    (TrainingAction, "languages"): TeachingLanguage,
}


# Lists of free words, typed between commas.
_WORDS = {(SkillLabel, "context")}


class TickedListField(forms.MultipleChoiceField):
    """A JSON list of known codes. `encoder` and `decoder` come from `JSONField.formfield`, of no use here."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**kwargs)


class WordListField(forms.CharField):
    """A JSON list of words, typed between commas."""

    def __init__(self, *, encoder=None, decoder=None, **kwargs):
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value) -> list[str]:
        # A null character passes the check of texts, which reads the list as code would write it.
        words = re.split(r"[,;\n]", value.replace("\x00", "")) if isinstance(value, str) else value or []
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def has_changed(self, initial, data) -> bool:
        return self.to_python(initial) != self.to_python(data)


def _override(db_field: models.JSONField) -> dict:
    # Without hidden initial values: a default list compares well enough with what is posted.
    key = (db_field.model, db_field.name)
    if key in _WORDS:
        return {"form_class": WordListField, "show_hidden_initial": False}
    if key in _CHOICES:
        choices = _CHOICES[key].choices
        return {"form_class": TickedListField, "choices": choices, "show_hidden_initial": False}
    return {}


class ListComparison(FieldComparison):
    """Two versions of a list, in words: « vaccins, thérapie génique », never as JSON."""

    def __init__(self, field, obj_a, obj_b):
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = self._in_words(self.val_a), self._in_words(self.val_b)

    def _in_words(self, value) -> str:
        choices = _CHOICES.get((self.field.model, self.field.name))
        labels = dict(choices.choices) if choices else {}
        return ", ".join(str(labels.get(one, one)) for one in value or [])


def register_list_fields() -> None:
    register_form_field_override(models.JSONField, override=_override)
    register_comparison_class(models.JSONField, comparison_class=ListComparison)


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

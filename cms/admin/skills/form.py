"""The form of a skill.

One rule: a draft may lack words and never contradicts the referential: rows of a draft are rows of the database, and a text
belongs to one skill.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.widgets import AdminAutoHeightTextInput

from cms.admin.fields import CodeListField
from cms.admin.fixed_code import FixedCodeForm
from cms.admin.rows_panel import DistinctFormSet
from skills.concept_files.entries import EVERY_MODALITY
from skills.models import LabelKind, MappingScheme, Skill, SkillLabel, SkillLevel, SkillMapping
from skills.models.referential import validate_code
from skills.stored_concepts import errors_among_stored
from skills.text import fold_accents, text_key

LONGEST_CODE = 50  # of the files
_NOT_CODE = re.compile(r"[^a-z0-9]+")
_SEPARATOR = " · "
_CHILDREN = {
    "labels": (SkillLabel, ("kind", "language", "text", "context")),
    "levels": (SkillLevel, ("level", "descriptor_fr", "descriptor_en")),
    "mappings": (SkillMapping, ("scheme", "code", "match")),
}


def new_code(label: str) -> str:
    """A free code made of a label: codes are read by people, so they say what they mean."""
    base = _NOT_CODE.sub("-", fold_accents(label).lower()).strip("-")[: LONGEST_CODE - 4].strip("-")
    base = base or "competence"
    taken = set(Skill.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


class SkillListWidget(AdminAutoHeightTextInput):
    """One skill a line, with its label, so that a list of codes can be read."""

    def format_value(self, value) -> str:
        if not isinstance(value, (list, tuple)):
            return value or ""
        found = {skill.code: skill for skill in Skill.objects.filter(code__in=value)}
        return "\n".join(self._line(code, found.get(code)) for code in value)

    def _line(self, code: str, skill: Skill | None) -> str:
        if skill is None:
            return code
        return f"{code}{_SEPARATOR}{skill.label_fr}{' (retirée)' if skill.is_retired else ''}"

    def value_from_datadict(self, data, files, name) -> list[str]:
        lines = data.get(name, "").replace("\x00", "").splitlines()
        return [line.strip() for line in lines if line.strip()]


class SkillListField(CodeListField):
    """Skills named by their codes (several a line, between commas) or, one a line, by their exact label."""

    widget = SkillListWidget

    def clean(self, value):
        said = [line.split(_SEPARATOR.strip())[0].strip() for line in value or []]
        known = set(Skill.objects.filter(code__in=said).values_list("code", flat=True))
        named = _codes_by_text() if set(said) - known else {}
        codes: list[str] = []
        for one in said:
            found = named.get(text_key(one), set())
            if one not in known and len(found) == 1:
                codes.extend(found)
            else:
                codes.extend([one] if one in known else filter(None, re.split(r"[\s,;]+", one)))
        return super().clean(codes).select_related("replaced_by")


def _codes_by_text() -> dict[str, set[str]]:
    """Which skills in use each text names. Two queries, asked only when a line is no code."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    skills = Skill.objects.published()
    for code, *labels in skills.order_by().values_list("code", "label_fr", "label_en"):
        for label in labels:
            named[text_key(label)].add(code)
    texts = SkillLabel.objects.filter(skill__in=skills).order_by().values_list("key", "skill__code")
    for key, code in texts:
        named[key].add(code)
    return dict(named)


class LabelFormSet(DistinctFormSet):
    named = "text"

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        # The help of the panel says what a hidden label is; here its name must fit.
        short = {LabelKind.HIDDEN.value: "libellé caché"}
        form.fields["kind"].choices = [(value, short.get(value, name)) for value, name in LabelKind.choices]

    def identity(self, row: SkillLabel) -> tuple:
        return row.language, text_key(row.text)


class LevelFormSet(DistinctFormSet):
    named = "level"

    def identity(self, row: SkillLevel) -> tuple:
        return (row.level,)


class MappingFormSet(DistinctFormSet):
    named = "code"

    def identity(self, row: SkillMapping) -> tuple:
        return row.scheme, row.code


class SkillForm(FixedCodeForm):
    # A preview shows what is typed, whatever the rules say of it.
    checks_rules = True

    code = forms.CharField(
        label="Code",
        max_length=LONGEST_CODE,
        required=False,
        validators=[validate_code],
        help_text="L'identité de la compétence, donnée une fois pour toutes. Vide : fait d'après le libellé anglais.",
    )
    broader = SkillListField(
        Skill.objects.all(),
        label="Compétences plus larges",
        help_text="Une par ligne : son code, ou son libellé exact.",
    )
    related = SkillListField(
        Skill.objects.all(),
        label="Compétences voisines",
        help_text="Une par ligne : son code, ou son libellé exact. Le lien vaut dans les deux sens.",
    )

    def clean_code(self) -> str:
        if self.instance.pk is not None:
            return self.instance.code
        return self.cleaned_data["code"] or new_code(
            self.data.get("label_en") or self.data.get("label_fr", "")
        )

    def clean_modalities(self) -> list[str]:
        return self.cleaned_data["modalities"] or [EVERY_MODALITY]

    def clean(self):
        cleaned = super().clean()
        self._check_links(cleaned)
        sound = [formset.is_valid() for formset in self.formsets.values()]
        self._check_texts(cleaned)
        self._check_unmapped(cleaned)
        if self.checks_rules and all(sound) and not self.errors:
            for sentence in errors_among_stored(self._wanted(cleaned).as_entry()):
                self.add_error(None, ValidationError(capitalised(sentence)))
        return cleaned

    def _rows(self, relation: str) -> Iterator[forms.ModelForm]:
        """The forms of the children that are kept and could be read."""
        formset = self.formsets[relation]
        for form in formset.forms:
            if (
                form not in formset.deleted_forms
                and form.is_valid()
                and form.has_changed() | bool(form.instance.pk)
            ):
                yield form

    def _check_links(self, cleaned: dict) -> None:
        for name in ("broader", "related"):
            before = {other.pk for other in self.initial.get(name) or []}
            for other in list(cleaned.get(name) or []):
                if other.code == cleaned.get("code"):
                    self.add_error(name, ValidationError("Une compétence ne se lie pas à elle-même."))
                elif other.is_retired and other.pk not in before:
                    self.add_error(name, ValidationError(_retired(other)))

    def _check_texts(self, cleaned: dict) -> None:
        """Languages count, since a word may be the same in both."""
        names = {(one, text_key(cleaned.get(f"label_{one}", ""))) for one in ("fr", "en")}
        for form in list(self._rows("labels")):
            text = form.instance.text
            if (form.instance.language, text_key(text)) in names:
                form.add_error("text", ValidationError(f"« {text} » est déjà le libellé de la compétence."))

    def _check_unmapped(self, cleaned: dict) -> None:
        mapped = {form.instance.scheme for form in self._rows("mappings")}
        if both := [MappingScheme(one).label for one in cleaned.get("unmapped") or [] if one in mapped]:
            message = f"« Aucun équivalent » est coché, et une correspondance est donnée : {', '.join(both)}."
            self.add_error("unmapped", ValidationError(message))

    def _wanted(self, cleaned: dict) -> Skill:
        """The skill as the form wants it, in memory only and apart from the one that will be saved."""
        names = ("code", "domain", "kind", "label_fr", "label_en", "definition_fr", "definition_en")
        wanted = Skill(
            **{name: cleaned[name] for name in (*names, "modalities", "unmapped")},
            status=self.instance.status,
            replaced_by=self.instance.replaced_by,
        )
        for relation, (model, fields) in _CHILDREN.items():
            rows = [form.instance for form in self._rows(relation)]
            setattr(
                wanted, relation, [model(**{name: getattr(row, name) for name in fields}) for row in rows]
            )
        wanted.broader, wanted.related = list(cleaned["broader"]), list(cleaned["related"])
        return wanted


def _retired(skill: Skill) -> str:
    successor = f" ; citez « {skill.replaced_by.code} »" if skill.replaced_by else ""
    return f"« {skill.code} » est retirée{successor}."


def capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

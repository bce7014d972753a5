"""The form of a skill as a browser posts it."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data

from skills.models import Skill
from tests.cms import admin_factories as make

CHILDREN = {
    "labels": ("kind", "language", "text", "context"),
    "levels": ("level", "descriptor_fr", "descriptor_en"),
    "mappings": ("scheme", "code", "match"),
}


def skill_form(*, labels=(), levels=(), mappings=(), action: str = "", **fields) -> dict:
    """A new skill; children as tuples of their fields, in the order of `CHILDREN`."""
    rows = {"labels": labels, "levels": levels, "mappings": mappings}
    data = {
        "label_fr": "Conduire un bioréacteur",
        "label_en": "Operate a bioreactor",
        "definition_fr": "Préparer, inoculer et piloter un bioréacteur à usage unique.",
        "definition_en": "Set up, inoculate and run a single-use bioreactor.",
        "code": "",
        "domain": make.domain().pk,
        "kind": "know-how",
        "broader": "",
        "related": "",
        **fields,
    }
    for relation, names in CHILDREN.items():
        data[relation] = inline_formset([dict(zip(names, row, strict=True)) for row in rows[relation]])
    modalities, unmapped = data.pop("modalities", ["all"]), data.pop("unmapped", [])
    posted = {**nested_form_data(data), "modalities": modalities, "unmapped": unmapped}
    return posted | ({f"action-{action}": "1"} if action else {})


def form_of(skill: Skill, *, action: str = "", **changes) -> dict:
    """The form as it opens on a stored skill, with some fields changed; `changes` may hold whole formset keys."""
    data = skill_form(
        code=skill.code,
        domain=skill.domain_id,
        kind=skill.kind,
        label_fr=skill.label_fr,
        label_en=skill.label_en,
        definition_fr=skill.definition_fr,
        definition_en=skill.definition_en,
        broader="\n".join(other.code for other in skill.broader.all()),
        related="\n".join(other.code for other in skill.related.all()),
        modalities=skill.modalities,
        unmapped=skill.unmapped,
        action=action,
    )
    for relation, names in CHILDREN.items():
        rows = list(getattr(skill, relation).all())
        data |= {f"{relation}-TOTAL_FORMS": len(rows), f"{relation}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            values = {name: getattr(row, name) for name in names}
            if relation == "labels":
                values["context"] = ", ".join(row.context)
            data |= {f"{relation}-{number}-{name}": value for name, value in values.items()}
            data |= {f"{relation}-{number}-id": row.pk, f"{relation}-{number}-DELETE": ""}
    return data | changes


def added(relation: str, number: int, *values) -> dict:
    """One more row after `number` others."""
    row = dict(zip(CHILDREN[relation], values, strict=True))
    return {
        f"{relation}-TOTAL_FORMS": number + 1,
        **{f"{relation}-{number}-{name}": value for name, value in row.items()},
        f"{relation}-{number}-id": "",
        f"{relation}-{number}-DELETE": "",
    }

"""How the form of a skill is laid out: one tab a subject.

One rule: what only an action may change (retirement) or only the files say (provenance) is shown, never typed.
"""

from collections.abc import Sequence

from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)

from cms.admin.provenance import ProvenancePanel
from cms.admin.rows_panel import DistinctPanel, RowsPanel
from cms.admin.skills.form import LabelFormSet, LevelFormSet, MappingFormSet, SkillForm
from cms.admin.skills.retiring import RetirementPanel
from cms.admin.skills.reviews import ReviewsPanel
from cms.admin.skills.uses import UsesPanel
from skills.models import EscoSkill, MappingScheme, RomeCompetence, SkillMapping


def foreign_names(mappings: Sequence[SkillMapping]) -> dict[int, str]:
    """What each mapped concept is called where it comes from, once the open data are loaded. Two queries."""
    codes = [mapping.code for mapping in mappings]
    esco = {one.uri: str(one) for one in EscoSkill.objects.filter(uri__in=codes)}
    rome = {one.ogr_code: str(one) for one in RomeCompetence.objects.filter(ogr_code__in=codes)}
    names = {MappingScheme.ESCO: esco, MappingScheme.ROME: rome}
    found = {
        position: names.get(mapping.scheme, {}).get(mapping.code, "")
        for position, mapping in enumerate(mappings)
    }
    return {position: name for position, name in found.items() if name}


WORDS = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("label_fr", required_on_save=True), FieldPanel("label_en")]),
            FieldRowPanel([FieldPanel("domain"), FieldPanel("kind")]),
            FieldPanel("code"),
        ],
        heading="La compétence",
    ),
    MultiFieldPanel(
        [FieldPanel("definition_fr"), FieldPanel("definition_en")],
        heading="Définition",
        help_text="Ce qu'on sait faire, avec quoi et dans quelles limites ; pas une reprise du libellé.",
    ),
    FieldPanel("modalities", heading="Biomédicaments concernés"),
]

LABELS = [
    RowsPanel(
        "labels",
        heading="Autres libellés",
        label="Libellé",
        help_text=(
            "Un texte appartient à une seule compétence. Les libellés cachés (fautes, mots courants) servent à trouver, "
            "jamais à montrer. Un sigle qui a plusieurs sens donne les mots près desquels il a celui-ci, séparés par des "
            "virgules."
        ),
        panels=[FieldPanel("kind"), FieldPanel("language"), FieldPanel("text"), FieldPanel("context")],
        formset=LabelFormSet,
        columns="10rem 7rem 3fr 2fr",
    )
]

LEVELS = [
    DistinctPanel(
        "levels",
        formset=LevelFormSet,
        heading="Niveaux",
        label="Niveau",
        help_text="Seulement là où la description générale du niveau ne dit pas assez ce qu'on fait.",
        panels=[
            FieldPanel("level"),
            FieldRowPanel([FieldPanel("descriptor_fr"), FieldPanel("descriptor_en")]),
        ],
        max_num=4,
    )
]

LINKS = [
    MultiFieldPanel([FieldPanel("broader"), FieldPanel("related")], heading="Liens entre compétences"),
    RowsPanel(
        "mappings",
        heading="Correspondances avec ESCO et ROME",
        label="Correspondance",
        help_text="La correspondance se lit de notre compétence vers l'autre : « plus large » dit que l'autre est plus large.",
        panels=[FieldPanel("scheme"), FieldPanel("match"), FieldPanel("code")],
        formset=MappingFormSet,
        columns="7rem 9rem 1fr",
        notes=foreign_names,
    ),
    FieldPanel("unmapped", heading="Aucun équivalent"),
]


def skill_edit_handler() -> TabbedInterface:
    return TabbedInterface(
        [
            ObjectList(WORDS, heading="La compétence"),
            ObjectList(LABELS, heading="Autres libellés"),
            ObjectList(LEVELS, heading="Niveaux"),
            ObjectList(LINKS, heading="Liens et correspondances"),
            ObjectList(
                [
                    RetirementPanel(heading="Retrait"),
                    UsesPanel(heading="Ce qui s'en sert"),
                    ProvenancePanel(),
                ],
                heading="Usages et sources",
            ),
            ObjectList([ReviewsPanel(heading="Remarques des relectures extérieures")], heading="Relectures"),
        ],
        base_form_class=SkillForm,
    )

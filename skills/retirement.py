"""What becomes of everything that uses a skill when the skill is retired or merged into another.

One rule: a retired skill names its replacement, and every use of it follows; nothing is lost, and what was done is told. The
apps above register their own uses (`register_skill_links`): this module knows none of them by name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count
from wagtail.models import Revision

from skills.models import Skill, SkillStatus
from skills.signals import skill_changed


@dataclass(frozen=True)
class SkillLinks:
    """A model whose rows tie an owner (a training, a job page) to a skill.

    `owner` names its foreign key to the owner, `relation` the owner's name for these rows, `identity` the owner's field
    that tells it apart on screen (both pages of a job are one job), `absorb` gives a row what its twin said more.
    """

    model: type[models.Model]
    owner: str
    relation: str
    identity: str
    singular: str
    plural: str
    absorb: Callable[[models.Model, models.Model], None]

    def counts(self, skills: Iterable[int]) -> dict[int, int]:
        """How many owners use each skill. One query."""
        rows = self.model._default_manager.filter(skill__in=list(skills)).order_by()
        distinct = rows.values("skill").annotate(uses=Count(f"{self.owner}__{self.identity}", distinct=True))
        return dict(distinct.values_list("skill", "uses"))


@dataclass(frozen=True)
class Moved:
    """One use that followed a retired skill to its replacement."""

    what: str
    identity: str
    retired: str
    replacement: str

    def __str__(self) -> str:
        return f"{self.what} {self.identity} : {self.retired} → {self.replacement}"


_links: list[SkillLinks] = []


def register_skill_links(links: SkillLinks) -> None:
    if links not in _links:
        _links.append(links)


def registered_links() -> tuple[SkillLinks, ...]:
    """Every kind of use, in the order in which the apps registered them."""
    return tuple(_links)


def use_counts(skills: Iterable[int]) -> dict[int, dict[str, int]]:
    """By skill, how many of each kind of owner use it (« métiers »: 7). One query a kind."""
    wanted = list(skills)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for links in _links:
        for skill, uses in links.counts(wanted).items():
            found[skill][links.singular if uses == 1 else links.plural] = uses
    return dict(found)


def replacement_of(skill: Skill) -> Skill:
    """The skill that stands for this one, through every retirement; itself where it is in use."""
    seen = {skill.pk}
    while skill.status == SkillStatus.DEPRECATED and skill.replaced_by and skill.replaced_by_id not in seen:
        skill = skill.replaced_by
        seen.add(skill.pk)
    return skill


@transaction.atomic
def retire(skill: Skill, replacement: Skill) -> list[Moved]:
    """Retire a skill for another and let its uses follow; raises ValidationError where the two do not go together."""
    skill.status, skill.replaced_by = SkillStatus.DEPRECATED, replacement
    skill.clean()
    skill.save()
    skill_changed.send(sender=Skill, skill_id=skill.pk)
    return follow_retired()


@transaction.atomic
def follow_retired() -> list[Moved]:
    """Move every use of a retired skill to its replacement. Three queries where nothing is to be done."""
    moved: list[Moved] = []
    for links in _links:
        rows = links.model._default_manager.filter(
            skill__status=SkillStatus.DEPRECATED, skill__replaced_by__isnull=False
        )
        for row in rows.select_related("skill__replaced_by", links.owner).order_by("pk"):
            moved.extend(_follow(row, links))
    return sorted(set(moved), key=str)


def _follow(row: models.Model, links: SkillLinks) -> list[Moved]:
    retired = row.skill
    replacement = replacement_of(retired)
    if replacement.status == SkillStatus.DEPRECATED:
        return []
    owner = getattr(row, links.owner)
    twin = links.model._default_manager.filter(**{links.owner: owner}, skill=replacement).first()
    if twin is None:
        row.skill = replacement
        row.save()
    else:
        links.absorb(twin, row)
        twin.save()
        row.delete()
    _follow_in_draft(owner, links, retired, replacement)
    return [Moved(links.singular, str(getattr(owner, links.identity)), retired.code, replacement.code)]


def _follow_in_draft(owner: models.Model, links: SkillLinks, retired: Skill, replacement: Skill) -> None:
    """The latest revision is what an editor opens: it must not bring the retired skill back."""
    revision = Revision.objects.filter(pk=owner.latest_revision_id).first()
    if revision is None:
        return
    rows = revision.content.get(links.relation, [])
    has_replacement = any(row["skill"] == replacement.pk for row in rows)
    kept = [row for row in rows if row["skill"] != retired.pk or not has_replacement]
    for row in kept:
        if row["skill"] == retired.pk:
            row["skill"] = replacement.pk
    revision.content[links.relation] = kept
    revision.save(update_fields=["content"])

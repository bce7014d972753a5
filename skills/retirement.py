"""What becomes of everything that uses a skill when the skill is retired or merged into another.

One rule: a retired skill names its replacement, and every use of it follows, in what stands and in drafts; nothing is lost,
and what was done is told. The apps above register their own uses (`register_skill_links`): this module knows none of them by
name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from modelcluster.models import get_serializable_data_for_fields, model_from_serializable_data
from wagtail.models import Revision

from skills.models import Skill, SkillStatus
from skills.signals import skill_changed


@dataclass(frozen=True)
class SkillLinks:
    """A model whose rows tie an owner (a training, a job page) to a skill.

    `owner` names its foreign key to the owner, `relation` the owner's name for these rows, `identity` the owner's field
    that tells it apart on screen (both pages of a job are one job), `absorb` gives a row what its twin said more; None where
    an owner may have several rows of one skill: then each of them stays. `is_private` owners have no drafts, and are neither
    counted, named nor told of: their rows follow in silence.
    """

    model: type[models.Model]
    owner: str
    relation: str
    identity: str
    singular: str
    plural: str
    absorb: Callable[[models.Model, models.Model], None] | None
    is_private: bool = False

    @property
    def owner_model(self) -> type[models.Model]:
        return self.model._meta.get_field(self.owner).related_model

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
    """Every kind of use that is told of, in the order in which the apps registered them."""
    return tuple(links for links in _links if not links.is_private)


def use_counts(skills: Iterable[int]) -> dict[int, dict[str, int]]:
    """By skill, how many of each kind of owner use it (« métiers »: 7). One query a kind."""
    wanted = list(skills)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for links in registered_links():
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
    if replacement.pk != skill.pk and not _is_in_use(replacement):
        reason = "est retirée" if replacement.is_retired else "n'est pas publiée"
        raise ValidationError(
            {"replaced_by": f"« {replacement.code} » {reason} : choisissez une compétence en usage."}
        )
    skill.status, skill.replaced_by = SkillStatus.DEPRECATED, replacement
    skill.clean()
    skill.save()
    skill_changed.send(sender=Skill, skill_id=skill.pk)
    return follow_retired()


def _is_in_use(skill: Skill) -> bool:
    return skill.live and not skill.is_retired


Replacements = Mapping[int, tuple[Skill, Skill]]


@transaction.atomic
def follow_retired() -> list[Moved]:
    """Move every use of a retired skill to its replacement.

    One query where no skill is retired, three more a kind of use where nothing is to be done.
    """
    moved: set[Moved] = set()
    if replacements := _replacements():
        for links in _links:
            moved |= _follow(links, replacements)
    return sorted(moved, key=str)


def _replacements() -> Replacements:
    """By retired skill, itself and the skill in use that stands for it; none where that one is a draft, or in a circle."""
    retired = {
        skill.pk: skill
        for skill in Skill.objects.filter(
            status=SkillStatus.DEPRECATED, replaced_by__isnull=False
        ).select_related("replaced_by")
    }
    found = {}
    for pk, skill in retired.items():
        seen, last = {pk}, skill.replaced_by
        while last.pk in retired and last.pk not in seen:
            seen.add(last.pk)
            last = retired[last.pk].replaced_by
        if _is_in_use(last):
            found[pk] = (skill, last)
    return found


def _follow(links: SkillLinks, replacements: Replacements) -> set[Moved]:
    moved, owners = set(), set()
    for row, retired, replacement in _follow_rows(links, replacements):
        owner = getattr(row, links.owner)
        owners.add(owner.pk)
        moved.add(Moved(links.singular, str(getattr(owner, links.identity)), retired.code, replacement.code))
    if links.is_private:
        return set()
    drafts = set(_follow_drafts(links, replacements, owners))
    told = {(one.identity, one.retired) for one in moved}
    return moved | {one for one in drafts if (one.identity, one.retired) not in told}


def _follow_rows(
    links: SkillLinks, replacements: Replacements
) -> Iterator[tuple[models.Model, Skill, Skill]]:
    """What stands. A row whose owner has the replacement already gives it what it said more, and goes."""
    rows = list(
        links.model._default_manager.filter(skill__in=replacements).select_related(links.owner).order_by("pk")
    )
    twins = _twins(links, rows, {replacement.pk for _, replacement in replacements.values()})
    for row in rows:
        retired, replacement = replacements[row.skill_id]
        place = (getattr(row, f"{links.owner}_id"), replacement.pk)
        if links.absorb is not None and place in twins:
            twin = twins[place]
            links.absorb(twin, row)
            twin.save()
            row.delete()
        else:
            row.skill = replacement
            row.save()
            twins[place] = row
        yield row, retired, replacement


def _twins(
    links: SkillLinks, rows: list[models.Model], replacements: set[int]
) -> dict[tuple[int, int], models.Model]:
    """The rows of the same owners that name a replacement, by owner and skill."""
    if links.absorb is None or not rows:
        return {}
    owners = {getattr(row, f"{links.owner}_id") for row in rows}
    found = links.model._default_manager.filter(
        **{f"{links.owner}__in": owners, "skill__in": replacements}
    ).select_related(links.owner)
    return {(getattr(row, f"{links.owner}_id"), row.skill_id): row for row in found}


# --- Drafts: what an editor opens, and what will be published on its day, must not bring a retired skill back.
def _follow_drafts(links: SkillLinks, replacements: Replacements, moved: set[int]) -> Iterator[Moved]:
    owners = links.owner_model._default_manager.filter(Q(has_unpublished_changes=True) | Q(pk__in=moved))
    latest = Q(pk__in=owners.order_by().values("latest_revision"))
    kind = ContentType.objects.get_for_model(links.owner_model)
    scheduled = Q(content_type=kind, approved_go_live_at__isnull=False)
    for revision in Revision.objects.filter(latest | scheduled).order_by("pk"):
        rows = revision.content.get(links.relation, [])
        gone = [row["skill"] for row in rows if row.get("skill") in replacements]
        if not gone:
            continue
        revision.content[links.relation] = _followed(links, rows, replacements)
        revision.save(update_fields=["content"])
        for pk in gone:
            retired, replacement = replacements[pk]
            identity = str(revision.content.get(links.identity, ""))
            yield Moved(f"{links.singular} (brouillon)", identity, retired.code, replacement.code)


def _followed(
    links: SkillLinks, rows: list[dict[str, Any]], replacements: Replacements
) -> list[dict[str, Any]]:
    """The rows of a draft as `_follow_rows` would leave them."""
    kept: list[dict[str, Any]] = []
    standing = {row.get("skill"): row for row in rows if row.get("skill") not in replacements}
    for row in rows:
        if row.get("skill") not in replacements:
            kept.append(row)
            continue
        _, replacement = replacements[row["skill"]]
        twin = standing.get(replacement.pk)
        if links.absorb is not None and twin is not None:
            into, gone = (
                model_from_serializable_data(links.model, one, check_fks=False) for one in (twin, row)
            )
            links.absorb(into, gone)
            twin |= get_serializable_data_for_fields(into)
        else:
            row["skill"] = replacement.pk
            standing[replacement.pk] = row
            kept.append(row)
    return kept

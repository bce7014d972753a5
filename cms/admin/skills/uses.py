"""What uses a skill, for the form and for the pages that retire or merge it.

One rule: everybody reads how many; only who may see an object, or what is online, is named.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import Panel
from wagtail.permissions import policy_registry

from skills.models import Skill
from skills.retirement import SkillLinks, registered_links, use_counts

SHOWN = 20
# Both pages of a job, at most, for each one shown.
READ = 2 * SHOWN + 2


@dataclass(frozen=True)
class Use:
    """`state` is empty for what is online."""

    label: str
    url: str
    state: str = ""


@dataclass(frozen=True)
class UseGroup:
    title: str
    uses: list[Use]
    is_cut: bool


def counts_in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def uses_of(skill: Skill, user) -> list[UseGroup]:
    """The first uses of each kind. Two queries a kind, and those of the pages' permissions."""
    counts = use_counts([skill.pk]).get(skill.pk, {})
    groups = []
    for links in registered_links():
        name = next((one for one in (links.singular, links.plural) if one in counts), "")
        if name:
            uses = _uses(skill, links, user)
            groups.append(UseGroup(f"{counts[name]} {name}", uses, counts[name] > len(uses)))
    return groups


def _uses(skill: Skill, links: SkillLinks, user) -> list[Use]:
    own = policy_registry.get_by_type(links.owner_model).instances_user_has_any_permission_for(
        user, ["change"]
    )
    rows = (
        links.model._default_manager.filter(skill_id=skill.pk)
        .filter(Q(**{f"{links.owner}__live": True}) | Q(**{f"{links.owner}__in": own.values("pk")}))
        .select_related(links.owner)
        .order_by(f"{links.owner}__{links.identity}", "pk")
    )
    finder = AdminURLFinder(user)
    found: dict[str, Use] = {}
    for row in rows[:READ]:
        one = getattr(row, links.owner)
        identity = getattr(one, links.identity)
        if identity not in found and len(found) < SHOWN:
            found[identity] = Use(str(one), finder.get_edit_url(one) or "", "" if one.live else "hors ligne")
    return list(found.values())


def linked_skills(skill: Skill) -> list[UseGroup]:
    """Skills whose own links name this one: narrower ones, and those that it replaces. Two queries."""
    groups = []
    for title, others in (
        ("Compétences plus étroites", skill.narrower),
        ("Compétences qu'elle remplace", skill.replaces),
    ):
        found = list(others.order_by("code")[: SHOWN + 1])
        if found:
            uses = [
                Use(
                    one.label_fr,
                    reverse("admin_skills:edit", args=[one.pk]),
                    "" if one.live else "hors ligne",
                )
                for one in found[:SHOWN]
            ]
            groups.append(UseGroup(title, uses, len(found) > SHOWN))
    return groups


class UsesPanel(Panel):
    """On the form: what would change if the skill did."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/skill_uses.html"

        def is_shown(self) -> bool:
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None) -> dict:
            groups = [*uses_of(self.instance, self.request.user), *linked_skills(self.instance)]
            return {**super().get_context_data(parent_context), "groups": groups}

"""Permission policies: what an account may do with organisations' trainings, feeds and needs, with skills and open data.

One rule: the group says what one may do, the organisation says on what. Moderators and superusers see every
organisation; nobody else sees, or learns the existence of, another organisation's object.
"""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from jobs.models import OnisepJobSheet
from people.access import MODERATORS_GROUP, is_moderator, organisations_of
from skills.models import EscoOccupation, EscoSkill, RomeCompetence, RomeJob, RomeTitle
from training.models import Diploma

_CACHE = "_biofiliere_reach"


def is_number(pk) -> bool:
    """A primary key that any of the databases can look for."""
    return str(pk).isascii() and str(pk).isdecimal() and len(str(pk)) <= 18


@dataclass(frozen=True)
class Reach:
    """Which organisations an account acts for; `everything` for moderators and superusers."""

    everything: bool
    organisation_ids: frozenset[int]

    def includes(self, organisation_id: int | None) -> bool:
        return self.everything or organisation_id in self.organisation_ids


def reach_of(user) -> Reach:
    """Computed once a request: Django loads the user anew for each."""
    if not hasattr(user, _CACHE):
        everything = is_moderator(user)
        ids = frozenset() if everything else frozenset(organisations_of(user).values_list("pk", flat=True))
        setattr(user, _CACHE, Reach(everything, ids))
    return getattr(user, _CACHE)


class OrganisationPermissionPolicy(ModelPermissionPolicy):
    """Django's model permissions, narrowed to the objects of the account's organisations."""

    def __init__(self, model, organisation_field: str):
        super().__init__(model)
        self.organisation_field = organisation_field

    def user_has_permission(self, user, action) -> bool:
        if not super().user_has_permission(user, action):
            return False
        reach = reach_of(user)
        return reach.everything or bool(reach.organisation_ids)

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        if not self.user_has_permission(user, action):
            return False
        if not reach_of(user).includes(getattr(instance, f"{self.organisation_field}_id")):
            return False
        # Deleting what is online takes it off the site: only who may publish may do that.
        return (
            action != "delete"
            or not getattr(instance, "live", False)
            or self.user_has_permission(user, "publish")
        )

    def instances_user_has_any_permission_for(self, user, actions) -> QuerySet:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        reach = reach_of(user)
        if reach.everything:
            return self.model._default_manager.all()
        return self.model._default_manager.filter(
            **{f"{self.organisation_field}__in": reach.organisation_ids}
        )

    def users_with_any_permission_for_instance(self, actions, instance) -> QuerySet:
        organisation_id = getattr(instance, f"{self.organisation_field}_id")
        able = self.users_with_any_permission(actions).values("pk")
        near = (
            Q(is_superuser=True)
            | Q(groups__name=MODERATORS_GROUP)
            | Q(memberships__organisation_id=organisation_id)
        )
        return get_user_model().objects.filter(near, pk__in=able).distinct()

    def visible_to(self, user) -> QuerySet:
        """Every object the account may open at all."""
        return self.instances_user_has_any_permission_for(
            user, ["add", "change", "delete", "publish", "view"]
        )


class SkillPolicy(ModelPermissionPolicy):
    """A skill that was ever in use is retired, never deleted: its code is not given again. Drafts made by hand may go."""

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        was_used = instance.live or instance.first_published_at or instance.is_retired or instance.given
        if action == "delete" and was_used:
            return False
        return super().user_has_permission_for_instance(user, action, instance)


# What open-data sources give and moderators correct.
SOURCED_MODELS = (EscoSkill, EscoOccupation, RomeJob, RomeTitle, RomeCompetence, Diploma, OnisepJobSheet)


class SourcePolicy(ModelPermissionPolicy):
    """Nobody adds nor deletes by hand what an open-data source gives."""

    def user_has_permission(self, user, action) -> bool:
        return action not in ("add", "delete") and super().user_has_permission(user, action)


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Facts of past imports."""

    def user_has_permission(self, user, action) -> bool:
        return action == "view" and super().user_has_permission(user, action)

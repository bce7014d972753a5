"""The admin's home page: what one may do here, and what waits.

One rule: it counts and names only what the account's policies let it see.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import TaskState
from wagtail.permissions import policy_registry

from cms.admin import match_reports
from cms.admin.policies import reach_of
from jobs.models import EmployerNeed
from matching.models import MatchReport, ReportState
from skills.models import Skill
from training.models import FeedOutcome, Training, TrainingFeed


class WelcomePanel(Component):
    name = "biofiliere_welcome"
    template_name = "admin/home_panel.html"
    order = 50

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        cards = [
            _moderation_card(user),
            _card(user, Training, "Formations", "admin_trainings", "Créer une formation"),
            _feeds_card(user),
            _card(user, EmployerNeed, "Besoins", "admin_needs", "Exprimer un besoin"),
            _card(user, Skill, "Compétences", "admin_skills", "Créer une compétence"),
            _reports_card(user),
        ]
        reach = reach_of(user)
        shown = [card for card in cards if card]
        return {
            "cards": shown,
            # Who writes the referential needs no organisation.
            "without_organisation": not shown and not reach.everything and not reach.organisation_ids,
        }


def _card(user, model, title: str, namespace: str, action: str) -> dict | None:
    policy = policy_registry.get_by_type(model)
    if not policy.user_has_any_permission(user, ["add", "change"]):
        return None
    seen = policy.instances_user_has_any_permission_for(user, ["add", "change", "delete", "publish", "view"])
    counts = seen.aggregate(
        online=Count("pk", filter=Q(live=True)), offline=Count("pk", filter=Q(live=False))
    )
    return {
        "title": title,
        "text": f"{counts['online']} en ligne, {counts['offline']} hors ligne",
        "url": reverse(f"{namespace}:list"),
        "url_label": "Voir la liste",
        "action_url": reverse(f"{namespace}:add") if policy.user_has_permission(user, "add") else "",
        "action_label": action,
    }


def _moderation_card(user) -> dict | None:
    if not reach_of(user).everything:
        return None
    waiting = {model: _waiting(user, model) for model in (Training, Skill)}
    said = [
        f"{count} {model._meta.verbose_name}{'s' if count > 1 else ''}"
        for model, count in waiting.items()
        if count
    ]
    count = sum(waiting.values())
    return {
        "title": "Modération",
        "text": f"{' et '.join(said)} à relire." if said else "Rien n'attend de relecture.",
        "url": reverse("admin_trainings:list"),
        "url_label": "Voir les formations",
        "action_url": "#awaiting-review" if count else "",
        "action_label": "Relire",
    }


def _waiting(user, model) -> int:
    of_model = {"workflow_state__base_content_type": ContentType.objects.get_for_model(model)}
    return TaskState.objects.reviewable_by(user).filter(**of_model).count()


def _feeds_card(user) -> dict | None:
    policy = policy_registry.get_by_type(TrainingFeed)
    if not policy.user_has_any_permission(user, ["add", "change"]):
        return None
    troubled = [FeedOutcome.HELD, FeedOutcome.REFUSED, FeedOutcome.FAILED]
    counts = policy.visible_to(user).aggregate(
        active=Count("pk", filter=Q(is_active=True)),
        asleep=Count("pk", filter=Q(is_active=False)),
        troubled=Count("pk", filter=Q(is_active=True, last_outcome__in=troubled)),
    )
    return {
        "title": "Flux",
        "text": f"{counts['active']} actifs, {counts['troubled']} à regarder, {counts['asleep']} inactifs",
        "url": reverse("admin_feeds:list"),
        "url_label": "Voir la liste",
        "action_url": reverse("admin_feeds:add") if policy.user_has_permission(user, "add") else "",
        "action_label": "Ajouter un flux",
    }


def _reports_card(user) -> dict | None:
    if not match_reports.may_review(user):
        return None
    count = MatchReport.objects.filter(state=ReportState.NEW).count()
    said = f"{count} signalement{'s' if count > 1 else ''} à regarder."
    return {
        "title": match_reports.TITLE,
        "text": said if count else "Aucun signalement à regarder.",
        "url": match_reports.waiting_address(),
        "url_label": "Voir la liste",
        "action_url": "",
        "action_label": "",
    }


def construct_home(request, panels: list) -> None:
    """Wagtail's other panels tell about pages, or name what one submitted for an organisation left since."""
    kept = [panel for panel in panels if isinstance(panel, WorkflowObjectsToModeratePanel)]
    panels[:] = [WelcomePanel(), *(kept if reach_of(request.user).everything else [])]

"""The pages of a feed's runs: the list, one run with its difference, and the two things one may ask for.

One rule: nothing is fetched or loaded while the browser waits: a button only writes a task for the worker.
The addresses are guarded by the viewset; what changes something also asks the policy about the feed itself.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from training.feeds.claims import is_running
from training.models import FeedOutcome, FeedRun, TrainingFeed
from training.tasks import accept_held_run, fetch_feed

RUNS_A_PAGE = 20
CHANGES_A_PAGE = 50
ACTIONS = {"added": "ajout", "changed": "modification", "removed": "retrait"}
# What asks for somebody's attention stands out.
CALM = (FeedOutcome.LOADED, FeedOutcome.UNCHANGED)


class FeedPage:
    """What every address of a feed starts from."""

    @cached_property
    def feed(self) -> TrainingFeed:
        return get_object_or_404(TrainingFeed.objects.select_related("organisation"), pk=self.kwargs["pk"])

    @cached_property
    def run(self) -> FeedRun:
        return get_object_or_404(
            FeedRun.objects.select_related("feed"), pk=self.kwargs["run_pk"], feed_id=self.kwargs["pk"]
        )

    @cached_property
    def may_change(self) -> bool:
        policy = policy_registry.get_by_type(TrainingFeed)
        return policy.user_has_permission_for_instance(self.request.user, "change", self.feed)

    @property
    def runs_url(self) -> str:
        return reverse("admin_feeds:runs", args=[self.feed.pk])

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("admin_feeds:edit", args=[self.feed.pk])
        return [HeaderButton("Modifier le flux", url=url, icon_name="edit")] if self.may_change else []

    def breadcrumbs(self, *last: dict) -> list[dict]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": "Accueil"},
            {"url": reverse("admin_feeds:list"), "label": "Flux"},
            {"url": reverse("admin_feeds:edit", args=[self.feed.pk]), "label": str(self.feed)},
            *last,
        ]

    def paginated(self, items, size: int) -> dict:
        paginator = WagtailPaginator(items, size)
        page = paginator.get_page(self.request.GET.get("p"))
        return {"page": page, "elided_page_range": paginator.get_elided_page_range(page.number)}


class FeedRunsView(FeedPage, WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/feed_runs.html"
    page_title = "Passages"
    header_icon = "history"

    def get_breadcrumbs_items(self):
        return self.breadcrumbs({"url": "", "label": self.page_title})

    def get_context_data(self, **kwargs):
        pages = self.paginated(self.feed.runs.defer("report"), RUNS_A_PAGE)
        for run in pages["page"]:
            run.look = "w-status--primary" if run.outcome in CALM else "w-status--label"
        return {
            **super().get_context_data(**kwargs),
            **pages,
            "feed": self.feed,
            "is_running": is_running(self.feed),
            "fetch_url": reverse("admin_feeds:fetch", args=[self.feed.pk]) if self.may_change else "",
        }


class FeedRunView(FeedPage, WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/feed_run.html"
    header_icon = "history"

    def get_page_title(self) -> str:
        return f"Passage du {timezone.localtime(self.run.started_at):%d/%m/%Y à %H:%M}"

    def get_breadcrumbs_items(self):
        return self.breadcrumbs(
            {"url": self.runs_url, "label": FeedRunsView.page_title},
            {"url": "", "label": self.get_page_title()},
        )

    def get_context_data(self, **kwargs):
        report = self.run.report
        changes = report.get("changes", [])
        return {
            **super().get_context_data(**kwargs),
            **self.paginated([_shown(change) for change in changes], CHANGES_A_PAGE),
            "run": self.run,
            "errors": report.get("errors", []),
            "warnings": report.get("warnings", []),
            "kept": len(changes),
            "total": self.run.added + self.run.changed + self.run.removed,
            "accept_url": self.accept_url(),
        }

    def accept_url(self) -> str:
        if not (self.may_change and self.run.can_be_accepted):
            return ""
        return reverse("admin_feeds:accept", args=[self.feed.pk, self.run.pk])


def _shown(change: dict) -> dict:
    fields = [
        {"name": name, "before": before, "after": after} for name, (before, after) in change["fields"].items()
    ]
    return {"action": ACTIONS[change["action"]], "code": change["code"], "fields": fields}


class FeedActionView(FeedPage, View):
    """A button: post only, for who may change the feed."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        if not self.feed.is_active:
            messages.error(request, "Ce flux n'est pas actif : la modération doit d'abord l'activer.")
        elif is_running(self.feed):
            messages.warning(request, "Ce flux est déjà en cours de récupération.")
        else:
            self.ask(request)
        return redirect(self.runs_url)

    def ask(self, request) -> None:
        raise NotImplementedError


class FetchNowView(FeedActionView):
    def ask(self, request) -> None:
        fetch_feed.enqueue(self.feed.pk)
        messages.success(request, "Récupération demandée : le résultat apparaît ici dès qu'il est connu.")


class AcceptRemovalsView(FeedActionView):
    def ask(self, request) -> None:
        if not self.run.can_be_accepted:
            messages.error(request, "Ce passage ne peut plus être accepté : un autre l'a suivi.")
            return
        accept_held_run.enqueue(self.run.pk, request.user.pk)
        messages.success(request, "Retraits acceptés : le contenu retenu va être chargé.")

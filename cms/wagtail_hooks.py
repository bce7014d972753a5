"""What the site adds to the Wagtail admin.

One rule: permission policies are registered first, before anything asks Wagtail for one.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.admin.policies import (
    SOURCED_MODELS,
    OrganisationPermissionPolicy,
    ReadOnlyPolicy,
    SkillPolicy,
    SourcePolicy,
    reach_of,
)
from jobs.models import EmployerNeed, JobIndexPage, JobProfilePage
from skills.models import DataRelease, Skill
from training.models import Training, TrainingFeed

register_permission_policy(Training, OrganisationPermissionPolicy(Training, "provider"))
register_permission_policy(TrainingFeed, OrganisationPermissionPolicy(TrainingFeed, "organisation"))
register_permission_policy(EmployerNeed, OrganisationPermissionPolicy(EmployerNeed, "organisation"))
register_permission_policy(Skill, SkillPolicy(Skill))
for model in SOURCED_MODELS:
    register_permission_policy(model, SourcePolicy(model))
register_permission_policy(DataRelease, ReadOnlyPolicy(DataRelease))

# These read the policies registered above.
from cms.admin import certification_watch, match_reports  # noqa: E402
from cms.admin.choosers import CHOOSERS  # noqa: E402
from cms.admin.feeds import FeedViewSet  # noqa: E402
from cms.admin.fields import register_list_fields  # noqa: E402
from cms.admin.home import construct_home  # noqa: E402
from cms.admin.needs import NeedViewSet  # noqa: E402
from cms.admin.open_data import OpenDataGroup  # noqa: E402
from cms.admin.referential import ReferentialGroup  # noqa: E402
from cms.admin.scoped import SafeDeleteBulkAction  # noqa: E402
from cms.admin.skills import retiring, unknown_terms  # noqa: E402
from cms.admin.trainings import TrainingViewSet  # noqa: E402
from cms.views.job_list import refuse_unknown_choices  # noqa: E402

register_list_fields()


def moderators_only(view):
    """Wagtail's reports filter by type of content, not by object: they would name others' drafts."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not reach_of(request.user).everything:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@hooks.register("register_admin_urls")
def guard_reports():
    # Imported here: `wagtail.admin.urls` reads the hooks while it loads.
    from wagtail.admin.urls import reports

    decorate_urlpatterns(reports.urlpatterns, moderators_only)
    return []


@hooks.register("register_admin_viewset")
def register_choosers():
    return CHOOSERS


# Not by the `register_admin_viewset` hook: `migrate` creates the publish and lock permissions of snippets.
for screens in (TrainingViewSet, FeedViewSet, NeedViewSet, ReferentialGroup, OpenDataGroup):
    register_snippet(screens)


# After Wagtail's own action, which it replaces.
hooks.register("register_bulk_action", SafeDeleteBulkAction, order=100)
hooks.register("construct_homepage_panels", construct_home)


hooks.register("register_admin_urls", certification_watch.urls)
hooks.register("register_admin_urls", unknown_terms.urls)
hooks.register("register_admin_urls", match_reports.urls)
hooks.register("register_admin_menu_item", certification_watch.menu_item)


@hooks.register("insert_global_admin_css")
def our_admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


hooks.register("register_log_actions", retiring.register_log_actions)


@hooks.register("construct_main_menu")
def keep_useful_menu_items(request, menu_items):
    """Reports are the moderators'; Wagtail's help speaks of Wagtail."""
    hidden = {"help"} if reach_of(request.user).everything else {"help", "reports"}
    menu_items[:] = [item for item in menu_items if item.name not in hidden]


@hooks.register("before_serve_page")
def refuse_unknown_job_choices(page, request, serve_args, serve_kwargs):
    return refuse_unknown_choices(request) if isinstance(page, JobIndexPage) else None


@hooks.register("register_page_listing_buttons")
def need_from_job_listing_button(page, user, next_url=None):
    if isinstance(page, JobProfilePage):
        yield _need_button(page)


@hooks.register("register_page_header_buttons")
def need_from_job_header_button(page, user, view_name, next_url=None):
    if isinstance(page, JobProfilePage):
        yield _need_button(page)


def _need_button(page: JobProfilePage) -> Button:
    url = f"{reverse('admin_needs:add')}?job={page.code}"
    return Button("Exprimer un besoin", url=url, icon_name="plus", priority=60)

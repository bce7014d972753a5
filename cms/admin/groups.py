"""Groups, their permissions and the moderation workflow.

One rule: `setup_groups` states what must be; run twice it changes nothing. Providers never hold
`publish_training`, nor editors of the referential `publish_skill`: what they write goes online by the moderators' approval.
Employers publish their own needs: a vacancy that waits for a moderator is a vacancy lost, and only known organisations have
accounts.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from cms.admin.policies import SOURCED_MODELS
from jobs.models import EmployerNeed
from matching.models import MatchCase, MatchReport
from people.access import (
    EMPLOYERS_GROUP,
    MODERATORS_GROUP,
    PROVIDERS_GROUP,
    REFERENTIAL_EDITORS_GROUP,
)
from people.models import Membership, Organisation
from skills.models import DataRelease, Domain, Skill
from training.models import Certification, Training, TrainingFeed

WORKFLOW_NAME = "Modération des formations"
TASK_NAME = "Relecture par la modération"

EDITING = ("add", "change", "delete", "view")
ALL_ACTIONS = (*EDITING, "publish")
OPEN_DATA = (*SOURCED_MODELS, DataRelease)
REFERENTIAL = (Domain, Certification, Organisation, Membership)
MODERATED = (Training, Skill)


def setup_groups() -> None:
    """Create or bring up to date the groups and the moderation workflow."""
    providers, employers, editors, moderators = (
        Group.objects.get_or_create(name=name)[0]
        for name in (PROVIDERS_GROUP, EMPLOYERS_GROUP, REFERENTIAL_EDITORS_GROUP, MODERATORS_GROUP)
    )
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    feeds = _permissions(TrainingFeed, EDITING)
    providers.permissions.set([access, *_permissions(Training, EDITING), *feeds])
    employers.permissions.set([access, *_permissions(EmployerNeed, ALL_ACTIONS)])
    reports = [*_permissions(MatchReport, ("change", "view")), *_permissions(MatchCase, EDITING)]
    editors.permissions.set(
        [access, *_permissions(Skill, ("add", "change", "view")), *_permissions(Domain, ("view",)), *reports]
    )
    moderators.permissions.set(
        [
            access,
            *(
                permission
                for model in MODERATED
                for permission in _permissions(model, (*ALL_ACTIONS, "lock", "unlock"))
            ),
            *feeds,
            *reports,
            *_permissions(EmployerNeed, ALL_ACTIONS),
            *(permission for model in OPEN_DATA for permission in _permissions(model, ("change", "view"))),
            *(permission for model in REFERENTIAL for permission in _permissions(model, EDITING)),
        ]
    )
    _give_pages(moderators)
    _setup_workflow(moderators)


def _permissions(model, actions: Iterable[str]) -> list[Permission]:
    content_type = ContentType.objects.get_for_model(model)
    codenames = [f"{action}_{model._meta.model_name}" for action in actions]
    found = list(Permission.objects.filter(content_type=content_type, codename__in=codenames))
    if len(found) != len(codenames):
        missing = sorted(set(codenames) - {permission.codename for permission in found})
        raise LookupError(f"Droits absents : {', '.join(missing)}. Lancez d'abord « manage.py migrate ».")
    return found


def _give_pages(moderators: Group) -> None:
    """Both languages' home pages are children of the root: rights on it cover the whole site."""
    root = Page.get_first_root_node()
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=moderators, page=root, permission=permission)


def _setup_workflow(moderators: Group) -> None:
    workflow, _ = Workflow.objects.get_or_create(name=WORKFLOW_NAME, defaults={"active": True})
    task, _ = GroupApprovalTask.objects.get_or_create(name=TASK_NAME, defaults={"active": True})
    task.groups.add(moderators)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for model in MODERATED:
        WorkflowContentType.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )

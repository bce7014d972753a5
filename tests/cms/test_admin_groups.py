"""Groups and the moderation workflow: complete, and the same after a second run."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Workflow, WorkflowTask

from cms.admin.groups import WORKFLOW_NAME, setup_groups
from people.access import EMPLOYERS_GROUP, MODERATORS_GROUP, PROVIDERS_GROUP
from training.models import Training

pytestmark = pytest.mark.django_db


def _state():
    return (
        {
            group.name: sorted(group.permissions.values_list("codename", flat=True))
            for group in Group.objects.all()
        },
        sorted(GroupPagePermission.objects.values_list("group__name", "page_id", "permission__codename")),
        sorted(Workflow.objects.values_list("name", "active")),
        sorted(WorkflowTask.objects.values_list("workflow__name", "task__name", "sort_order")),
    )


def test_second_run_changes_nothing():
    setup_groups()
    first = _state()
    setup_groups()
    assert _state() == first


def test_providers_may_not_publish_and_moderators_may():
    setup_groups()
    permissions = _state()[0]
    assert "publish_training" not in permissions[PROVIDERS_GROUP]
    assert {"add_training", "change_training", "access_admin"} <= set(permissions[PROVIDERS_GROUP])
    assert {"publish_training", "publish_employerneed"} <= set(permissions[MODERATORS_GROUP])
    assert "publish_employerneed" in permissions[EMPLOYERS_GROUP]
    assert not [name for name in permissions[EMPLOYERS_GROUP] if name.endswith("_training")]


def test_trainings_follow_the_moderation_workflow():
    setup_groups()
    workflow = Training.get_default_workflow()
    assert workflow.name == WORKFLOW_NAME
    task = GroupApprovalTask.objects.get(workflow_tasks__workflow=workflow)
    assert [group.name for group in task.groups.all()] == [MODERATORS_GROUP]


def test_moderators_may_publish_every_page():
    setup_groups()
    granted = GroupPagePermission.objects.filter(
        group__name=MODERATORS_GROUP, page=Page.get_first_root_node()
    )
    codenames = set(granted.values_list("permission__codename", flat=True))
    assert codenames == {"add_page", "change_page", "publish_page"}

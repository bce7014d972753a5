"""Which objects wait for a moderator, asked once for a whole list.

One rule: Wagtail's own status asks the database for each row; lists annotate instead.
"""

from django.db.models import CharField, Exists, Model, OuterRef
from django.db.models.functions import Cast
from wagtail.models import WorkflowState


def being_reviewed(model: type[Model]) -> Exists:
    return Exists(
        WorkflowState.objects.filter(
            base_content_type__app_label=model._meta.app_label,
            base_content_type__model=model._meta.model_name,
            object_id=Cast(OuterRef("pk"), CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
    )

"""Writes the tree of a training: new, or over the one that is stored.

One rule: rows that are still there keep their primary key (an action and a session by external id, a link
by its skill), because other tables may point at them; the caller owns the transaction.
"""

from django.utils import timezone

from training.importers.trees import (
    ACTION_FIELDS,
    ACTION_LINKS,
    SESSION_FIELDS,
    TRAINING_FIELDS,
    ActionTree,
    TrainingTree,
    known_certifications,
)
from training.models import Certification, Training, TrainingAction, TrainingSession, TrainingSkill

LINK_FIELDS = ("level", "origin", "confirmed_by", "evidence")


def create_tree(tree: TrainingTree) -> Training:
    """Save a new training, published, with everything below it."""
    training = tree.training
    training.provider = tree.provider
    training.live = True
    training.first_published_at = training.last_published_at = timezone.now()
    training.save()
    _certifications(training, tree.certifications)
    for position, link in enumerate(tree.skills):
        link.training, link.sort_order = training, position
    TrainingSkill.objects.bulk_create(tree.skills)
    _create_actions(training, tree.actions, start=0)
    return training


def update_tree(tree: TrainingTree, stored: TrainingTree) -> Training:
    """Save what changed; publish again a training that had left its source."""
    training = stored.training
    for name in TRAINING_FIELDS:
        setattr(training, name, getattr(tree.training, name))
    training.provider = tree.provider
    training.diploma = tree.training.diploma
    training.given = tree.training.given
    if training.left_source_on is not None:
        training.left_source_on = None
        training.live = True
    training.last_published_at = timezone.now()
    if sorted(tree.certifications) != sorted(stored.certifications):
        _certifications(training, tree.certifications)
    _update_skills(training, tree, stored)
    _update_actions(training, tree, stored)
    training.save()
    return training


def _certifications(training: Training, codes: list[str]) -> None:
    """Link the certifications; one that is not in the register we hold is created with an unknown title."""
    known = known_certifications(codes)
    for code in codes:
        if code not in known:
            known[code] = Certification.objects.create(code=code)
    Through = Training.certifications.through
    Through.objects.filter(training_id=training.pk).exclude(certification__code__in=codes).delete()
    linked = set(
        Through.objects.filter(training_id=training.pk).values_list("certification__code", flat=True)
    )
    Through.objects.bulk_create(
        Through(training_id=training.pk, certification_id=known[code].pk)
        for code in codes
        if code not in linked
    )


def _update_skills(training: Training, tree: TrainingTree, stored: TrainingTree) -> None:
    links = {link.skill_id: link for link in stored.skills}
    wanted = {link.skill_id for link in tree.skills}
    TrainingSkill.objects.filter(
        pk__in=[link.pk for skill_id, link in links.items() if skill_id not in wanted]
    ).delete()
    for position, link in enumerate(tree.skills):
        kept = links.get(link.skill_id)
        if kept is None:
            link.training, link.sort_order = training, position
            link.save()
        elif _copy(link, kept, LINK_FIELDS, position):
            kept.save()


def _update_actions(training: Training, tree: TrainingTree, stored: TrainingTree) -> None:
    kept = {branch.action.external_id: branch for branch in stored.actions}
    wanted = {branch.action.external_id for branch in tree.actions}
    for external_id, branch in kept.items():
        if external_id not in wanted:
            branch.action.delete()
    for position, branch in enumerate(tree.actions):
        known = kept.get(branch.action.external_id)
        if known is None:
            _create_actions(training, [branch], start=position)
        elif branch.action.pk is None:  # others are stored rows that the source does not own
            if _copy(branch.action, known.action, (*ACTION_FIELDS, *ACTION_LINKS, "given"), position):
                known.action.save()
            _update_sessions(known.action, branch, known)


def _update_sessions(action: TrainingAction, branch: ActionTree, stored: ActionTree) -> None:
    kept = {session.external_id: session for session in stored.sessions}
    wanted = {session.external_id for session in branch.sessions}
    TrainingSession.objects.filter(
        pk__in=[session.pk for external_id, session in kept.items() if external_id not in wanted]
    ).delete()
    for position, session in enumerate(branch.sessions):
        known = kept.get(session.external_id)
        if known is None:
            session.action, session.sort_order = action, position
            session.save()
        elif session.pk is None and _copy(session, known, (*SESSION_FIELDS, "given"), position):
            known.save()


def _copy(
    new: TrainingAction | TrainingSession | TrainingSkill, known, names: tuple[str, ...], position: int
) -> bool:
    """Copy what differs onto the known row; say whether anything did."""
    changed = known.sort_order != position
    known.sort_order = position
    for name in names:
        value = getattr(new, name)
        if getattr(known, name) != value:
            setattr(known, name, value)
            changed = True
    return changed


def _create_actions(training: Training, branches: list[ActionTree], start: int) -> None:
    for position, branch in enumerate(branches, start=start):
        branch.action.training, branch.action.sort_order = training, position
    TrainingAction.objects.bulk_create(branch.action for branch in branches)
    sessions = []
    for branch in branches:
        for position, session in enumerate(branch.sessions):
            session.action, session.sort_order = branch.action, position
            sessions.append(session)
    TrainingSession.objects.bulk_create(sessions)

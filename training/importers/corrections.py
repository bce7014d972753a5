"""Lets what editors corrected on an imported training stand when its source is read again.

One rule: the row built from the source takes the stored value of every field that an editor corrected, so that comparing and
writing know of no correction. What the source says is kept in `given` all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skills.imports.merging import Given as GivenFields
from skills.imports.merging import merge
from skills.models import Given, as_given
from training.importers.organisations import identity
from training.importers.trees import (
    ACTION_FIELDS,
    SESSION_FIELDS,
    TRAINING_FIELDS,
    ActionTree,
    TrainingTree,
)
from training.models import TrainingSkill


@dataclass(frozen=True)
class Releases:
    """The release that gives the fields of a row: `usual`, but for those that come from elsewhere."""

    usual: object
    others: Mapping[str, object] = field(default_factory=dict)

    def of(self, name: str) -> object:
        return self.others.get(name, self.usual)


PLACE_FIELDS = ("commune", "region")
# Marked at loading, not said by the source.
OWN_FIELDS = ("is_demonstration",)


def keep_corrections(tree: TrainingTree, stored: TrainingTree | None, releases: Releases) -> int:
    """Merge `tree`, built from the source, with what is stored; return how many corrections stand."""
    kept = _merge_training(tree, stored, releases)
    actions = {branch.action.external_id: branch for branch in stored.actions} if stored else {}
    for branch in tree.actions:
        kept += _merge_action(branch, actions.get(branch.action.external_id), releases)
    if stored:
        _keep_hand_made(tree, stored)
    return kept


def given_differs(tree: TrainingTree, stored: TrainingTree) -> bool:
    """Whether what the source says is new, though nothing that stands changes."""
    before = {branch.action.external_id: branch for branch in stored.actions}
    return tree.training.given != stored.training.given or any(
        _action_given(branch) != _action_given(before.get(branch.action.external_id))
        for branch in tree.actions
    )


def _action_given(branch: ActionTree | None) -> list[object]:
    if branch is None:
        return []
    return [branch.action.given, *(session.given for session in branch.sessions)]


def _merge_training(tree: TrainingTree, stored: TrainingTree | None, releases: Releases) -> int:
    new, old = tree.training, stored.training if stored else None
    fields = [name for name in TRAINING_FIELDS if name not in OWN_FIELDS]
    kept = _merge_fields(new, old, fields, releases)
    if old is None:
        said = _lists(tree)
        new.given |= {name: [value, releases.of(name)] for name, value in said.items()}
        return len(kept)
    if _stands(tree, stored, "provider", identity(tree.provider), identity(stored.provider), releases):
        tree.provider = stored.provider
        kept.append("provider")
    codes = sorted(tree.certifications)
    if _stands(tree, stored, "certifications", codes, sorted(stored.certifications), releases):
        tree.certifications = stored.certifications
        kept.append("certifications")
    return len(kept) + _merge_skills(tree, stored, releases)


def _lists(tree: TrainingTree) -> dict[str, object]:
    return {
        "provider": identity(tree.provider),
        "certifications": sorted(tree.certifications),
        "skills": _levels(tree.skills),
    }


def _levels(links: Iterable[TrainingSkill]) -> dict[str, int]:
    return {link.skill.code: link.level for link in links}


def _merge_fields(new: Given, old: Given | None, names: Iterable[str], releases: Releases) -> list[str]:
    """Fill `new.given`, and take from `old` the fields that an editor corrected; their names."""
    said = {name: as_given(getattr(new, name)) for name in names}
    if old is None:
        new.given = {name: [value, releases.of(name)] for name, value in said.items()}
        return []
    current = {name: as_given(getattr(old, name)) for name in said}
    merged = merge(current, old.given or _as_it_stands(current), said, release=releases.usual)
    given = {name: [value, releases.of(name)] for name, (value, _usual) in merged.given.items()}
    new.given = _first_said(old.given, given)
    for name in merged.kept:
        setattr(new, name, getattr(old, name))
    return merged.kept


def _as_it_stands(current: dict[str, object]) -> GivenFields:
    """A row imported before corrections were told apart: what stands is taken for what its source said."""
    return {name: [value, None] for name, value in current.items()}


def _first_said(before: GivenFields, after: GivenFields) -> GivenFields:
    """A field that the source says again as before keeps the release in which it said so first."""
    return {
        name: before[name] if name in before and before[name][0] == entry[0] else entry
        for name, entry in {**before, **after}.items()
    }


def _stands(
    tree: TrainingTree, stored: TrainingTree, name: str, said: object, current: object, releases: Releases
) -> bool:
    """Whether an editor's value of something that is no plain field stands; notes what the source says of it."""
    given = stored.training.given
    before = {name: given[name]} if name in given else {}
    merged = merge(
        {name: current}, before or _as_it_stands({name: current}), {name: said}, release=releases.of(name)
    )
    tree.training.given |= _first_said(before, merged.given)
    return bool(merged.kept)


def _merge_skills(tree: TrainingTree, stored: TrainingTree, releases: Releases) -> int:
    """Link by link: a level that an editor changed and a link that an editor took away stand."""
    said = _levels(tree.skills)
    before = stored.training.given.get("skills")
    standing = {link.skill.code: link for link in stored.skills}
    tree.training.given["skills"] = before if before and before[0] == said else [said, releases.of("skills")]
    if before is None:
        return 0
    kept, links = 0, []
    for link in tree.skills:
        code = link.skill.code
        own = standing.get(code)
        if code in before[0] and (own is None or own.level != before[0][code]):
            kept += own is None or own.level != link.level
            if own is None:
                continue
            link.level = own.level
        links.append(link)
    tree.skills = links
    return kept


def _merge_action(branch: ActionTree, stored: ActionTree | None, releases: Releases) -> int:
    names = (*ACTION_FIELDS, *(f"{name}_id" for name in PLACE_FIELDS))
    kept = len(_merge_fields(branch.action, stored.action if stored else None, names, releases))
    sessions = {session.external_id: session for session in stored.sessions} if stored else {}
    for session in branch.sessions:
        kept += len(_merge_fields(session, sessions.get(session.external_id), SESSION_FIELDS, releases))
    return kept


def _keep_hand_made(tree: TrainingTree, stored: TrainingTree) -> None:
    """Actions and sessions that people added in the admin have no identifier in the source: they stay."""
    by_id = {branch.action.external_id: branch for branch in tree.actions}
    for branch in stored.actions:
        if not branch.action.external_id:
            tree.actions.append(branch)
        elif branch.action.external_id in by_id:
            sessions = by_id[branch.action.external_id].sessions
            sessions += [s for s in branch.sessions if not s.external_id and s not in sessions]

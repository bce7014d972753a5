"""A training with all that lies below it, as unsaved objects: built from a row, and compared with what the
database holds.

One rule: building and comparing write nothing, so that a dry run shows exactly what loading would do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import Model

from people.models import Organisation
from skills.geography import distance_km
from skills.imports.report import FieldChange, field_changes
from skills.models import Skill
from skills.places_lookup import ResolvedPlace, resolve_place
from skills.retirement import replacement_of
from training.importers.organisations import OrganisationDirectory, identity
from training.importers.rows import ActionRow, PlaceRow, SkillRow, TrainingRow
from training.models import Certification, Diploma, Training, TrainingAction, TrainingSession, TrainingSkill
from training.models.training import SkillOrigin

FAR_KM = 100
TRAINING_FIELDS = (
    "kind",
    "title_fr",
    "title_en",
    "objectives",
    "content",
    "prerequisites",
    "entry_level",
    "exit_level",
    "url",
    "is_demonstration",
)
ACTION_FIELDS = (
    "mode",
    "languages",
    "hours",
    "practical_hours",
    "cleanroom_grade",
    "equipment_scale",
    "practice_setting",
    "weeks",
    "price_eur",
    "funding",
    "address",
    "latitude",
    "longitude",
)
ACTION_LINKS = ("delivering_provider", "commune", "region")
SESSION_FIELDS = ("starts_on", "ends_on", "seats", "is_permanent_entry")


@dataclass
class ActionTree:
    action: TrainingAction
    sessions: list[TrainingSession] = field(default_factory=list)


@dataclass
class TrainingTree:
    training: Training
    provider: Organisation | None
    certifications: list[str]
    skills: list[TrainingSkill]
    actions: list[ActionTree]


class TreeBuilder:
    """Turns rows into validated trees; keeps what all rows share (skills, places, organisations)."""

    def __init__(self, source: str, organisations: OrganisationDirectory, *, demonstration: bool) -> None:
        self.source = source
        self.organisations = organisations
        self.demonstration = demonstration
        self.skills = {skill.code: skill for skill in Skill.objects.select_related("replaced_by")}
        self._diploma = lru_cache(maxsize=None)(_diploma)
        self._resolve = lru_cache(maxsize=5_000)(_resolve)

    def build(self, row: TrainingRow, notes: list[str]) -> TrainingTree:
        """Raise `ValidationError` when a value cannot be taken; add to `notes` what was set aside."""
        provider = self.organisations.find(row.provider, notes) if row.provider else None
        training = Training(
            **{name: getattr(row, name) for name in TRAINING_FIELDS if name != "is_demonstration"},
            is_demonstration=self.demonstration,
            source=self.source,
            external_id=row.external_id,
            diploma=self._diploma(row.diploma) if row.diploma else None,
        )
        _validate(training, exclude=("provider", "diploma", "code"))
        return TrainingTree(
            training=training,
            provider=provider,
            certifications=list(row.certifications),
            skills=self._skills(row.skills, notes),
            actions=[self._action(action, provider, notes) for action in row.actions],
        )

    def _skills(self, rows: Iterable[SkillRow], notes: list[str]) -> list[TrainingSkill]:
        found: dict[str, TrainingSkill] = {}
        for row in rows:
            skill = self.skills.get(row.code)
            if skill is None:
                notes.append(f"compétence « {row.code[:60]} » inconnue du référentiel ; lien laissé de côté.")
                continue
            if skill.is_retired and skill.replaced_by:
                skill = replacement_of(skill)
                notes.append(f"compétence {row.code} retirée ; {skill.code}, qui la remplace, est retenue.")
            link = TrainingSkill(
                skill=skill,
                level=row.level,
                origin=row.origin,
                confirmed_by=row.confirmed_by,
                evidence=row.evidence,
            )
            found.setdefault(skill.code, link)
        return list(found.values())

    def _action(self, row: ActionRow, provider: Organisation | None, notes: list[str]) -> ActionTree:
        place = self._place(row, notes)
        action = TrainingAction(
            external_id=row.external_id,
            **{name: getattr(row, name) for name in ACTION_FIELDS if name not in ("languages", "funding")},
            languages=list(row.languages),
            funding=list(row.funding),
            commune=place.commune,
            region=place.region,
        )
        action.latitude, action.longitude = _coordinates(row, place, notes)
        if row.delivering_provider is not None:
            delivering = self.organisations.find(row.delivering_provider, notes)
            action.delivering_provider = None if delivering is provider else delivering
        if (
            action.practical_hours is not None
            and action.hours is not None
            and action.practical_hours > action.hours
        ):
            notes.append(
                f"action {row.external_id} : plus d'heures de pratique que d'heures ; pratique laissée"
                " inconnue."
            )
            action.practical_hours = None
        _validate(action, exclude=("training", *ACTION_LINKS))
        sessions = [
            TrainingSession(
                external_id=session.external_id, **{name: getattr(session, name) for name in SESSION_FIELDS}
            )
            for session in row.sessions
        ]
        for session in sessions:
            _validate(session, exclude=("action",))
        return ActionTree(action, sessions)

    def _place(self, row: ActionRow, notes: list[str]) -> ResolvedPlace:
        if row.place == PlaceRow() and row.mode == "remote":
            return ResolvedPlace()
        place = self._resolve(row.place)
        if place.note:
            notes.append(f"action {row.external_id} : {place.note}")
        return place


def _diploma(onisep_id: str) -> Diploma | None:
    return Diploma.objects.filter(onisep_id=onisep_id).first()


def _resolve(place: PlaceRow) -> ResolvedPlace:
    return resolve_place(
        insee_code=place.insee_code,
        postal_code=place.postal_code,
        town=place.town,
        region_code=place.region_code,
        department_code=place.department_code,
    )


def _coordinates(row: ActionRow, place: ResolvedPlace, notes: list[str]) -> tuple[float | None, float | None]:
    """The action's own coordinates, unless they are missing or far from its commune."""
    if row.latitude is None or row.longitude is None:
        return place.latitude, place.longitude
    if place.latitude is not None and place.longitude is not None:
        away = distance_km(row.latitude, row.longitude, place.latitude, place.longitude)
        if away > FAR_KM:
            notes.append(
                f"action {row.external_id} : coordonnées à {away:.0f} km de {place.commune} ; remplacées par"
                " les siennes."
            )
            return place.latitude, place.longitude
    return row.latitude, row.longitude


def _validate(instance: Model, exclude: tuple[str, ...]) -> None:
    """The model's own checks, without the queries that foreign keys and uniqueness would cost a row."""
    instance.clean_fields(exclude=exclude)
    instance.clean()


def validation_message(error: ValidationError) -> str:
    if hasattr(error, "message_dict"):
        return " ; ".join(f"{name} : {' '.join(messages)}" for name, messages in error.message_dict.items())
    return " ; ".join(error.messages)


def stored_tree(training: Training) -> TrainingTree:
    """The tree of a training fetched with `with_tree`."""
    return TrainingTree(
        training=training,
        provider=training.provider,
        certifications=[certification.code for certification in training.certifications.all()],
        skills=list(training.skill_links.all()),
        actions=[ActionTree(action, list(action.sessions.all())) for action in training.actions.all()],
    )


def with_tree(queryset):
    return queryset.select_related("provider", "diploma").prefetch_related(
        "certifications",
        "skill_links__skill",
        "actions__sessions",
        "actions__commune",
        "actions__region",
        "actions__delivering_provider",
    )


def keep_what_the_row_does_not_own(tree: TrainingTree, stored: TrainingTree, *, is_partial: bool) -> None:
    """Links that the source never gave stay, unless they say that it declared them; so do actions and sessions whose lines
    may be among the rejected ones.
    """
    present = {link.skill_id for link in tree.skills}
    was_given = stored.training.given.get("skills", [{}])[0]
    for link in stored.skills:
        is_own = link.origin != SkillOrigin.DECLARED and link.skill.code not in was_given
        if is_own and link.skill_id not in present:
            tree.skills.append(link)
    if not is_partial:
        return
    actions = {branch.action.external_id: branch for branch in tree.actions}
    for branch in stored.actions:
        known = actions.get(branch.action.external_id)
        if known is None:
            tree.actions.append(branch)
            continue
        read = {session.external_id for session in known.sessions}
        known.sessions += [session for session in branch.sessions if session.external_id not in read]


def differences(stored: TrainingTree, tree: TrainingTree) -> tuple[FieldChange, ...]:
    before, after = dict(_facts(stored)), dict(_facts(tree))
    # A fact that is gone is compared with None.
    return field_changes(before, dict.fromkeys(before) | after)


def _facts(tree: TrainingTree) -> Iterator[tuple[str, object]]:
    """Everything the source decides, flat, under the names shown in the report."""
    yield from _own_facts(tree.training, TRAINING_FIELDS, "")
    yield "organisme responsable", identity(tree.provider)
    yield "diplôme", tree.training.diploma.onisep_id if tree.training.diploma else None
    yield "certifications", ", ".join(sorted(tree.certifications))
    for link in tree.skills:
        origin = "" if link.origin == SkillOrigin.DECLARED else link.get_origin_display()
        parts = (f"niveau {link.level}", origin, link.confirmed_by, link.evidence)
        yield f"compétence {link.skill.code}", ", ".join(filter(None, parts))
    for branch in tree.actions:
        prefix = f"action {branch.action.external_id} · "
        yield from _own_facts(branch.action, ACTION_FIELDS, prefix)
        yield f"{prefix}organisme formateur", identity(branch.action.delivering_provider)
        yield f"{prefix}commune", branch.action.commune.insee_code if branch.action.commune else None
        yield f"{prefix}région", branch.action.region.code if branch.action.region else None
        for session in branch.sessions:
            yield from _own_facts(session, SESSION_FIELDS, f"{prefix}session {session.external_id} · ")


def _own_facts(instance: Model, names: tuple[str, ...], prefix: str) -> Iterator[tuple[str, object]]:
    for name in names:
        yield f"{prefix}{instance._meta.get_field(name).verbose_name}", getattr(instance, name)


def known_certifications(codes: Iterable[str]) -> dict[str, Certification]:
    return {
        certification.code: certification
        for certification in Certification.objects.filter(code__in=set(codes))
    }

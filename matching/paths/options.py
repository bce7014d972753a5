"""What may be chosen for a path, read from the catalogue: one option for each session, of each action, of each training.

One rule: a training that would help and cannot be weighed (its price, its dates, its duration or its place is unknown) is no
option, and is named with the reason. Ten queries, whatever the number of trainings.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from matching.catalogue.places import Origin, distance_from
from matching.paths.facts import LeftOut, Offered, OptionFacts, Reason
from matching.paths.funding import Register, Status
from matching.paths.paying import NoPayment, Payment, payment_of
from matching.paths.problem import Mode, Option, StepKind
from matching.paths.shelf import Shelf
from matching.paths.spans import NoSpan, Span, span_of, trips_of
from matching.paths.tokens import (
    Certificate,
    covered,
    had,
    level_token,
    levels_up_to,
    skill_token,
    with_broader,
)
from matching.referential import Referential
from matching.scoring import Requirement, SkillGraph
from training.models import Certification, Training, TrainingAction, TrainingSession


@dataclass(frozen=True, slots=True)
class Sought:
    """What options are read for, and for whom. `targets` are the tokens asked for beside the requirements (a certification, a
    level); `skills` are the person's, by level, `held` their levels of diploma, certifications and blocks. `today` is the first
    day on which a training may begin; the person's own start may come later.
    """

    requirements: tuple[Requirement, ...]
    targets: frozenset[str]
    today: dt.date
    skills: Mapping[str, int] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    status: Status = Status.OTHER
    says_diploma: bool = False
    weekly_hours: float | None = None
    origin: Origin | None = None

    @property
    def tokens(self) -> frozenset[str]:
        return self.targets | {skill_token(requirement.skill) for requirement in self.requirements}

    def held_of(self, needs: Iterable[str], graph: SkillGraph) -> frozenset[str]:
        """What the person holds, of which these are the needs that skills meet."""
        return self.held | had(needs, with_broader(self.skills, graph))


def needs_of(
    codes: Collection[str], sought: Sought, referential: Referential, shelf: Shelf | None = None
) -> dict[str, frozenset[str]]:
    """What each of these live trainings asks for before it begins. Two queries."""
    shelf = shelf or Shelf(referential)
    rows = Training.objects.filter(live=True, code__in=list(codes)).values_list(
        "code", "entry_level", "prerequisites"
    )
    return {
        code: _needs(entry_level, prerequisites, sought, shelf) for code, entry_level, prerequisites in rows
    }


def load_options(
    codes: Collection[str],
    sought: Sought,
    referential: Referential,
    urls: Mapping[str, str],
    shelf: Shelf | None = None,
) -> Offered:
    """The options of these trainings that bring what is sought, or what one of them needs."""
    shelf = shelf or Shelf(referential)
    trainings = shelf.trainings(codes)
    needs = {
        training.code: _needs(training.entry_level, training.prerequisites, sought, shelf)
        for training in trainings
    }
    all_needs = frozenset(need for some in needs.values() for need in some)
    reader = _Reader(sought, all_needs, referential.graph, urls)
    options: list[Option] = []
    facts: dict[str, OptionFacts] = {}
    left_out: list[LeftOut] = []
    for training in trainings:
        made, reasons = reader.read(training, needs[training.code])
        for option, fact in made:
            options.append(option)
            facts[option.code] = fact
        left_out += [
            LeftOut(training.code, training.title_fr, training.title_en, reason) for reason in sorted(reasons)
        ]
    return Offered(tuple(options), facts, tuple(left_out), all_needs)


def _needs(entry_level: int | None, prerequisites: str, sought: Sought, shelf: Shelf) -> frozenset[str]:
    named = shelf.required(prerequisites)
    if entry_level is None or not sought.says_diploma:
        return named
    return named | {level_token(entry_level)}


def certificate_of(certification: Certification) -> Certificate:
    """Read with its blocks; those that its source dropped are no longer granted."""
    blocks = (block.code for block in certification.blocks.all() if block.withdrawn_on is None)
    return Certificate(certification.code, certification.level, frozenset(blocks))


def is_registered(certification: Certification, day: dt.date) -> bool:
    """Whether the register holds it on that day, as far as it says."""
    if certification.withdrawn_on is not None:
        return False
    if certification.registration_ends_on is None:
        return certification.is_active is not False
    return certification.registration_ends_on >= day


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns a training, read with all its rows, into options."""

    sought: Sought
    needs: frozenset[str]
    graph: SkillGraph
    urls: Mapping[str, str]

    def read(
        self, training: Training, needs: frozenset[str]
    ) -> tuple[list[tuple[Option, OptionFacts]], set[Reason]]:
        """Its options and why other ways of following it are none; nothing of a training that would not help."""
        brings = self._brings(training)
        certificates = {one.code: certificate_of(one) for one in training.certifications.all()}
        obtained = frozenset(token for one in certificates.values() for token in one.tokens)
        if (brings | obtained).isdisjoint(self.sought.tokens | self.needs):
            return [], set()
        made: list[tuple[Option, OptionFacts]] = []
        reasons: set[Reason] = set()
        actions = list(training.actions.all())
        for action in actions:
            if (refusal := self._refusal(action)) is not None:
                reasons.add(refusal)
                continue
            for session in action.sessions.all():
                way = self._way(training, action, session, brings, needs, certificates)
                if isinstance(way, Reason):
                    reasons.add(way)
                else:
                    made.append(way)
        if not actions:
            reasons.add(Reason.DATES)
        # Past sessions say nothing of a training that can still be joined.
        return made, reasons - {Reason.OVER} if made else reasons

    def _brings(self, training: Training) -> frozenset[str]:
        taught: dict[str, int] = {}
        for link in training.skill_links.all():
            taught[link.skill.code] = max(link.level, taught.get(link.skill.code, 0))
        return (
            covered(self.sought.requirements, taught, self.graph)
            | had(self.needs, with_broader(taught, self.graph))
            | levels_up_to(training.exit_level)
        )

    def _refusal(self, action: TrainingAction) -> Reason | None:
        if not action.sessions.all():
            return Reason.DATES
        is_placed = action.mode == Mode.REMOTE or self._distance(action) is not None
        return None if is_placed else Reason.PLACE

    def _distance(self, action: TrainingAction) -> float | None:
        """Nothing where no distance matters: the person does not say from where, or need not go."""
        if self.sought.origin is None or action.mode == Mode.REMOTE:
            return 0.0
        return distance_from(self.sought.origin, action.latitude, action.longitude)

    def _way(
        self,
        training: Training,
        action: TrainingAction,
        session: TrainingSession,
        brings: frozenset[str],
        needs: frozenset[str],
        certificates: Mapping[str, Certificate],
    ) -> tuple[Option, OptionFacts] | Reason:
        hours, weeks = _number(action.hours), _number(action.weeks)
        span = span_of(session, hours, weeks, self.sought.today, self.sought.weekly_hours)
        if isinstance(span, NoSpan):
            return Reason(span.value)
        certifications = _obtained(training.certifications.all(), span)
        main = next(iter(certifications), None)
        payment = self._payment(action, span.earliest, main)
        if isinstance(payment, NoPayment):
            return Reason(payment.value)
        tokens = (token for one in certifications for token in certificates[one.code].tokens)
        option = self._option(training, action, session, span, payment, brings.union(tokens), needs)
        return option, self._facts(training, action, session, payment, main)

    def _payment(
        self, action: TrainingAction, day: dt.date, main: Certification | None
    ) -> Payment | NoPayment:
        is_registered_then = main is not None and is_registered(main, day)
        return payment_of(
            action.funding,
            _number(action.price_eur),
            self.sought.status,
            day,
            _register(main.code) if is_registered_then else "",
            main.code if main else "",
        )

    def _option(
        self,
        training: Training,
        action: TrainingAction,
        session: TrainingSession,
        span: Span,
        payment: Payment,
        brings: frozenset[str],
        needs: frozenset[str],
    ) -> Option:
        mode = Mode(action.mode)
        return Option(
            code=f"{training.code}/{action.pk}/{session.pk}",
            training=training.code,
            earliest=span.earliest,
            latest=span.latest,
            days=span.days,
            brings=brings,
            needs=needs,
            price_eur=payment.price_eur,
            cpf=payment.cpf,
            mode=mode,
            distance_km=self._distance(action) or 0.0,
            trips=trips_of(mode, span.days),
            weekly_hours=span.weekly_hours,
            seats=session.seats,
            registration_ends=_registration_ends(training.certifications.all()),
        )

    def _facts(
        self,
        training: Training,
        action: TrainingAction,
        session: TrainingSession,
        payment: Payment,
        main: Certification | None,
    ) -> OptionFacts:
        return OptionFacts(
            kind=StepKind.TRAINING,
            training=training.code,
            title_fr=training.title_fr,
            title_en=training.title_en,
            provider=training.provider_name,
            place=action.commune.name if action.commune else "",
            mode=Mode(action.mode),
            session=session.pk,
            hours=_number(action.hours),
            price_eur=_number(action.price_eur),
            payer=payment.payer,
            rules=payment.rules,
            certification=main.code if main else "",
            certification_title=main.title if main else "",
            prerequisites=training.prerequisites,
            url=self.urls.get(training.code, ""),
            is_demonstration=training.is_demonstration,
        )


def _obtained(certifications: Iterable[Certification], span: Span) -> list[Certification]:
    """Those that one obtains whatever day of the window one begins, of the RNCP first. When none is registered until its end,
    those that are longest, then those that were: `Option.registration_ends` says until when.
    """
    known = sorted(certifications, key=lambda one: (not one.code.startswith("RNCP"), one.code))
    throughout = [one for one in known if is_registered(one, span.latest)]
    if throughout:
        return throughout
    at_first = [one for one in known if is_registered(one, span.earliest)]
    longest = _registration_ends(at_first)
    ended = [one for one in known if one.registration_ends_on is not None]
    return [one for one in at_first if one.registration_ends_on == longest] or ended


def _registration_ends(certifications: Sequence[Certification]) -> dt.date | None:
    """The latest; None when one of them has no known end."""
    ends = [one.registration_ends_on for one in certifications]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _register(code: str) -> Register:
    return "rncp" if code.startswith("RNCP") else "rs"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

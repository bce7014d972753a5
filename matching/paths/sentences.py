"""What a path asks for and what would make one possible, in plain French and English. Pure: no Django, no engine.

One rule: a sentence says what the person would have to accept, with its amount; it promises nothing else.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

from matching.paths.facts import OptionFacts, Reason
from matching.paths.problem import ConstraintName, Mode, Option, Path, Relaxation, Step
from matching.paths.tokens import kind_of, values_of

Label = Callable[[str, str], str]
NARROW_SPACE = "\u202f"  # that does not break

_MODES = {
    "fr": {Mode.ON_SITE: "en présentiel", Mode.MIXED: "mixte", Mode.REMOTE: "à distance"},
    "en": {Mode.ON_SITE: "on-site", Mode.MIXED: "mixed", Mode.REMOTE: "remote"},
}
# « Les formations mixtes ».
_MODES_OF_MANY = {"fr": {**_MODES["fr"], Mode.MIXED: "mixtes"}, "en": _MODES["en"]}
_AMOUNTS = {
    "fr": {
        ConstraintName.BUDGET: "avec {euros} de plus",
        ConstraintName.CPF: "avec {euros} de plus sur le compte CPF",
        ConstraintName.LATEST_END: "en finissant {days} plus tard",
        ConstraintName.START: "en commençant {days} plus tôt",
        ConstraintName.WEEKLY_HOURS: "avec {number} h de plus par semaine",
        ConstraintName.DISTANCE: "en allant {number} km plus loin",
    },
    "en": {
        ConstraintName.BUDGET: "with {euros} more",
        ConstraintName.CPF: "with {euros} more on the CPF account",
        ConstraintName.LATEST_END: "by ending {days} later",
        ConstraintName.START: "by beginning {days} earlier",
        ConstraintName.WEEKLY_HOURS: "with {number} more hours a week",
        ConstraintName.DISTANCE: "by going {number} km further",
    },
}
_ALLOWED = {
    "fr": {
        ConstraintName.MODES: "si les formations {names} sont admises",
        ConstraintName.SEATS: "si une place se libère dans {names}",
        ConstraintName.NEEDS: "si l'organisme dispense de ses prérequis : {names}",
        ConstraintName.REGISTRATION: "en suivant {names} après la fin d'enregistrement de sa certification",
    },
    "en": {
        ConstraintName.MODES: "if {names} trainings are accepted",
        ConstraintName.SEATS: "if a seat becomes free in {names}",
        ConstraintName.NEEDS: "if the provider waives its prerequisites: {names}",
        ConstraintName.REGISTRATION: "by following {names} after the registration of its certification ends",
    },
}
_REASONS = {
    "fr": {
        Reason.PRICE: "prix inconnu",
        Reason.DATES: "dates inconnues",
        Reason.DURATION: "durée inconnue",
        Reason.PLACE: "lieu inconnu",
        Reason.CONTRACT: "réservée à qui signe un contrat (apprentissage, professionnalisation)",
        Reason.OVER: "sessions déjà commencées",
    },
    "en": {
        Reason.PRICE: "unknown price",
        Reason.DATES: "unknown dates",
        Reason.DURATION: "unknown duration",
        Reason.PLACE: "unknown place",
        Reason.CONTRACT: "for those who sign a contract with an employer",
        Reason.OVER: "sessions that have already begun",
    },
}


def say_reason(reason: Reason, language: str) -> str:
    return _REASONS[language][reason]


def say_mode(mode: Mode | None, language: str) -> str:
    return _MODES[language][mode] if mode else ""


def say_euros(amount: float, language: str) -> str:
    """Cents only where there are some."""
    written = f"{amount:,.2f}" if round(amount, 2) % 1 else f"{amount:,.0f}"
    if language == "en":
        return f"€{written}"
    return f"{written.replace(',', NARROW_SPACE).replace('.', ',')}{NARROW_SPACE}€"


def say_number(number: float, language: str) -> str:
    written = f"{round(number, 1):g}" if number < 1_000 else f"{number:.0f}"
    return written if language == "en" else written.replace(".", ",")


def say_days(days: float, language: str) -> str:
    one, many = ("day", "days") if language == "en" else ("jour", "jours")
    return f"{days:.0f} {one if days < 2 else many}"


def say_trips(trips: int, language: str) -> str:
    one, many = ("return trip", "return trips") if language == "en" else ("aller-retour", "allers-retours")
    return f"{trips} {one if trips < 2 else many}"


def say_day(day: dt.date, language: str) -> str:
    return day.isoformat() if language == "en" else f"{day:%d/%m/%Y}"


def say_token(token: str, label: Label, language: str) -> str:
    """« culture cellulaire » or, for alternatives, « HPLC ou électrophorèse »."""
    kind, values = kind_of(token), values_of(token)
    if kind in {"skill", "has"}:
        names = [_quoted(label(one, language), language) for one in values]
        return (" or " if language == "en" else " ou ").join(names)
    if kind == "level":
        return f"a diploma of level {values[0]}" if language == "en" else f"un diplôme de niveau {values[0]}"
    return values[0]


def say_relaxation(
    relaxation: Relaxation,
    facts: Mapping[str, OptionFacts],
    held: AbstractSet[str],
    label: Label,
    language: str,
) -> str:
    """« Possible avec 300 € de plus et si les formations à distance sont admises. »"""
    steps = {step.option.code: step for step in relaxation.path.steps}
    parts = []
    for name, amount in relaxation.amounts.items():
        if name not in _ALLOWED[language]:
            parts.append(_say_amount(name, amount, language))
            continue
        named: dict[str, None] = {}  # in order, each once
        for step in (steps[code] for code in relaxation.allowed.get(name, ()) if code in steps):
            unmet = _unmet(step, relaxation.path, held) if name is ConstraintName.NEEDS else ()
            named[_say_allowed(name, step.option, unmet, facts, label, language)] = None
        parts.append(_ALLOWED[language][name].format(names=_listed(named, language)))
    return f"Possible {_listed(parts, language)}."


def _listed(parts: Iterable[str], language: str) -> str:
    return (" and " if language == "en" else " et ").join(parts)


def _say_amount(name: ConstraintName, amount: float, language: str) -> str:
    return _AMOUNTS[language][name].format(
        euros=say_euros(amount, language),
        days=say_days(amount, language),
        number=say_number(amount, language),
    )


def _unmet(step: Step, path: Path, held: AbstractSet[str]) -> tuple[str, ...]:
    """What the step needs, beyond what is held and what the steps that end before it bring."""
    before = (other.option.brings for other in path.steps if other.ends_on < step.starts_on)
    return tuple(sorted(step.option.needs - frozenset(held).union(*before)))


def _say_allowed(
    name: ConstraintName,
    option: Option,
    unmet: Iterable[str],
    facts: Mapping[str, OptionFacts],
    label: Label,
    language: str,
) -> str:
    """A mode, or a training, with the prerequisites that would be waived."""
    if name is ConstraintName.MODES:
        return _MODES_OF_MANY[language][option.mode]
    title = _quoted(facts[option.code].title(language), language)
    waived = ", ".join(say_token(need, label, language) for need in unmet)
    return f"{title} ({waived})" if waived else title


def _quoted(text: str, language: str) -> str:
    return f"“{text}”" if language == "en" else f"« {text} »"

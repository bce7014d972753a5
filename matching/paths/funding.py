"""What a person pays of a training, by the dated rules of `funding_rules.yaml`. Pure: no Django, no engine.

One rule: no amount is written here. Every answer carries the rules that it comes from, with their source, so that a path can
cite them; a rule that is only proposed is told and never counted.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from matching.paths.problem import CpfTerms

RULES_FILE = Path(__file__).with_name("funding_rules.yaml")

Register = Literal["rncp", "rs", ""]
NO_REGISTER: Register = ""


class Status(StrEnum):
    """The person, as far as it decides who pays."""

    JOB_SEEKER = "job-seeker"
    EMPLOYEE = "employee"
    EMPLOYER_FUNDED = "employer-funded"  # an employee whose employer agrees to pay
    APPRENTICE = "apprentice"  # who has, or would sign, an apprenticeship contract
    OTHER = "other"


class Certainty(StrEnum):
    VERIFIED = "verified"
    RECALLED = "recalled"


_TO_CHECK = {"fr": "À vérifier.", "en": "To be checked."}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `statuses` and `certifications` None: everybody, any. `ends_on` None: no end is known."""

    topic: str
    what: Mapping[str, str]
    value: float | None
    unit: str
    starts_on: dt.date
    ends_on: dt.date | None
    source: str
    url: str
    checked_on: dt.date
    certainty: Certainty
    notes: Mapping[str, str]
    statuses: frozenset[Status] | None
    certifications: frozenset[str] | None
    is_in_force: bool

    @property
    def code(self) -> str:
        return f"{self.topic}@{self.starts_on.isoformat()}"

    def holds_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def is_about(self, status: Status) -> bool:
        return self.statuses is None or status in self.statuses

    def note(self, language: str) -> str:
        """What to know of it; a rule that was only recalled says so first."""
        written = self.notes.get(language, self.notes.get("fr", ""))
        warning = _TO_CHECK["en" if language == "en" else "fr"]
        return " ".join(filter(None, (warning if self.certainty is Certainty.RECALLED else "", written)))

    def as_dict(self, language: str = "fr") -> dict[str, object]:
        return {
            "code": self.code,
            "what": self.what.get(language, self.what["fr"]),
            "value": self.value,
            "unit": self.unit or None,
            "from": self.starts_on.isoformat(),
            "until": self.ends_on.isoformat() if self.ends_on else None,
            "source": self.source,
            "url": self.url,
            "checked_on": self.checked_on.isoformat(),
            "certainty": self.certainty.value,
            "in_force": self.is_in_force,
            "note": self.note(language),
        }


@dataclass(frozen=True, slots=True)
class CpfAnswer:
    """`terms` is None where the account pays nothing; `rules` say why, and how much otherwise."""

    terms: CpfTerms | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class VaeFigures:
    """What a VAE usually takes; no provider has been asked."""

    days: int
    weekly_hours: float
    price_eur: float
    rules: tuple[Rule, ...]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every row of the file, in its order."""
    rows = yaml.safe_load(RULES_FILE.read_text("utf-8"))
    return tuple(_rule(row) for row in rows)


def rules_on(day: dt.date, *topics: str) -> tuple[Rule, ...]:
    """The rules of that day, of these topics when any is named."""
    return tuple(rule for rule in all_rules() if rule.holds_on(day) and (not topics or rule.topic in topics))


def cpf_terms(day: dt.date, register: Register, status: Status, certification: str = "") -> CpfAnswer:
    """What the account may pay of a training that begins that day and leads to a certification of this register; nothing when
    it leads to none (`NO_REGISTER`). The day stands for that of the request, which comes before it.
    """
    eligibility = rules_on(day, "cpf-eligibility")
    if not eligibility or register == NO_REGISTER:
        return CpfAnswer(None, eligibility)
    exemptions = _about(
        status, rules_on(day, "cpf-participation-exemption", "cpf-participation-exemption-employer")
    )
    participation = exemptions or rules_on(day, "cpf-participation")
    ceiling = _ceiling(day, certification) if register == "rs" else ()
    proposed = _about(status, rules_on(day, "cpf-supplement-bill"))
    terms = CpfTerms(
        share_eur=next((rule.value for rule in participation if rule.value is not None), 0.0),
        ceiling_eur=next((rule.value for rule in ceiling if rule.value is not None), None),
    )
    return CpfAnswer(terms, (*eligibility, *participation, *ceiling, *proposed))


def _about(status: Status, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule.is_about(status))


def _ceiling(day: dt.date, certification: str) -> tuple[Rule, ...]:
    """The ceiling of the specific register, or the rule that exempts this certification from it."""
    exempt = tuple(
        rule
        for rule in rules_on(day, "cpf-ceiling-exemption")
        if rule.certifications and certification in rule.certifications
    )
    return exempt or rules_on(day, "cpf-ceiling-rs")


def apprenticeship_rules(day: dt.date) -> tuple[Rule, ...]:
    """Why an apprentice pays nothing, and who may be one."""
    return rules_on(day, "apprenticeship-free", "apprenticeship-age")


def employer_rules(day: dt.date) -> tuple[Rule, ...]:
    """Why an employee whose employer agrees pays nothing."""
    return rules_on(day, "employer-pays")


def vae_cpf_terms(day: dt.date, status: Status) -> CpfAnswer:
    """A VAE leads to a certification of the RNCP; the account has paid for all of it since a date of its own."""
    allowed = rules_on(day, "vae-cpf")
    if not allowed:
        return CpfAnswer(None, ())
    answer = cpf_terms(day, "rncp", status)
    return CpfAnswer(answer.terms, (*answer.rules, *allowed))


def vae_figures(day: dt.date) -> VaeFigures | None:
    """None before the law that opened the VAE to everybody."""
    usual = {rule.topic: rule for rule in rules_on(day)}
    topics = ("vae-access", "vae-usual-days", "vae-usual-weekly-hours", "vae-usual-price")
    if any(topic not in usual for topic in topics):
        return None
    values = {topic: usual[topic].value or 0.0 for topic in topics}
    return VaeFigures(
        days=round(values["vae-usual-days"]),
        weekly_hours=values["vae-usual-weekly-hours"],
        price_eur=values["vae-usual-price"],
        rules=tuple(usual[topic] for topic in topics),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    statuses, certifications, value = row.get("statuses"), row.get("certifications"), row.get("value")
    return Rule(
        topic=row["topic"],
        what=row["what"],
        value=None if value is None else float(value),
        unit=row.get("unit", ""),
        starts_on=row["from"],
        ends_on=row.get("until"),
        source=row["source"]["title"],
        url=row["source"]["url"],
        checked_on=row["checked_on"],
        certainty=Certainty(row["certainty"]),
        notes=row.get("note", {}),
        statuses=None if statuses is None else frozenset(Status(status) for status in statuses),
        certifications=None if certifications is None else frozenset(certifications),
        is_in_force=row.get("in_force", True),
    )

"""Who pays for one way of following a training, and what is left to the person. Pure: no Django, no engine.

One rule: only what the training accepts counts (the fundings of its action) and only what the person says to have; nobody
else's money is presumed.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from matching.paths.funding import Register, Rule, Status, apprenticeship_rules, cpf_terms, employer_rules
from matching.paths.problem import CpfTerms

# The values of `training.models.Funding`.
CPF, OPCO, APPRENTICESHIP = "cpf", "opco", "apprenticeship"


class Payer(StrEnum):
    """Who pays the price, the person's account aside."""

    PERSON = "person"
    NOBODY = "nobody"  # it is free
    EMPLOYER = "employer"
    APPRENTICESHIP = "apprenticeship"  # the OPCO of the employer with whom one signs


class NoPayment(StrEnum):
    PRICE = "price"  # unknown, and nobody else pays it
    CONTRACT = "contract"  # free for those only who sign a contract with an employer


@dataclass(frozen=True, slots=True)
class Payment:
    """`price_eur` is asked of the person, who may pay a part of it with the account when `cpf` is not None."""

    price_eur: float
    payer: Payer
    cpf: CpfTerms | None = None
    rules: tuple[Rule, ...] = ()


def payment_of(
    fundings: Collection[str],
    price_eur: float | None,
    status: Status,
    day: dt.date,
    register: Register = "",
    certification: str = "",
) -> Payment | NoPayment:
    """For a way that begins that day and leads to this certification of this register, if to any."""
    if status is Status.APPRENTICE and APPRENTICESHIP in fundings:
        return Payment(0.0, Payer.APPRENTICESHIP, rules=apprenticeship_rules(day))
    if status is Status.EMPLOYER_FUNDED and OPCO in fundings:
        return Payment(0.0, Payer.EMPLOYER, rules=employer_rules(day))
    if APPRENTICESHIP in fundings and not price_eur:
        return NoPayment.CONTRACT
    if price_eur is None:
        return NoPayment.PRICE
    if price_eur == 0:
        return Payment(0.0, Payer.NOBODY)
    if CPF not in fundings:
        return Payment(price_eur, Payer.PERSON)
    account = cpf_terms(day, register, status, certification)
    return Payment(price_eur, Payer.PERSON, account.terms, account.rules)

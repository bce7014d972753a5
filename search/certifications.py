"""What a result warns of the certifications of a training, today. Pure: no Django, no engine.

One rule: the document holds facts; the states are made of them on the day of the question.
"""

import datetime as dt

from search.clauses import Card
from search.request import CertificationNotice
from training.certification_watch.rules import CONCERNING, Registration


def certification_notices(card: Card, today: dt.date) -> tuple[CertificationNotice, ...]:
    """One entry a certification that there is something to say of."""
    coming = [offer for offer in card.late_offers if offer.last_day is None or offer.last_day >= today]
    notices = []
    for facts in card.certifications:
        registration = Registration(
            facts.code, ends_on=facts.ends_on, is_active=facts.is_active, successors=facts.successors
        )
        states = registration.states(today)
        after = sum(facts.code in offer.starts_after for offer in coming)
        past = sum(facts.code in offer.runs_past for offer in coming)
        if after or past or CONCERNING.intersection(states):
            notices.append(
                CertificationNotice(
                    facts.code,
                    tuple(state.value for state in states),
                    facts.ends_on,
                    facts.successors,
                    after,
                    past,
                )
            )
    return tuple(notices)

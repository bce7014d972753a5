"""Who uses a row that a source may withdraw: a registry that every app fills from its own `uses` module.

One rule: this module knows no user by name; each app registers the functions that find its own uses.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice

from django.db.models import Model

# Identities asked for at once: below the number of parameters that every database accepts.
CHUNK = 500

# From the identities of some rows to pairs: an identity, and what uses it, in French (« métier msat-engineer »). One query.
FindUses = Callable[[frozenset[str]], Iterable[tuple[str, str]]]

_finders: dict[type[Model], list[FindUses]] = defaultdict(list)


def register_uses(model: type[Model], find: FindUses) -> None:
    if find not in _finders[model]:
        _finders[model].append(find)


def uses_of(model: type[Model], identities: Iterable[str]) -> dict[str, list[str]]:
    """What uses each of these rows, in their order; rows without use are absent."""
    wanted = list(identities)
    found: dict[str, set[str]] = defaultdict(set)
    waiting = iter(wanted)
    while some := frozenset(islice(waiting, CHUNK)):
        for find in _finders[model]:
            for identity, use in find(some):
                found[identity].add(use)
    return {identity: sorted(found[identity]) for identity in wanted if identity in found}

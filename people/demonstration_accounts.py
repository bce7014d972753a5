"""The accounts of the demonstration, whose password everybody knows.

One rule: they exist only where the settings allow them (`DEMONSTRATION_ACCOUNTS`), and an account that exists
is never touched again: not its password, not its rights.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from people.access import (
    EMPLOYERS_GROUP,
    MODERATORS_GROUP,
    PROVIDERS_GROUP,
    REFERENTIAL_EDITORS_GROUP,
)
from people.models import Membership, Organisation

PASSWORD = "biofiliere-demo"  # noqa: S105 - published on purpose, see the rule above
MAIL_DOMAIN = "demo.biofiliere.example"


@dataclass(frozen=True)
class DemonstrationAccount:
    username: str
    role: str
    group: str = ""
    siret: str = ""


ACCOUNTS = (
    DemonstrationAccount("admin", "administration"),
    DemonstrationAccount("moderation", "modération de la filière", MODERATORS_GROUP),
    DemonstrationAccount("redaction", "rédaction du référentiel", REFERENTIAL_EDITORS_GROUP),
    DemonstrationAccount(
        "formation", "Bio-École du Rhône (démonstration)", PROVIDERS_GROUP, "00000001800010"
    ),
    DemonstrationAccount(
        "formation2", "Institut Atlantique des Bioprocédés (démonstration)", PROVIDERS_GROUP, "00000002600013"
    ),
    DemonstrationAccount("employeur", "Vaccibel (démonstration)", EMPLOYERS_GROUP, "00000011700010"),
)


def accounts_are_allowed() -> bool:
    return bool(getattr(settings, "DEMONSTRATION_ACCOUNTS", False))


@transaction.atomic
def create_demonstration_accounts() -> list[str]:
    """Create the accounts that are missing; their user names."""
    if not accounts_are_allowed():
        return []
    present = set(get_user_model().objects.values_list("username", flat=True))
    missing = [account for account in ACCOUNTS if account.username not in present]
    for account in missing:
        _create(account)
    return [account.username for account in missing]


def _create(account: DemonstrationAccount) -> None:
    users = get_user_model().objects
    create = users.create_user if account.group else users.create_superuser
    user = create(account.username, f"{account.username}@{MAIL_DOMAIN}", PASSWORD)
    if account.group:
        user.groups.add(Group.objects.get_or_create(name=account.group)[0])
    if account.siret:
        Membership.objects.create(user=user, organisation=Organisation.objects.get(siret=account.siret))

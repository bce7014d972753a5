"""Who may see or change what an organisation owns.

One rule: superusers and moderators see every organisation's objects; everybody else, those of their own.
"""

from people.models import Organisation

PROVIDERS_GROUP = "Organismes de formation"
EMPLOYERS_GROUP = "Employeurs"
MODERATORS_GROUP = "Modération de la filière"
# Who writes the referential without publishing it: the moderators approve.
REFERENTIAL_EDITORS_GROUP = "Rédaction du référentiel"


def is_moderator(user) -> bool:
    return user.is_active and (user.is_superuser or user.groups.filter(name=MODERATORS_GROUP).exists())


def organisations_of(user):
    """The organisations that the account acts for."""
    return Organisation.objects.filter(memberships__user=user)

"""Demonstration accounts: only where the settings allow them, and never touched again."""

import pytest
from django.contrib.auth import get_user_model

from people.access import (
    EMPLOYERS_GROUP,
    MODERATORS_GROUP,
    PROVIDERS_GROUP,
    REFERENTIAL_EDITORS_GROUP,
    is_moderator,
    organisations_of,
)
from people.demonstration_accounts import ACCOUNTS, PASSWORD, create_demonstration_accounts
from people.models import OrganisationKind
from tests.people.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations():
    for account in ACCOUNTS:
        if account.siret:
            OrganisationFactory(
                siret=account.siret, name=account.role, kind=OrganisationKind.TRAINING_PROVIDER
            )


def user(name):
    return get_user_model().objects.get(username=name)


def test_every_account_gets_its_group_and_organisation(organisations):
    assert create_demonstration_accounts() == [
        "admin", "moderation", "redaction", "formation", "formation2", "employeur",
    ]  # fmt: skip

    assert user("admin").is_superuser
    assert user("admin").email == "admin@demo.biofiliere.example"
    assert is_moderator(user("moderation"))
    groups = {
        name: [g.name for g in user(name).groups.all()]
        for name in ("moderation", "redaction", "formation", "formation2", "employeur")
    }
    assert groups == {
        "moderation": [MODERATORS_GROUP],
        "formation": [PROVIDERS_GROUP],
        "redaction": [REFERENTIAL_EDITORS_GROUP],
        "formation2": [PROVIDERS_GROUP],
        "employeur": [EMPLOYERS_GROUP],
    }
    assert [o.name for o in organisations_of(user("formation"))] == ["Bio-École du Rhône (démonstration)"]
    assert [o.name for o in organisations_of(user("employeur"))] == ["Vaccibel (démonstration)"]
    assert all(user(account.username).check_password(PASSWORD) for account in ACCOUNTS)
    assert not user("formation").is_superuser


def test_an_account_that_exists_is_never_touched_again(organisations):
    create_demonstration_accounts()
    changed = user("formation")
    changed.set_password("un-autre-secret")
    changed.save()
    changed.groups.clear()

    assert create_demonstration_accounts() == []
    assert user("formation").check_password("un-autre-secret")
    assert not user("formation").groups.exists()


def test_without_the_setting_there_is_no_account(organisations, settings):
    settings.DEMONSTRATION_ACCOUNTS = False
    assert create_demonstration_accounts() == []

    del settings.DEMONSTRATION_ACCOUNTS
    assert create_demonstration_accounts() == []
    assert not get_user_model().objects.exists()

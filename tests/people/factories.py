"""Organisations for tests."""

import factory
from factory.django import DjangoModelFactory

from people.models import Organisation, OrganisationKind


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda number: f"Organisation {number}")
    kind = OrganisationKind.PHARMA_BIOTECH

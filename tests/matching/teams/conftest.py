"""A small catalogue around one job, for what reads the database."""

from decimal import Decimal

import pytest

from tests.matching.factories import (
    load_part_of_referential,
    make_action,
    make_job,
    make_training,
    rebuild_index,
)
from tests.skills.factories import CommuneFactory, RegionFactory
from training.models import Training

SKILLS = ("aseptic-connections", "batch-documentation", "bioreactor-operation", "gmp", "hplc-analysis")


@pytest.fixture
def catalogue(db):
    """One job, and trainings around it in Villeurbanne, in Toulouse and at a distance."""
    load_part_of_referential(*SKILLS)
    make_job(
        "operator",
        ("bioreactor-operation", 3, "essential"),
        ("batch-documentation", 2, "essential"),
        ("aseptic-connections", 2, "useful"),
    )
    make_job("analyst", ("hplc-analysis", 3, "essential"), ("gmp", 2, "useful"))
    lyon = CommuneFactory(latitude=45.76, longitude=4.88, region=RegionFactory())
    far = CommuneFactory(
        insee_code="31555",
        name="Toulouse",
        name_key="toulouse",
        department_code="31",
        department="Haute-Garonne",
        region=RegionFactory(code="76", name="Occitanie"),
        latitude=43.6,
        longitude=1.44,
    )
    make_action(make_training("near", ("bioreactor-operation", 3)), 30, commune=lyon, price_eur=900)
    make_action(
        make_training("far", ("aseptic-connections", 2)), 40, commune=far, price_eur=Decimal("120.50")
    )
    make_action(make_training("unpriced", ("hplc-analysis", 3)), 20, commune=lyon)
    school = make_training("school", ("batch-documentation", 2))
    make_action(school, 20, price_eur=0)
    Training.objects.filter(pk=school.pk).update(kind="initial")


@pytest.fixture
def site(catalogue, own_index_folder):
    """The catalogue, and its index."""
    rebuild_index()

"""The orders of a result set, and its pages, on a real index."""

import pytest

from search.harvest import harvest, harvested
from search.request import InvalidRequest, Kind, SearchRequest, SortKey
from search.retrieval import RANK_WINDOW, search
from tests.search.factories import in_days, make_offer, make_training
from tests.search.many import LYON, make_many
from training.models import TrainingAction, TrainingSession

pytestmark = pytest.mark.django_db

MANY = RANK_WINDOW * 2 + 35
TEXTS = ("", "chromatographie")


def page_codes(**options) -> list[str]:
    results = search(SearchRequest(Kind.TRAININGS, origin=LYON, **options)).results
    return [result.code for result in results]


def every_page(size: int, total: int, **options) -> list[str]:
    return [
        code for offset in range(0, total, size) for code in page_codes(limit=size, offset=offset, **options)
    ]


def test_each_order_is_the_one_promised_and_its_pages_lose_and_repeat_nothing(rebuild):
    made = make_many(MANY)
    rebuild()
    codes = {one.code for one in made}
    for sort in SortKey:
        for text in TEXTS:
            listed = every_page(100, MANY, text=text, sort=sort)
            assert len(listed) == len(set(listed)) == MANY, (sort, text)
            assert set(listed) == codes, (sort, text)
            for size in (7, 64):
                assert every_page(size, MANY, text=text, sort=sort) == listed, (sort, text, size)
            if sort is not SortKey.RELEVANCE:
                expected = sorted(made, key=lambda one, by=sort.value: one.keys()[by])
                assert listed == [one.code for one in expected], (sort, text)


def test_pages_before_and_after_the_last_rank_fused_meet(rebuild):
    made = make_many(MANY)
    rebuild()
    around = page_codes(text="chromatographie", limit=20, offset=RANK_WINDOW - 10)
    before = page_codes(text="chromatographie", limit=10, offset=RANK_WINDOW - 10)
    after = page_codes(text="chromatographie", limit=10, offset=RANK_WINDOW)
    assert around == before + after
    assert page_codes(text="chromatographie", offset=len(made)) == []


def test_harvest_is_the_union_of_the_pages_in_neutral_order(rebuild):
    made = make_many(MANY)
    rebuild()
    for filters in ({}, {"mode": ("remote",)}, {"max_price": ("300",)}):
        request = SearchRequest(Kind.TRAININGS, "chromatographie", filters=filters, limit=1)
        total = search(request).total
        results = list(harvest(request))
        listed = [result.code for result in results]
        assert set(listed) == set(every_page(50, total, text="chromatographie", filters=filters))
        neutral = sorted(made, key=lambda one: one.keys()["price"][-1])
        assert listed == [one.code for one in neutral if one.code in set(listed)]
        assert len(listed) == total
        assert {result.snippet for result in results} == {""}
    assert sum(not result.score for result in harvest(SearchRequest(Kind.TRAININGS, "chromatographie"))) == (
        MANY - RANK_WINDOW
    )


@pytest.mark.model
def test_harvest_has_the_neighbours_by_meaning_too(rebuild, real_model, settings, monkeypatch):
    settings.SEARCH_SEMANTIC_FLOOR = 0.9
    monkeypatch.setattr("search.retrieval.RANK_WINDOW", 5)
    make_training("meaning", "Purifier des protéines")
    for number in range(12):
        make_training(f"words-{number}", f"Purification {number}")
    rebuild()
    for sort in (SortKey.RELEVANCE, SortKey.PRICE):
        request = SearchRequest(Kind.TRAININGS, "protein purification", sort=sort)
        total = search(request).total
        pages = every_page(4, total, text="protein purification", sort=sort)
        assert len(pages) == len(set(pages)) == total
        assert "meaning" in pages
        assert {result.code for result in harvest(request)} == set(pages)


def test_harvest_of_nothing_abstains(rebuild):
    rebuild()
    found = harvested(SearchRequest(Kind.TRAININGS, "tarte aux pommes"))
    assert (found.results, found.total, found.abstained) == ((), 0, True)


def test_harvest_refuses_before_anything_is_read(rebuild):
    rebuild()
    with pytest.raises(InvalidRequest, match="Filtre inconnu"):
        harvest(SearchRequest(Kind.TRAININGS, filters={"colour": ("red",)}))


def test_an_offer_that_has_ended_says_nothing(rebuild):
    """The cheap, near, early one is over: what remains is dear, far and late."""
    both, other = make_training("both", "Chromatographie"), make_training("other", "Chromatographie")
    make_offer(both, starts=-20, ends=-10, price_eur=1, latitude=LYON[0], longitude=LYON[1])
    make_offer(both, starts=60, price_eur=900, latitude=48.85, longitude=2.35)
    make_offer(other, starts=40, price_eur=500, latitude=45.19, longitude=5.72)
    rebuild()
    for sort in (SortKey.DATE, SortKey.PRICE, SortKey.DISTANCE):
        assert page_codes(sort=sort) == ["other", "both"], sort


def test_orders_are_judged_on_the_offers_that_pass_the_filters(rebuild):
    both, other = make_training("both", "Chromatographie"), make_training("other", "Chromatographie")
    make_offer(both, starts=5, mode="remote", price_eur=10)
    make_offer(both, starts=90, mode="on-site", price_eur=900)
    make_offer(other, starts=40, mode="on-site", price_eur=500)
    rebuild()
    for sort in (SortKey.DATE, SortKey.PRICE):
        assert page_codes(sort=sort) == ["both", "other"], sort
        assert page_codes(sort=sort, filters={"mode": ("on-site",)}) == ["other", "both"], sort


def test_a_session_that_runs_can_no_more_be_entered(rebuild):
    running, coming = make_training("running", "Chromatographie"), make_training("coming", "Chromatographie")
    make_offer(running, starts=-5, ends=5)
    make_offer(coming, starts=300)
    entered = TrainingAction.objects.create(training=make_training("open", "Chromatographie"))
    TrainingSession.objects.create(action=entered, starts_on=in_days(-900), is_permanent_entry=True)
    rebuild()
    assert page_codes(sort=SortKey.DATE) == ["open", "coming", "running"]


@pytest.mark.parametrize("kind", [Kind.JOBS, Kind.SKILLS])
def test_only_trainings_have_orders(kind):
    with pytest.raises(InvalidRequest, match="Seules les formations"):
        SearchRequest(kind, sort=SortKey.PRICE)


def test_distance_needs_a_place():
    with pytest.raises(InvalidRequest, match="donnez un lieu"):
        SearchRequest(Kind.TRAININGS, sort=SortKey.DISTANCE)

"""Whole runs, from the server to the catalogue: what is loaded, held, refused, and what never is."""

import datetime as dt

import pytest
from django.utils import timezone

from people.models import Organisation
from tests.training.feeds import server as at
from tests.training.lheo_samples import formation, lheo
from training.feeds.running import NothingToAccept, accept_removals
from training.importers.csv_file import COLUMNS
from training.models import Training, TrainingFeed

pytestmark = pytest.mark.django_db


def numbered(count, start=1, **changes):
    return [formation(f"F{number}", **changes) for number in range(start, start + count)]


def online() -> set[str]:
    return set(Training.objects.filter(live=True).values_list("external_id", flat=True))


def held_files(settings) -> list[str]:
    return sorted(path.name for path in settings.FEED_STATE_DIR.glob("*/*"))


def test_a_first_run_loads_and_keeps_the_difference(run, serve, feed, feed_settings):
    serve(*numbered(3), ETag='"v1"')
    done = run()
    assert (done.outcome, done.cause, done.added, done.http_status) == ("loaded", "", 3, 200)
    assert done.message == "3 ajouts, 0 modification, 0 retrait."
    assert done.report["applied"] is True
    assert [change["code"] for change in done.report["changes"]] == ["f1", "f2", "f3"]
    assert done.received_bytes > 0
    assert online() == {"F1", "F2", "F3"}
    assert {training.source for training in Training.objects.all()} == {"essai"}
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.failures, feed.etag) == ("loaded", 0, '"v1"')
    assert feed.fingerprint == done.fingerprint
    assert feed.next_due_at > timezone.now() + dt.timedelta(hours=23)
    assert held_files(feed_settings) == []


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_a_304_changes_nothing(run, server, validator):
    body = lheo(*numbered(2)).encode()
    server.answers["/flux.xml"] = at.conditional(body, validator, "Mon, 01 Jun 2026 10:00:00 GMT")
    assert run().outcome == "loaded"
    again = run()
    assert (again.outcome, again.http_status, again.received_bytes) == ("unchanged", 304, 0)
    assert run(force=True).http_status == 200


def test_the_same_content_without_validators_is_known_by_its_fingerprint(run, serve, feed):
    serve(*numbered(2))
    run()
    Training.objects.first().delete()
    serve(*numbered(2), ETag='"new"')
    assert run().outcome == "unchanged"
    feed.refresh_from_db()
    assert feed.etag == '"new"'
    assert Training.objects.count() == 1
    assert run(force=True).added == 1


def test_other_bytes_with_the_same_trainings_change_nothing(run, serve, server):
    serve(*numbered(2))
    run()
    server.answers["/flux.xml"] = at.reply(lheo(*numbered(2)).encode() + b"<!-- 2 juin -->")
    again = run()
    assert (again.outcome, again.unchanged, again.report["applied"]) == ("unchanged", 2, False)


def test_a_change_is_loaded_with_its_difference(run, serve):
    serve(*numbered(6))
    run()
    serve(*numbered(4), formation("F5", title="Autre titre"), formation("F7"))
    done = run()
    assert (done.outcome, done.added, done.changed, done.removed) == ("loaded", 1, 1, 1)
    changed = next(change for change in done.report["changes"] if change["action"] == "changed")
    assert changed["fields"] == {"intitulé": ["Conduite de bioréacteur", "Autre titre"]}
    assert online() == {"F1", "F2", "F3", "F4", "F5", "F7"}


def test_a_fifth_may_go_and_more_is_held(run, serve):
    serve(*numbered(10))
    run()
    serve(*numbered(8))
    assert run().removed == 2
    serve(*numbered(6))
    held = run()
    assert (held.outcome, held.cause, held.removed) == ("held", "removals", 2)
    assert "2 formations en ligne sur 8" in held.message
    assert len(online()) == 8


def test_what_was_offline_already_does_not_count_as_vanishing(run, serve):
    serve(*numbered(10))
    run()
    Training.objects.filter(external_id__in=["F6", "F7", "F8", "F9"]).update(live=False)
    serve(*numbered(5), formation("F10"))
    done = run()
    assert (done.outcome, done.removed) == ("loaded", 4)


def test_held_content_changes_nothing_and_is_accepted_once(
    run, serve, feed, feed_settings, django_user_model
):
    serve(*numbered(10), ETag='"v1"')
    run()
    serve(*numbered(3), formation("F99"), ETag='"v2"')
    held = run()
    assert held.outcome == "held"
    assert [change["action"] for change in held.report["changes"]].count("removed") == 7
    assert held.report["applied"] is False
    assert len(online()) == 10
    assert "F99" not in online()
    feed.refresh_from_db()
    assert feed.etag == '"v1"', "the next run must see the held content again"
    assert held_files(feed_settings) == [f"held-{held.fingerprint}"]

    serve(*numbered(1))  # what the server gives by now plays no part
    user = django_user_model.objects.create_user("formation")
    accepted = accept_removals(held, accepted_by_id=user.pk)
    assert (accepted.outcome, accepted.removed, accepted.added) == ("loaded", 7, 1)
    assert online() == {"F1", "F2", "F3", "F99"}
    held.refresh_from_db()
    assert held.accepted_at is not None
    assert held.accepted_by == user
    assert held_files(feed_settings) == []
    with pytest.raises(NothingToAccept):
        accept_removals(held)
    assert run().outcome == "held", "one acceptance, one content"


def test_accepting_without_the_kept_file_takes_the_same_content_only(run, serve, feed_settings):
    serve(*numbered(10))
    run()
    serve(*numbered(3))
    held = run()
    for path in feed_settings.FEED_STATE_DIR.glob("*/held-*"):
        path.unlink()
    serve(*numbered(2))
    again = accept_removals(held)
    assert (again.outcome, len(online())) == ("held", 10)
    for path in feed_settings.FEED_STATE_DIR.glob("*/held-*"):
        path.unlink()
    assert accept_removals(again).outcome == "loaded"
    assert online() == {"F1", "F2"}


def test_only_the_last_held_run_can_be_accepted(run, serve, feed):
    serve(*numbered(10))
    run()
    serve(*numbered(3))
    first = run()
    serve(*numbered(2))
    second = run()
    with pytest.raises(NothingToAccept):
        accept_removals(first)
    feed.forget_content()
    second.refresh_from_db()
    with pytest.raises(NothingToAccept):
        accept_removals(second)


def test_a_feed_that_comes_back_is_loaded_again(run, serve):
    serve(*numbered(10))
    run()
    serve(*numbered(1))
    assert run().outcome == "held"
    serve(*numbered(10))
    assert run().outcome == "unchanged"


@pytest.mark.parametrize(
    ("answer", "outcome", "cause"),
    [
        (at.reply(b"<html><body>Maintenance</body></html>"), "refused", "html"),
        (at.reply(b""), "refused", "format"),
        (at.reply(b"pas du xml"), "refused", "format"),
        (at.reply(b'<!DOCTYPE lheo [<!ENTITY a "b">]><lheo/>'), "refused", "format"),
        (at.reply(b"<rss/>"), "refused", "format"),
        (at.reply(lheo().encode()), "refused", "empty"),
        (at.reply(lheo(formation(title="")).encode()), "refused", "rejections"),
        (at.reply(b"x", status="500 Oops"), "failed", "http-500"),
        (at.raw(at.head(Content_Length="90000") + lheo(*numbered(1)).encode()), "failed", "truncated"),
        (at.redirect("http://10.0.0.1/"), "refused", "address"),
    ],
)
def test_what_is_no_feed_removes_and_loads_nothing(run, serve, server, feed, answer, outcome, cause):
    serve(*numbered(5), ETag='"v1"')
    run()
    server.answers["/flux.xml"] = answer
    done = run()
    assert (done.outcome, done.cause) == (outcome, cause)
    assert done.message
    assert len(online()) == 5
    feed.refresh_from_db()
    assert (feed.failures, feed.etag) == (1, '"v1"')


def test_a_file_cut_in_the_middle_loads_its_beginning_and_is_not_remembered(run, serve, server, feed):
    serve(*numbered(5), ETag='"v1"')
    run()
    whole = lheo(*numbered(4, title="Nouveau titre")).encode()
    server.answers["/flux.xml"] = at.reply(whole[: whole.rindex(b"<formation ")], ETag='"v2"')
    done = run()
    assert (done.outcome, done.cause, done.changed, done.removed) == ("loaded", "partial", 3, 0)
    assert "pas été lu en entier" in done.message
    assert len(online()) == 5
    feed.refresh_from_db()
    assert feed.etag == '"v1"'


def test_a_wrong_encoding_is_read_with_a_warning(run, server):
    body = lheo(formation("F1", title="Élaboration à façon")).encode("cp1252")
    server.answers["/flux.xml"] = at.reply(body, Content_Type="application/xml; charset=utf-8")
    done = run()
    assert done.outcome == "loaded"
    assert "windows-1252" in done.report["warnings"][0]["reason"]
    assert Training.objects.get().title_fr == "Élaboration à façon"


def test_a_rejected_row_is_told_and_keeps_its_training(run, serve):
    serve(*numbered(6))
    run()
    serve(*numbered(5), formation("F6", title=""))
    done = run()
    assert (done.outcome, done.cause, done.rejected, done.removed) == ("unchanged", "rejections", 1, 0)
    assert done.report["errors"][0]["reason"].startswith("formation sans intitulé")
    assert len(online()) == 6


def test_another_organisations_trainings_are_rejected(run, serve, feed):
    other = {"siret": "00000002600013", "provider": "Autre institut"}
    nameless = {"siret": "", "provider": "Autre institut"}
    serve(formation("F1"), formation("F2", **other), formation("F3", **nameless), formation("F4", siret=""))
    done = run()
    assert (done.added, done.rejected) == (2, 2)
    assert "ce flux est celui de « École d'essai »" in done.report["errors"][0]["reason"]
    assert online() == {"F1", "F4"}
    TrainingFeed.objects.update(admits_others=True)
    assert run(force=True).added == 2
    assert Organisation.objects.filter(name="Autre institut").exists()


def test_another_establishment_of_the_same_company_is_its_own(run, serve):
    serve(formation("F1", siret="00000001800028", provider="École d'essai, Lille"))
    assert run().added == 1


def test_a_csv_feed_is_read(run, server, feed):
    row = {"code_formation": "C1", "intitule_fr": "Filtration", "nom_organisme": "École d'essai"}
    lines = [";".join(COLUMNS), ";".join(row.get(column, "") for column in COLUMNS)]
    server.answers["/flux.csv"] = at.reply("\n".join(lines).encode("cp1252"))
    TrainingFeed.objects.update(url=server.url("/flux.csv"), format="csv")
    assert run().added == 1
    assert Training.objects.get().title_fr == "Filtration"


def test_a_folder_feed_is_read_and_known_again(run, feed, feed_settings, tmp_path):
    folder = tmp_path / "depots" / "ecole"
    folder.mkdir(parents=True)
    (folder / "juin.xml").write_text(lheo(*numbered(2)), encoding="utf-8")
    feed_settings.FEED_FOLDERS_ROOT, feed_settings.FEED_FOLDER_SETTLE_SECONDS = str(folder.parent), 0
    TrainingFeed.objects.update(url="", folder="ecole")
    assert run().added == 2
    assert run().outcome == "unchanged"
    feed_settings.FEED_FOLDERS_ROOT = ""
    assert run().cause == "folder"


def test_a_demonstration_organisations_feed_loads_demonstration_trainings(run, serve, school):
    Organisation.objects.update(is_demonstration=True)
    serve(formation())
    run()
    assert Training.objects.get().is_demonstration


def test_logs_hold_no_address_and_no_key(run, server, feed, caplog, school, django_user_model):
    caplog.set_level("DEBUG")
    TrainingFeed.objects.update(url=server.url("/flux.xml?cle=tres-secrete"))
    run()
    server.answers["/flux.xml"] = at.redirect("http://10.0.0.1/?cle=tres-secrete")
    done = run()
    assert "tres-secrete" not in caplog.text + done.message


def test_long_texts_of_the_difference_are_cut(run, serve):
    serve(formation(content="Programme. " * 300))
    run()
    serve(formation(content="Autre programme. " * 300))
    (change,) = run().report["changes"]
    assert all(len(text) <= 500 for texts in change["fields"].values() for text in texts)


def test_a_run_that_changes_nothing_asks_little_of_the_database(run, serve, django_assert_max_num_queries):
    serve(*numbered(50))
    run()
    with django_assert_max_num_queries(25):
        assert run().outcome == "unchanged"

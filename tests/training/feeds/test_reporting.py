"""The mail to the owner: to its members alone, when there is something to know, and once."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from people.models import Membership, Organisation
from tests.training.feeds import server as at
from tests.training.lheo_samples import formation, lheo
from training.feeds.running import run_feed
from training.models import FeedRun, TrainingFeed

pytestmark = pytest.mark.django_db


class FailingBackend(EmailBackend):
    """A mail server that is away, or that refuses one recipient."""

    def send_messages(self, messages):
        if any("refuse" in address for message in messages for address in message.to):
            raise ConnectionRefusedError("refuse@example.org: mail server away")
        return super().send_messages(messages)


@pytest.fixture
def members(school, django_user_model):
    users = django_user_model.objects
    stranger = Organisation.objects.create(name="Autre institut", kind="training-provider")
    one, two = users.create_user("un", "un@example.org"), users.create_user("deux", "deux@example.org")
    without, gone = (
        users.create_user("sans"),
        users.create_user("parti", "parti@example.org", is_active=False),
    )
    users.create_superuser("admin", "admin@example.org")
    for user in (one, two, without, gone):
        Membership.objects.create(user=user, organisation=school)
    Membership.objects.create(user=users.create_user("tiers", "tiers@example.org"), organisation=stranger)


@pytest.fixture
def run(feed, members, server):
    def run_with(*formations, answer=None) -> FeedRun:
        server.answers["/flux.xml"] = answer or at.reply(lheo(*formations).encode())
        return run_feed(feed.pk)

    return run_with


def numbered(count):
    return [formation(f"F{number}") for number in range(1, count + 1)]


def sent() -> list[str]:
    recipients = sorted(address for message in mail.outbox for address in message.recipients())
    mail.outbox.clear()
    return recipients


BOTH = ["deux@example.org", "un@example.org"]


def test_members_with_an_address_get_one_mail_each(run):
    done = run(*numbered(25))
    done.refresh_from_db()
    assert done.reported_at is not None
    assert [message.to for message in mail.outbox] == [["deux@example.org"], ["un@example.org"]]
    message = mail.outbox[0]
    assert message.subject == "Biofilière : flux « Flux d'essai » chargé"
    assert not message.cc
    assert not message.bcc
    assert "Résultat : chargé. 25 ajouts, 0 modification, 0 retrait." in message.body
    assert "  + f1\n" in message.body
    assert message.body.count("\n  + ") == 20
    assert "  …" in message.body
    assert "Prochain passage : " in message.body
    assert "/admin/" in message.body


def test_an_unchanged_run_is_not_told(run):
    run(formation())
    assert sent() == BOTH
    run(formation())
    run(answer=at.reply(lheo(formation()).encode() + b"<!-- -->"))
    assert sent() == []


def test_a_failure_is_told_once_until_it_changes_or_ends(run):
    down, page = at.reply(b"x", status="503 Down"), at.reply(b"<html></html>")
    run(answer=down)
    assert sent() == BOTH
    run(answer=down)
    assert sent() == []
    run(answer=page)
    assert sent() == BOTH
    run(answer=down)
    run(answer=page)
    assert sent() == [], "two known problems that take turns are no news"
    run(formation())
    assert sent() == BOTH
    run(answer=down)
    assert sent() == BOTH


def test_a_held_run_says_what_to_do_once(run):
    run(*numbered(10))
    mail.outbox.clear()
    run(*numbered(3))
    assert "une réponse est attendue" in mail.outbox[0].subject
    assert "acceptez-les" in mail.outbox[0].body
    assert "  - f10\n" in mail.outbox[0].body
    assert sent() == BOTH
    run(*numbered(2))
    assert sent() == []


def test_rejections_are_told_with_their_lines(run):
    run(formation("F1"), formation("F2", title=""))
    body = mail.outbox[0].body
    assert "Premiers rejets :\n  ligne " in body
    assert "formation sans intitulé" in body
    sent()
    run(answer=at.reply(lheo(formation("F1"), formation("F2", title="")).encode() + b"<!-- -->"))
    assert sent() == BOTH, "nothing changed, but the rows are still rejected"
    run(answer=at.reply(lheo(formation("F1"), formation("F2", title="")).encode() + b"<!--- -->"))
    assert sent() == []


def test_what_only_the_operator_can_mend_is_not_told(run, feed_settings):
    feed_settings.FEED_STATE_DIR.write_bytes(b"")
    assert run(formation()).cause == "internal"
    assert sent() == []


def test_a_mail_that_cannot_leave_loses_nothing(run, settings, django_user_model, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    django_user_model.objects.filter(username="deux").update(email="refuse@example.org")
    done = run(formation())
    assert done.outcome == "loaded"
    assert sent() == ["un@example.org"], "one bad address does not silence the others"
    assert "ConnectionRefusedError" in caplog.text
    assert "@" not in caplog.text


def test_a_mail_that_reached_nobody_is_tried_again(run, settings, django_user_model):
    down = at.reply(b"x", status="503 Down")
    django_user_model.objects.filter(username="un").update(email="")
    django_user_model.objects.filter(username="deux").update(email="refuse@example.org")
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    assert run(answer=down).reported_at is None
    django_user_model.objects.filter(username="deux").update(email="deux@example.org")
    run(answer=down)
    assert sent() == ["deux@example.org"]


def test_a_name_over_two_lines_cannot_add_a_header(run):
    TrainingFeed.objects.update(name="Flux\nBcc: tiers@example.org")
    run(formation())
    assert mail.outbox[0].subject == "Biofilière : flux « Flux Bcc: tiers@example.org » chargé"
    assert sent() == BOTH


def test_an_organisation_without_members_gets_no_mail(feed, server):
    server.answers["/flux.xml"] = at.reply(lheo(formation()).encode())
    assert run_feed(feed.pk).reported_at is None
    assert mail.outbox == []

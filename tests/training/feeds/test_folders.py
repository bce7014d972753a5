"""Folder feeds: the newest whole file, and nothing outside the root by any path or link."""

import os
import time
from pathlib import Path

import pytest

from training.feeds.folders import folder_parts, newest_file
from training.feeds.problems import FeedProblem, FeedRefused


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    (folder / "ecole" / "flux").mkdir(parents=True)
    return folder


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    deposit(folder / "secret.xml", b"<secret/>")
    return folder


def deposit(path: Path, content: bytes = b"<lheo/>", age: float = 3600) -> Path:
    path.write_bytes(content)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def newest(root, folder="ecole/flux", **options):
    defaults = {"max_bytes": 1_000, "settle_seconds": 30}
    target = (root or Path.cwd()).parent / "incoming"
    return newest_file(root, folder, ".xml", target, **(defaults | options))


def refused(*args, **options) -> FeedProblem:
    with pytest.raises(FeedProblem) as caught:
        newest(*args, **options)
    return caught.value


def test_the_newest_file_of_the_format_is_copied(root):
    deposit(root / "ecole/flux/ancien.xml", b"<lheo>1</lheo>", age=9_000)
    deposit(root / "ecole/flux/recent.XML", b"<lheo>2</lheo>", age=8_000)
    deposit(root / "ecole/flux/autre.csv", age=100)
    deposit(root / "ecole/flux/.cache.xml", age=100)
    (root / "ecole/flux/dossier.xml").mkdir()
    content = newest(root)
    assert content.path.read_bytes() == b"<lheo>2</lheo>"
    assert (content.size, content.http_status) == (14, None)


def test_a_file_that_is_still_arriving_waits(root):
    deposit(root / "ecole/flux/nouveau.xml", b"<lheo>2", age=2)
    assert refused(root).cause == "folder-arriving"
    deposit(root / "ecole/flux/ancien.xml", b"<lheo>1</lheo>")
    assert newest(root).path.read_bytes() == b"<lheo>1</lheo>"
    assert newest(root, settle_seconds=1).path.read_bytes() == b"<lheo>2"


@pytest.mark.parametrize("folder", ["", ".", "/etc", "..", "ecole/../..", "../outside", "a\0b", "a\\b"])
def test_a_path_that_is_not_below_the_root_is_refused(root, folder):
    with pytest.raises(FeedRefused):
        folder_parts(folder)
    assert refused(root, folder).outcome == "refused"


def test_links_are_followed_at_no_step(root, outside):
    (root / "lien").symlink_to(outside, target_is_directory=True)
    assert refused(root, "lien").cause == "folder"
    (root / "ecole/lien").symlink_to(outside.parent, target_is_directory=True)
    assert refused(root, "ecole/lien/outside").cause == "folder"
    (root / "ecole/flux/lien.xml").symlink_to(outside / "secret.xml")
    assert refused(root).cause == "folder-empty"


def test_what_is_no_file_is_not_read(root):
    os.mkfifo(root / "ecole/flux/tube.xml")
    assert refused(root).cause == "folder-empty"


def test_the_root_itself_may_be_a_link(root, tmp_path):
    deposit(root / "ecole/flux/flux.xml")
    (tmp_path / "racine").symlink_to(root, target_is_directory=True)
    assert newest(tmp_path / "racine").size == 7


def test_what_lacks_is_told(root, tmp_path):
    assert refused(None).cause == "folder"
    assert refused(tmp_path / "absent").cause == "folder-root"
    assert refused(root, "absent").cause == "folder-missing"
    assert refused(root).cause == "folder-empty"
    deposit(root / "fichier.xml")
    assert refused(root, "fichier.xml").cause == "folder"


def test_a_large_file_and_a_web_page_are_refused(root):
    deposit(root / "ecole/flux/flux.xml", b"x" * 1_001)
    assert refused(root).cause == "too-large"
    deposit(root / "ecole/flux/flux.xml", b"<!doctype html><html></html>")
    assert refused(root).cause == "html"

"""A file that cannot be written: the server starts, answers reads and refuses writes clearly."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.people import People, Person, new_id, problem
from tests.api.serving import Serving, serve_to_the_end
from tests.stores.disks import WITHOUT_PRIVILEGES, needs_mounts, needs_namespaces, on_read_only_disk


def leave_behind(folder: Path, *, cleanly: bool) -> tuple[str, str, Any]:
    """A store with two users and a message: their ids, and the message."""
    with Serving(folder) as serving:
        people = People(serving.url)
        ann, bob = people.pair()
        message = ann.send(bob)
        bob.inbox()
        people.close()
        if cleanly:
            assert serving.stop() == 0
        return ann.id, bob.id, message


def check_reads_only(serving: Serving, ann_id: str, bob_id: str, message: Any) -> None:
    """Reads are answered, writes are refused."""
    ann, bob = (Person(serving.url, user, user) for user in (ann_id, bob_id))
    conversation = ann.dm(bob)
    assert bob.messages(conversation)["messages"] == [message]
    assert bob.row(conversation)["unread"] == 1
    assert bob.get("/me")["id"] == bob_id
    assert bob.http.get("/").status_code == 200
    body = {"id": new_id(), "to": bob_id, "body": "x"}
    for reply in (
        ann.post(body),
        bob.request("PUT", f"/conversations/{conversation}/read", {"seq": 1}),
        ann.request("DELETE", f"/conversations/{conversation}/messages/1"),
    ):
        problem(reply, 503, "store_read_only")
    assert bob.messages(conversation)["messages"] == [message]
    for person in (ann, bob):
        person.close()


@needs_mounts
@pytest.mark.parametrize("cleanly", [True, False], ids=["closed", "killed"])
def test_a_server_on_a_read_only_disk_answers_reads(tmp_path: Path, cleanly: bool) -> None:
    left = leave_behind(tmp_path, cleanly=cleanly)
    with Serving(tmp_path, wrapped_in=on_read_only_disk(tmp_path)) as serving:
        check_reads_only(serving, *left)
        assert serving.stop() == 0
        assert "cannot be written" in serving.errors


@needs_mounts
def test_a_read_only_disk_without_a_store_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"Error: .*\[store_read_only\]"):
        Serving(tmp_path, wrapped_in=on_read_only_disk(tmp_path))


@needs_namespaces
def test_a_file_that_its_server_may_only_read_is_read(tmp_path: Path) -> None:
    """The usual mistake: made by root, served by another account."""
    left = leave_behind(tmp_path, cleanly=True)
    (tmp_path / "tavola.db").chmod(0o444)
    with Serving(tmp_path, wrapped_in=WITHOUT_PRIVILEGES) as serving:
        check_reads_only(serving, *left)
        assert serving.stop() == 0


@needs_namespaces
def test_a_store_that_may_not_even_be_read_is_a_clear_error(tmp_path: Path) -> None:
    leave_behind(tmp_path, cleanly=True)
    (tmp_path / "tavola.db").chmod(0)
    with pytest.raises(AssertionError, match=r"Error: .*Permission denied.*\[store_failed\]"):
        Serving(tmp_path, wrapped_in=WITHOUT_PRIVILEGES)


def test_a_read_only_store_without_a_secret_says_so(tmp_path: Path) -> None:
    code, errors = serve_to_the_end(
        tmp_path, "--store", "sqlite:////proc/none.db", "serve", "--port", "0"
    )
    assert (code, "[store_read_only]" in errors) == (1, True)

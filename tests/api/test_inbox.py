"""The inbox: order, pages, unread counts, and that everybody reads their own writes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tavola.core.cursors import CursorKey
from tests.api.logs import write_past
from tests.api.people import Api, People, Person, bearer, problem, token, wrong_field
from tests.api.serving import SECRET, Serving


def conversations(person: Person, **query: Any) -> list[str]:
    """The ids of a page's rows."""
    return [row["conversation"] for row in person.inbox(**query)]


def test_a_row_has_the_shape_that_is_promised(people: People) -> None:
    ann, bob = people.pair()
    message = ann.send(bob)
    reply = bob.get("/inbox")
    assert {key: reply[key] for key in ("next",)} == {"next": None}
    (row,) = reply["conversations"]
    assert row == {
        "conversation": ann.dm(bob),
        "kind": "direct",
        "title": "ann",
        "user": {"id": ann.id, "handle": ann.handle, "display_name": "ann"},
        "head": message,
        "unread": 1,
        "read_seq": 0,
    }
    assert reply.get("exact") is not False
    assert bob.get(f"/conversations/{ann.dm(bob)}") == row


def test_a_groups_row_has_its_name_and_no_user(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann, bob)
    message = ann.send(group)
    assert bob.row(group) == {
        "conversation": group,
        "kind": "group",
        "title": "Choir",
        "head": message,
        "unread": 1,
        "read_seq": 0,
    }


def test_who_has_sent_sees_it_at_once(people: People) -> None:
    ann = people.user("ann")
    for _ in range(30):
        other = people.user()
        message = ann.send(other)
        (row, *_) = ann.inbox(limit=1)
        assert row["head"] == message
        assert other.inbox()[0]["head"] == message


def test_it_does_so_under_load(people: People) -> None:
    pairs = [people.pair() for _ in range(8)]

    def talk(pair: tuple[Person, Person]) -> None:
        for _ in range(15):
            message = pair[0].send(pair[1])
            assert pair[0].inbox()[0]["head"] == message
            assert pair[1].inbox()[0]["head"] == message

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(talk, pairs))


def test_newest_activity_comes_first(people: People) -> None:
    ann = people.user("ann")
    others = [people.user() for _ in range(5)]
    for other in others:
        ann.send(other)
    assert conversations(ann) == [ann.dm(other) for other in reversed(others)]
    others[1].send(ann)
    assert conversations(ann)[0] == ann.dm(others[1])
    assert conversations(others[1]) == [ann.dm(others[1])]


def test_an_edit_or_deletion_of_an_old_message_moves_nothing(people: People) -> None:
    ann, bob = people.pair()
    cas = people.user("cas")
    ann.send(bob)
    ann.send(cas)
    ann.request("PATCH", f"/conversations/{ann.dm(bob)}/messages/1", {"body": "changed"})
    assert conversations(ann) == [ann.dm(cas), ann.dm(bob)]
    ann.request("DELETE", f"/conversations/{ann.dm(bob)}/messages/1")
    assert conversations(ann) == [ann.dm(cas), ann.dm(bob)]


def test_sixty_conversations_are_reached_in_pages(people: People) -> None:
    ann = people.user("ann")
    sent = [ann.send(people.user())["conversation"] for _ in range(60)]
    for limit in (1, 7, 20, 59, 60, 200, 100_000):
        assert (
            _walk(ann, limit, rounds=5 if limit == 1 else 100)
            == sent[::-1][: 5 if limit == 1 else 60]
        )
    assert len(ann.inbox()) == 20


def _walk(ann: Person, limit: int, rounds: int) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(rounds):
        reply = ann.get("/inbox", limit=limit, **cursor)
        found += [row["conversation"] for row in reply["conversations"]]
        if reply["next"] is None:
            break
        cursor = {"cursor": reply["next"]}
    return found


def test_a_row_that_moves_up_between_pages_is_not_lost(people: People) -> None:
    ann = people.user("ann")
    others = [people.user() for _ in range(6)]
    for other in others:
        ann.send(other)
    first = ann.get("/inbox", limit=3)
    others[0].send(ann)  # from the last page to the top
    second = ann.get("/inbox", limit=3, cursor=first["next"])
    merged = {row["conversation"]: row for row in first["conversations"]}
    merged |= {row["conversation"]: row for row in second["conversations"]}
    merged |= {row["conversation"]: row for row in ann.inbox(limit=3)}
    assert merged.keys() == {ann.dm(other) for other in others}


def changed(text: str, place: int) -> str:
    """A text with another letter at a place."""
    letters = list(text)
    letters[place] = "A" if text[place] != "A" else "B"
    return "".join(letters)


def test_a_cursor_is_only_good_for_whom_it_was_made(people: People, nobody: Api) -> None:
    ann, bob = people.pair()
    for person in (ann, bob):
        for _ in range(2):
            person.send(people.user())
    cursor = ann.get("/inbox", limit=1)["next"]
    assert len(ann.inbox(cursor=cursor)) == 1
    wrong_field(bob.request("GET", "/inbox", params={"cursor": cursor}), "cursor", "cursor")
    for wrong in (
        changed(cursor, -2),
        changed(cursor, 0),
        cursor * 2,
        cursor[:20],
        "é",
        "",
        "=",
        "\0",
    ):
        wrong_field(ann.request("GET", "/inbox", params={"cursor": wrong}), "cursor", "cursor")
    position = ("2026-11-21", "2026-11-21T00:00:00.000Z", "dm:a:b")
    mine = CursorKey(SECRET.encode(), "inbox", ann.id).seal(position)
    assert ann.request("GET", "/inbox", params={"cursor": mine}).status_code == 200
    for key in (
        CursorKey(b"another secret", "inbox", ann.id),
        CursorKey(SECRET.encode(), "groups", ann.id),
        CursorKey(SECRET.encode(), "inbox", bob.id),
    ):
        other = key.seal(position)
        wrong_field(ann.request("GET", "/inbox", params={"cursor": other}), "cursor", "cursor")
    short = CursorKey(SECRET.encode(), "inbox", ann.id).seal(("x",))
    wrong_field(ann.request("GET", "/inbox", params={"cursor": short}), "cursor", "cursor")


def test_unread_is_what_a_naive_count_gives(people: People) -> None:
    ann, bob = people.pair()
    conversation = ann.dm(bob)
    assert bob.inbox() == []
    for n in range(1, 4):
        ann.send(bob)
        assert (bob.row(conversation)["unread"], ann.row(conversation)["unread"]) == (n, 0)
    bob.send(ann)  # sending marks as read
    assert (bob.row(conversation)["unread"], ann.row(conversation)["unread"]) == (0, 1)
    ann.send(bob)
    assert (bob.row(conversation)["unread"], ann.row(conversation)["unread"]) == (1, 0)
    assert bob.row(conversation)["read_seq"] == 4
    ann.request("DELETE", f"/conversations/{conversation}/messages/5")
    assert bob.row(conversation)["unread"] == 1, "deleted entries count until read"
    bob.mark(conversation, 5)
    assert bob.row(conversation)["unread"] == 0


def test_the_preview_follows_an_edit_and_a_deletion(people: People) -> None:
    ann, bob = people.pair()
    ann.send(bob, "wrong")
    place = f"/conversations/{ann.dm(bob)}/messages/1"
    ann.request("PATCH", place, {"body": "right"})
    for person in (ann, bob):
        assert person.row(ann.dm(bob))["head"]["body"] == "right"
    ann.request("DELETE", place)
    for person in (ann, bob):
        head = person.row(ann.dm(bob))["head"]
        assert head["body"] is None
        assert head["deleted_at"]


def test_a_new_member_has_the_group_in_the_inbox(people: People) -> None:
    ann, bob = people.pair()
    group = people.group(ann)
    message = ann.send(group)
    people.put(f"/groups/{group.removeprefix('group:')}/users/{bob.id}")
    row = bob.row(group)
    assert (row["head"], row["unread"]) == (message, 0)


# --- conversations of a whole year --------------------------------------------------------------

DAYS = 150
TODAY = datetime.now(UTC)


@pytest.fixture(scope="module")
def zoe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody with two conversations on each of many days, on a server of their own."""
    folder = tmp_path_factory.mktemp("year")
    logs = {}
    for day in range(DAYS):
        for n in range(2):
            who = f"p{day:03d}{n}"
            at = TODAY - timedelta(days=day + 1, minutes=n)
            logs[f"dm:{who}:zoe"] = [(who, f"{at:%Y-%m-%dT%H:%M:%S}.000Z", "hello")]
    people = [conversation.split(":")[1] for conversation in logs]
    write_past(folder, (*people, "zoe"), logs)
    with Serving(folder) as serving:
        person = Person(serving.url, "zoe", "zoe")
        yield person
        person.close()


@pytest.mark.parametrize("limit", [3, 20, 200])
def test_an_inbox_of_many_days_is_walked_in_order(zoe: Person, limit: int) -> None:
    expected = [f"dm:p{day:03d}{n}:zoe" for day in range(DAYS) for n in range(2)]
    assert _walk(zoe, limit, rounds=1000) == expected


def test_an_old_conversation_comes_to_the_top_for_both(zoe: Person) -> None:
    old = Person(zoe.url, "p1490", "p1490")
    assert conversations(old) == ["dm:p1490:zoe"]
    message = zoe.send(old, "long time no see")
    assert zoe.inbox()[0]["head"] == message
    assert [row["head"] for row in old.inbox()] == [message]
    everything = _walk(zoe, 200, rounds=10)
    assert len(everything) == len(set(everything)) == 2 * DAYS
    old.close()


def test_nobody_elses_inbox_is_shown(people: People, nobody: Api) -> None:
    problem(nobody.request("GET", "/inbox"), 401, "unauthenticated")
    reply = nobody.request("GET", "/inbox", headers=bearer(token("no-such-user")))
    problem(reply, 401, "caller_unknown")

"""What an endpoint is given and what it answers."""

from typing import Any, Generic, TypeVar

import msgspec

from tavola.core.cursors import CursorKey
from tavola.core.errors import Forbidden
from tavola.core.explorer import StoreKind
from tavola.core.times import Bucketing
from tavola.core.units import Prices
from tavola.edge.auth import Attempts, Passwords, Tokens
from tavola.edge.http.callers import Caller
from tavola.edge.http.turns import Turns
from tavola.edge.http.types import PageQuery
from tavola.edge.ledger import Ledger
from tavola.edge.ports import Feed, Measure, Run, Stats
from tavola.edge.tokens.bearers import Bearers
from tavola.flows.access import Asker

B = TypeVar("B")
Q = TypeVar("Q")


class Demo(msgspec.Struct, frozen=True):
    """The people whom the sign-in page offers, and their common password."""

    password: str
    handles: tuple[str, ...]


class Explorer(msgspec.Struct, frozen=True):
    """What admins may look at the table with."""

    store: StoreKind
    prices: Prices
    measured: Measure


class Server(msgspec.Struct):
    """All that endpoints work with. Made by the composition root."""

    run: Run
    feed: Feed
    stats: Stats
    tokens: Tokens
    bearers: Bearers
    passwords: Passwords
    secret: bytes
    bucketing: Bucketing
    session_s: float
    sign_ins: Attempts
    searches: Attempts | None
    explorer: Explorer | None
    heads_max: int | None = None  # heads read to order one bucket of an inbox; None: all
    demo: Demo | None = None
    cors_origins: tuple[str, ...] = ()
    ledger: Ledger | None = None  # what logs requests, with what they took; None: nothing does
    turns: Turns = msgspec.field(default_factory=Turns)


class Call(msgspec.Struct, Generic[B, Q]):
    """One request: who calls, on what path, with what."""

    server: Server
    caller: Caller
    path: dict[str, str]
    body: B
    query: Q
    now: str
    client: str
    secure: bool

    @property
    def user_id(self) -> str:
        """The calling user."""
        return self.caller.user_id

    @property
    def asker(self) -> Asker:
        """The caller, as flows know who asks."""
        return Asker(self.caller.user_id, self.caller.admin)

    def require_admin(self) -> None:
        """Raise `Forbidden` unless an admin calls."""
        if not self.caller.admin:
            raise Forbidden("Only an admin may do this.")

    def cursor_key(self, list_name: str) -> CursorKey:
        """What binds the cursors of a list to who asked."""
        return CursorKey(self.server.secret, list_name, self.user_id)

    def start_of(self, query: PageQuery, list_name: str) -> str | None:
        """Where the page of a list begins that is asked for; raises `Invalid`."""
        if query.cursor is None:
            return None
        return self.cursor_key(list_name).open(query.cursor, 1)[0]

    def next_of(self, start: str | None, list_name: str) -> str | None:
        """The cursor of a list's next page, if there is one."""
        return self.cursor_key(list_name).seal((start,)) if start is not None else None


class Reply(msgspec.Struct, frozen=True):
    """What goes back: a view as JSON, or nothing."""

    content: Any = None
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()

"""Settings: one Struct. A flag beats the environment, that beats `tavola.toml`, that the default.

Every setting has an environment variable `TAVOLA_NAME` and a key `name` in the file. Unknown keys
in the file are an error; `TAVOLA_…` variables that are no setting are left alone.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta

from tavola.core import limits
from tavola.core.errors import Invalid, invalid
from tavola.core.times import Bucketing
from tavola.core.units import Prices
from tavola.edge.aws.secrets import FORM

SQLITE_PREFIX = "sqlite:///"
MEMORY = "memory://"
DYNAMODB_PREFIX = "dynamodb://"

_TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")
REGION = re.compile(r"[a-z0-9-]{1,40}")
_ENDPOINT = re.compile(r"https?://[^/?#@\s]+/?")

# What is fetched can be changed on its way unless it is https or stays on this machine.
_FETCHED = r"(?:https://[^/?#@\s]+|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?)(?:/[^#\s]*)?"
_FETCHED_OR_FILE = rf"\A(?:(?!https?:)[^\0]+|{_FETCHED})\Z"

_ISSUER = r"\A(?:https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|\Z))[A-Za-z0-9:/._~-]+\Z"
_COLUMN = r"\A[^\0]{1,63}\Z"  # what Postgres cuts off is no part of a name
_LISTED = ("cors_origins", "issuer_audiences", "issuer_client_ids")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    store: Annotated[
        str,
        Meta(
            description="Where the items are: `sqlite:///PATH` (`sqlite:////abs/path` for an "
            "absolute one), `dynamodb://TABLE?region=REGION` (with `&endpoint=URL` where it is not "
            "AWS's own; `AWS_ENDPOINT_URL` has no say), or `memory://` for a trial that forgets."
        ),
    ] = "sqlite:///tavola.db"
    host: Annotated[
        str, Meta(description="The address to listen on. Others can reach it if not loopback.")
    ] = "127.0.0.1"
    port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        Meta(
            description="The port to listen on; 0 takes any free one. Unset: 8080, or the next "
            "free one after it."
        ),
    ] = None
    token_secret: Annotated[
        Annotated[str, Meta(min_length=1)] | None,
        Meta(
            description="Signs host-app tokens (HS256) and sessions; 32 random bytes or more. "
            "Unset: made once and kept in `PATH.secret` beside the store, mode 0600.",
        ),
    ] = None
    token_secret_from: Annotated[
        Annotated[str, Meta(pattern=rf"\A{FORM}\Z")] | None,
        Meta(
            description="Where `token_secret` is kept in AWS, if it is not set: `ssm:/NAME`, a "
            "parameter of Systems Manager, or `secretsmanager:NAME`; with `?region=REGION` where "
            "that is not the store's, and `&endpoint=URL` where it is not AWS's own. The Lambda "
            "functions read it again every five minutes, `serve` and `token` when they start.",
        ),
    ] = None
    proxy_key: Annotated[
        Annotated[str, Meta(min_length=16)] | None,
        Meta(
            description="On Lambda: what CloudFront shows in `x-tavola-proxy-key`, so that it is "
            "believed on the viewer's address and on the host that was asked.",
        ),
    ] = None
    bucket: Annotated[
        Bucketing,
        Meta(
            description="The unit in which the inbox is ordered in the key. `hour` suits accounts "
            "with more than 500 conversations active on the same day."
        ),
    ] = "day"
    session_days: Annotated[
        int, Meta(ge=1, le=365, description="How long a sign-in with a password lasts, in days.")
    ] = 30
    sign_in_attempts: Annotated[
        int,
        Meta(ge=1, description="Wrong passwords for one handle or from one address in 5 minutes."),
    ] = 10
    prefix_search: Annotated[
        bool, Meta(description="Whether users can be found by the beginning of their handle.")
    ] = True
    prefix_searches: Annotated[
        int, Meta(ge=1, description="Searches by prefix that one user may make in a minute.")
    ] = 120
    table_explorer: Annotated[
        bool,
        Meta(
            description="Whether admins may look at the whole table at `/table`: every item, what "
            "people wrote to each other too."
        ),
    ] = True
    cors_origins: Annotated[
        tuple[str, ...],
        Meta(
            description="Origins of apps whose browsers call the API, as `https://app.example`; "
            "in the environment separated by commas."
        ),
    ] = ()
    trusted_proxies: Annotated[
        str,
        Meta(
            description="Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` "
            "are believed, separated by commas."
        ),
    ] = "127.0.0.1"
    with_worker: Annotated[
        bool,
        Meta(
            description="Whether `serve` on a DynamoDB table also runs its worker, which reads the "
            "table's stream. Of several only one is at work. An embedded store needs none."
        ),
    ] = False
    rules: Annotated[
        Annotated[str, Meta(min_length=1, pattern=r"\A[^\0]+\Z")] | None,
        Meta(
            description="The file with the rules that put people into groups and welcome them, see "
            "`docs/rules.md`. It needs the extra `tavola[rules]`. Unset: there are none."
        ),
    ] = None
    log_format: Annotated[
        Literal["text", "json"], Meta(description="How log lines look, on standard error.")
    ] = "text"
    log_requests: Annotated[
        bool,
        Meta(
            description="Whether every request is logged, not only those that fail: its use case, "
            "how long it took, the request units that it consumed and what they cost."
        ),
    ] = False
    metrics_namespace: Annotated[
        Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._/#:-]{1,255}\Z")] | None,
        Meta(
            description="The namespace in CloudWatch in which the log lines of requests, and on "
            "Lambda of the stream's batches, are metrics, too; it needs `log_format = json`. "
            "Unset: they are log lines alone.",
        ),
    ] = None
    read_units_usd: Annotated[
        float,
        Meta(
            ge=0,
            le=1000,
            description="What a million read request units cost, in US dollars. `tavola costs` and "
            "`tavola patterns run` count with it.",
        ),
    ] = 0.125
    write_units_usd: Annotated[
        float,
        Meta(ge=0, le=1000, description="What a million write request units cost, likewise."),
    ] = 0.625
    prices_of: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            description="Of what, where and since when these prices are, as it is told with them.",
        ),
    ] = "on demand in us-east-1, since 2024-11-01"
    token_keys: Annotated[
        Annotated[str, Meta(pattern=_FETCHED_OR_FILE)] | None,
        Meta(
            description="Public keys with which host apps' tokens are verified, beside "
            "`token_secret`: a file with a JWKS or a PEM public key, or the URL of a JWKS, "
            "`https://…` or `http://` on loopback. Keys are for RS256, ES256 or EdDSA.",
        ),
    ] = None
    issuer: Annotated[
        Annotated[str, Meta(max_length=limits.ISSUER_CHARS_MAX, pattern=_ISSUER)] | None,
        Meta(
            description="The OpenID Connect issuer whose tokens are taken, as their `iss` says it: "
            "`https://cognito-idp.REGION.amazonaws.com/POOL` of a Cognito user pool. It needs "
            "`issuer_audiences` or `issuer_client_ids`.",
        ),
    ] = None
    issuer_audiences: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="What the `aud` of the issuer's tokens must name, one of these; in the "
            "environment separated by commas. Without, a token that has an `aud` is refused."
        ),
    ] = ()
    issuer_client_ids: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="What the `client_id` (or `azp`) of the issuer's tokens must be, one of "
            "these; likewise. An access token of Cognito has it, and no `aud`."
        ),
    ] = ()
    issuer_jwks_url: Annotated[
        Annotated[str, Meta(pattern=rf"\A{_FETCHED}\Z")] | None,
        Meta(
            description="Where the issuer's keys are, `https://…` or `http://` on loopback. Unset: "
            "`ISSUER/.well-known/jwks.json`; for other issuers it is the `jwks_uri` in "
            "`ISSUER/.well-known/openid-configuration`. Nothing else is ever fetched.",
        ),
    ] = None
    issuer_token_use: Annotated[
        Annotated[str, Meta(min_length=1)] | None,
        Meta(
            description="What the `token_use` of the issuer's tokens must be. Unset: `access` "
            "where they say it, as those of Cognito do, and nothing where they do not.",
        ),
    ] = None
    cognito_endpoint: Annotated[
        Annotated[str, Meta(pattern=rf"\A{_ENDPOINT.pattern}\Z")] | None,
        Meta(
            description="Where `tavola cognito` asks, if not at AWS's own endpoint for the region "
            "of the `issuer`; `AWS_ENDPOINT_URL` has no say.",
        ),
    ] = None
    aws_endpoint: Annotated[
        Annotated[str, Meta(pattern=rf"\A{_ENDPOINT.pattern}\Z")] | None,
        Meta(
            description="Where `tavola doctor --aws` asks, if not at AWS's own endpoints; "
            "`AWS_ENDPOINT_URL` has no say.",
        ),
    ] = None

    postgres_url: Annotated[
        Annotated[str, Meta(min_length=1)] | None,
        Meta(
            description="Where `tavola postgres` finds the users: "
            "`postgresql://USER@HOST:5432/DATABASE`. Its password is better kept in `PGPASSWORD` "
            "or `~/.pgpass`; one in the URL is never printed. Unset: it is given to the command.",
        ),
    ] = None
    postgres_table: Annotated[
        str,
        Meta(
            pattern=r"\A[^.\0]{1,63}(?:\.[^.\0]{1,63})?\Z",
            description="The table, or view, that holds the users there: `TABLE` or "
            "`SCHEMA.TABLE`, as it is written in Postgres' own catalogue.",
        ),
    ] = "users"
    postgres_uuid_column: Annotated[
        str, Meta(pattern=_COLUMN, description="Its column of who somebody is: a key of any type.")
    ] = "uuid"
    postgres_handle_column: Annotated[
        str, Meta(pattern=_COLUMN, description="Its column of handles.")
    ] = "handle"
    postgres_display_name_column: Annotated[
        str, Meta(pattern=_COLUMN, description="Its column of display names.")
    ] = "display_name"
    postgres_created_at_column: Annotated[
        str,
        Meta(
            pattern=_COLUMN,
            description="Its column of when somebody was made; without a time zone it is UTC.",
        ),
    ] = "created_at"
    postgres_cognito_user_id_column: Annotated[
        str,
        Meta(
            pattern=_COLUMN,
            description="Its column of who somebody is at the `issuer`, as the `sub` of their "
            "tokens says it. Without an `issuer` it is not read, and need not be there.",
        ),
    ] = "cognito_user_id"
    postgres_issuer: Annotated[
        str,
        Meta(
            pattern=r"\A[a-z0-9_-]{1,40}\Z",
            description="What the table is called here: the issuer of the links between its rows "
            "and users. A second table needs another name.",
        ),
    ] = "postgres"


def load(
    flags: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
    file: Path | None = None,
) -> Settings:
    """The settings in force. Raises `Invalid` naming the setting and where it comes from."""
    path = file or Path(environment.get("TAVOLA_CONFIG", "tavola.toml"))
    sources = [
        (str(path), _from_file(path, required=file is not None or "TAVOLA_CONFIG" in environment)),
        ("environment", _from_environment(environment)),
        ("flags", {name: value for name, value in flags.items() if value is not None}),
    ]
    for origin, values in sources:
        _convert(values, origin)
    merged: dict[str, Any] = {}
    for _, values in sources:
        merged |= values
    return _convert(merged, "settings")


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return f"TAVOLA_{name.upper()}"


def prices_of(settings: Settings) -> Prices:
    """The prices in force."""
    return Prices(settings.read_units_usd, settings.write_units_usd, settings.prices_of)


def is_url(place: str) -> bool:
    """Whether something is at a URL, not in a file."""
    return place.startswith(("https://", "http://"))


class TableAddress(NamedTuple):
    """Where a table of DynamoDB is; without an endpoint it is AWS's own."""

    table: str
    region: str
    endpoint: str | None = None


def sqlite_path(url: str) -> Path | None:
    """The file of a `sqlite:///` store; None for one that is no file. Raises `Invalid`."""
    if url == MEMORY or dynamodb_address(url):
        return None
    path = url.removeprefix(SQLITE_PREFIX)
    if path == url or not path or "\0" in path:
        raise invalid(
            "store", "store", "must be sqlite:///PATH, dynamodb://TABLE?region=REGION or memory://"
        )
    return Path(path)


def dynamodb_address(url: str) -> TableAddress | None:
    """The table of a `dynamodb://` store; None for another kind of store. Raises `Invalid`."""
    if not url.startswith(DYNAMODB_PREFIX):
        return None
    try:
        parts = urlsplit(url)
        found = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise _bad_address("must be dynamodb://TABLE?region=REGION") from None
    if not _TABLE.fullmatch(parts.netloc) or parts.path or parts.fragment:
        raise _bad_address("TABLE must be 3 to 255 of A-Z a-z 0-9 _ . -")
    if not found.keys() <= {"region", "endpoint"} or any(len(v) > 1 for v in found.values()):
        raise _bad_address("knows region and endpoint, each once")
    region, endpoint = found.get("region", [""])[0], found.get("endpoint", [None])[0]
    if not REGION.fullmatch(region):
        raise _bad_address("needs ?region=, as in region=eu-central-1")
    if endpoint is not None and not _ENDPOINT.fullmatch(endpoint):
        raise _bad_address("endpoint must be like http://127.0.0.1:8000")
    return TableAddress(parts.netloc, region, endpoint)


def store_name(url: str) -> str:
    """A store's URL as it is always written, so that two names of one store are equal."""
    if address := dynamodb_address(url):
        endpoint = f"&endpoint={address.endpoint.rstrip('/')}" if address.endpoint else ""
        return f"{DYNAMODB_PREFIX}{address.table}?region={address.region}{endpoint}"
    path = sqlite_path(url)
    return f"{SQLITE_PREFIX}{path.resolve()}" if path else url


def _bad_address(message: str) -> Invalid:
    return invalid("store", "store", f"a dynamodb:// store {message}")


def _convert(values: dict[str, Any], origin: str) -> Settings:
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.strip("`.").split("[")[0] or "settings"
        raise invalid(field, "setting", f"{message} (in {origin})") from None


def _from_file(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        if required:
            raise invalid("config", "missing", f"{path} is not there") from None
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise invalid("config", "toml", f"{path}: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in Settings.__struct_fields__:
        text = environment.get(variable_of(field))
        if text:
            listed = field in _LISTED
            values[field] = [part.strip() for part in text.split(",")] if listed else text
    return values

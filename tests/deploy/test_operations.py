"""What is seen of the functions by who looks after them: log lines, metrics, a dashboard."""

import asyncio
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tavola.app import open_service
from tavola.core.log import Draft
from tavola.core.units import Prices, Units, usd_per_million
from tavola.edge.aws.stream import USE_CASE as FEED
from tavola.edge.http import server  # noqa: F401 - it declares the endpoints
from tavola.edge.http.dispatch import NO_USE_CASE
from tavola.edge.http.endpoints import ENDPOINTS
from tavola.edge.ledger import METRICS, USE_CASE, Ledger
from tavola.flows.sending import Target, send
from tavola.flows.users import create_user
from tavola.settings import Settings
from tavola.stores.stats import measured
from tests import builders as b
from tests.api.people import bearer, sign
from tests.api.serving import SECRET
from tests.deploy.lambdas import Emitted, Event, http_event
from tests.deploy.template import chosen, resources, template
from tests.engine.dynoxide import ENVIRONMENT, Engine

NAMESPACE = "tavola/prod"
PRICES = {"TAVOLA_READ_UNITS_USD": "1000", "TAVOLA_WRITE_UNITS_USD": "500"}
FUNCTION = """
import importlib, json, sys
from types import SimpleNamespace
handler = importlib.import_module("tavola.edge.aws." + sys.argv[1]).handler
for number, event in enumerate(json.loads(sys.argv[2])):
    context = SimpleNamespace(
        aws_request_id=f"aws-{number}", get_remaining_time_in_millis=lambda: 60_000
    )
    answer = handler(event, context)
    print(json.dumps(answer))
handler.close()
"""


def invoke(name: str, events: list[Event], **environment: str) -> tuple[list[Any], list[Any]]:
    """What a function answers, and the lines that it logs."""
    ended = subprocess.run(
        [sys.executable, "-c", FUNCTION, name, json.dumps(events)],
        env={"TAVOLA_LOG_FORMAT": "json", **environment, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    told, logged = ended.stdout.splitlines(), ended.stderr.splitlines()
    return [json.loads(line) for line in told], [json.loads(line) for line in logged]


@pytest.fixture
def store(engine: Engine) -> str:
    """A table where Ann has written to Bob."""
    made = engine.store_url(engine.new_table())

    async def begin() -> None:
        async with open_service(Settings(store=made)) as service:
            for name in ("ann", "bob"):
                await service.run(create_user(b.user(name)))
            draft = Draft(b.mid(1), "ann", "hello")
            await service.run(send(draft, Target(to="bob"), None, b.T0, "day"))

    asyncio.run(begin())
    return made


def request(method: str, path: str, body: Any = None) -> Event:
    token = sign({"sub": "ann", "exp": 4_000_000_000}, secret=SECRET)
    headers = {"host": "x", "content-type": "application/json", **bearer(token)}
    encoded = json.dumps(body).encode() if body is not None else b""
    return http_event(method, f"/api/v1{path}", headers, encoded)


def http(store: str, *events: Event, **environment: str) -> tuple[list[Any], list[Any]]:
    named = {"TAVOLA_STORE": store, "TAVOLA_TOKEN_SECRET": SECRET, "TAVOLA_LOG_REQUESTS": "true"}
    return invoke("http", list(events), **named, **environment)


def test_each_request_is_told_with_what_it_took(store: str) -> None:
    sent = request("POST", "/messages", {"id": b.mid(2), "to": "@bob", "body": "secret words"})
    answers, lines = http(store, sent, **PRICES, TAVOLA_METRICS_NAMESPACE=NAMESPACE)
    (line,) = lines
    assert (line["event"], line["use_case"], line["status"]) == ("request", "send_message", 201)
    assert line["write_units"] == 1.0
    assert line["read_units"] >= 0.5
    assert line["usd"] == pytest.approx((line["read_units"] * 1000 + 500) / 1e6)
    assert line["ms"] > 0
    assert line["request_id"] == answers[0]["headers"]["x-request-id"]
    assert line["api_request_id"] == sent["requestContext"]["requestId"]
    assert line["aws_request_id"] == "aws-0"
    assert "secret words" not in json.dumps(line)


def check_metrics(line: Any) -> None:
    """A line is one from which CloudWatch makes metrics."""
    told = line["_aws"]
    assert told["Timestamp"] > 1_700_000_000_000
    (made,) = told["CloudWatchMetrics"]
    assert made["Namespace"] == NAMESPACE
    assert made["Dimensions"] == [["use_case"]]
    assert isinstance(line["use_case"], str)
    for metric in made["Metrics"]:
        assert isinstance(line[metric["Name"]], int | float)
        assert metric["Unit"] in {"Milliseconds", "Count", "None"}
    assert len(json.dumps(line)) < 1000, "lines are paid by their length"


def test_each_line_says_which_metrics_are_in_it(store: str) -> None:
    events = [request("GET", "/me"), request("PUT", "/me"), request("GET", "/inbox?limit=0")]
    answers, lines = http(store, *events, TAVOLA_METRICS_NAMESPACE=NAMESPACE)
    assert [one["statusCode"] for one in answers] == [200, 405, 422]
    assert [one["use_case"] for one in lines] == ["get_me", NO_USE_CASE, "read_inbox"]
    assert [one["aws_request_id"] for one in lines] == ["aws-0", "aws-1", "aws-2"]
    for line in lines:
        check_metrics(line)


def test_without_a_namespace_lines_are_only_lines(store: str) -> None:
    _, (line,) = http(store, request("GET", "/me"))
    assert line["use_case"] == "get_me"
    assert "_aws" not in line


def test_each_batch_of_the_stream_is_told_with_what_it_took(store: str, engine: Engine) -> None:
    table = store.removeprefix("dynamodb://").partition("?")[0]
    records = Emitted(engine, table).read()
    strange = json.loads(json.dumps(records[-1]))
    strange["dynamodb"]["NewImage"]["type"]["S"] = "Sticker"
    strange["dynamodb"]["SequenceNumber"] = "999999"
    named = {"TAVOLA_STORE": store, "TAVOLA_METRICS_NAMESPACE": NAMESPACE}
    _, lines = invoke("stream", [{"Records": [*records, strange]}, {"Records": records}], **named)
    first, second = (line for line in lines if line["event"] == "batch")
    assert (first["status"], first["changes"], first["undone"]) == ("done", len(records) + 1, 0)
    assert (first["set_aside"], second["set_aside"]) == (1, 0)
    assert first["write_units"] >= 4, "two pointers and two joiners"
    assert (first["use_case"], first["aws_request_id"]) == (FEED, "aws-0")
    assert second["aws_request_id"] == "aws-1"
    for line in (first, second):
        check_metrics(line)


def test_dollars_are_those_of_the_prices() -> None:
    prices = Prices(0.125, 0.625, "somewhere")
    units = Units(read=0.5, write=1.0)
    line = Ledger(measured, prices, None).entry("x", 0.0123456, units, 0)
    assert line["usd"] * 1e6 == pytest.approx(usd_per_million(units, prices))
    assert line == {
        "use_case": "x",
        "ms": 12.35,
        "read_units": 0.5,
        "write_units": 1.0,
        "usd": 6.875e-07,
    }


# The dashboard

SEARCH = re.compile(
    r"""SEARCH\('\{"(?P<space>[^"]+)","(?P<by>\w+)"\} MetricName="(?P<name>\w+)"', """
    r"""'(?P<stat>\w+)', (?P<period_s>\d+)\)"""
)


def widgets() -> list[dict[str, Any]]:
    """The parts of the dashboard, as for the stage `prod`."""
    text, _ = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    body: dict[str, Any] = json.loads(text.replace("${Stage}", "prod"))
    return [one["properties"] for one in body["widgets"]]


def searches() -> list[dict[str, str]]:
    """What is looked for among the metrics of use cases."""
    metrics = [metric for part in widgets() for metric in part["metrics"]]
    made = [one["expression"] for (one, *_) in metrics if isinstance(one, dict)]
    found = [SEARCH.fullmatch(one) for one in made]
    assert all(found), made
    return [one.groupdict() for one in found if one]


def test_the_dashboard_looks_for_the_metrics_that_lines_make() -> None:
    asked = [(one["name"], one["stat"]) for one in searches()]
    assert {one["space"] for one in searches()} == {NAMESPACE}
    assert {one["by"] for one in searches()} == {USE_CASE}
    assert {name for name, _ in asked} == METRICS.keys()
    assert {("ms", "SampleCount"), ("ms", "p50"), ("ms", "p99"), ("usd", "Sum")} <= set(asked)
    assert len(asked) == len([one for one in widgets() if "SEARCH" in json.dumps(one)])


def test_it_has_room_for_every_use_case() -> None:
    names = [endpoint.name for endpoint in ENDPOINTS]
    assert len(names) == len(set(names)), "two use cases would be one metric"
    assert not {FEED, NO_USE_CASE} & set(names)
    assert len(names) + 2 <= 100, "a search finds no more"


def test_it_shows_what_the_alarms_are_about() -> None:
    shown = {tuple(metric[:2]) for part in widgets() for metric in part["metrics"] if metric[1:]}
    alarms = resources("AWS::CloudWatch::Alarm").values()
    spaces = {"Fn::Sub": "tavola/${Stage}"}
    about = {
        (NAMESPACE if one["Namespace"] == spaces else one["Namespace"], one["MetricName"])
        for one in alarms
    }
    assert about <= shown


def test_nothing_of_it_overlaps() -> None:
    text, _ = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    taken: set[tuple[int, int]] = set()
    for one in json.loads(text)["widgets"]:
        cells = {
            (x, y)
            for x in range(one["x"], one["x"] + one["width"])
            for y in range(one["y"], one["y"] + one["height"])
        }
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.parametrize("measured", [True, False])
def test_metrics_and_dashboard_come_and_go_together(measured: bool) -> None:
    true = frozenset({"Measured"} if measured else ())
    common = template()["Globals"]["Function"]["Environment"]["Variables"]
    namespace = chosen(common, true)["TAVOLA_METRICS_NAMESPACE"]
    assert namespace == ({"Fn::Sub": "tavola/${Stage}"} if measured else "")
    assert template()["Resources"]["Dashboard"]["Condition"] == "Measured"
    assert template()["Conditions"]["Measured"] == {
        "Fn::Equals": [{"Ref": "UseCaseMetrics"}, "true"]
    }


@pytest.mark.parametrize("role", ["HttpRole", "StreamRole", "CognitoRole"])
def test_traces_are_off_and_allowed_only_where_they_are_wanted(role: str) -> None:
    assert template()["Parameters"]["Tracing"]["Default"] == "PassThrough"
    assert template()["Globals"]["Function"]["Tracing"] == {"Ref": "Tracing"}
    said = resources("AWS::IAM::Role")[role]
    assert "xray:" not in json.dumps(chosen(said))
    assert "xray:PutTraceSegments" in json.dumps(chosen(said, frozenset({"Traced"})))

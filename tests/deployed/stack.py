"""A stack as the template describes it, in an account that moto serves.

CloudFormation's answers are written here in the form of its documentation: for its own stacks moto
needs a dozen packages more. Everything else is made as the template has it, and asked of moto. In
front of both stands a server that is the API and the issuer, too, and can be told to answer what
moto never does.
"""

import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import boto3  # type: ignore[import-untyped] # it has no types
from joserfc.jwk import ECKey

from tavola.edge.aws.filters import patterns
from tests.cognito.pools import REGION
from tests.deploy.template import Node, chosen, resources

STAGE, NAME = "prod", "tavola-prod"
SECRET_NAME, SECRET = f"{NAME}/token-secret", "the-secret-that-nobody-may-see"
FUNCTIONS = {"HttpFunction": f"{NAME}-http", "StreamFunction": f"{NAME}-stream"}
FILTERS = {"Filters": [{"Pattern": json.dumps(one)} for one in patterns()]}
_SPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
_DROPPED = ("Transfer-Encoding", "Connection", "Content-Length", "Server", "Date")


class Answer(NamedTuple):
    """What is answered to a request."""

    status: int
    content: bytes
    kind: str = ""  # of a refusal, in the header in which Lambda tells it


class Stack:
    """A stack that is well, until somebody changes it."""

    def __init__(self, moto: str) -> None:
        self.moto = moto
        self.url = ""
        self.name = NAME
        self.status = "CREATE_COMPLETE"
        self.version = version("tavola")
        self.keys = json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]})
        self.parts: dict[str, tuple[str, str]] = {}
        self.overrides: dict[str, Answer] = {}  # of requests in whose head or body this stands
        self.changes: dict[str, Callable[[Any], None]] = {}  # to what moto answers to such ones
        self.asked: list[str] = []

    def client(self, service: str) -> Any:
        """Ask moto, without any of Tavola's code between."""
        return _client(service, self.moto)

    def make(self) -> None:
        """Everything that the stack consists of."""
        self._table()
        self._functions()
        self._mapping()
        self.client("secretsmanager").create_secret(Name=SECRET_NAME, SecretString=SECRET)
        self.parts["TokenSecret"] = ("AWS::SecretsManager::Secret", SECRET_NAME)
        self._alarms()

    def _table(self) -> None:
        (made,) = resources("AWS::DynamoDB::Table").values()
        of = {"TableName": NAME}
        dynamodb = self.client("dynamodb")
        taken = ("BillingMode", "AttributeDefinitions", "KeySchema", "DeletionProtectionEnabled")
        stream = {"StreamEnabled": True, **made["StreamSpecification"]}
        dynamodb.create_table(
            **of, **{name: made[name] for name in taken}, StreamSpecification=stream
        )
        dynamodb.update_time_to_live(**of, TimeToLiveSpecification=made["TimeToLiveSpecification"])
        recovery = made["PointInTimeRecoverySpecification"]
        dynamodb.update_continuous_backups(**of, PointInTimeRecoverySpecification=recovery)
        self.parts["Table"] = ("AWS::DynamoDB::Table", NAME)

    def _functions(self) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        role = self.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=policy)
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("handler.py", "")
        for name, called in FUNCTIONS.items():
            self.client("lambda").create_function(
                FunctionName=called,
                Runtime="python3.13",
                Role=role["Role"]["Arn"],
                Handler=resources("AWS::Serverless::Function")[name]["Handler"],
                Code={"ZipFile": code.getvalue()},
                Environment={"Variables": self._variables()},
            )
            self.parts[name] = ("AWS::Lambda::Function", called)

    def _variables(self) -> dict[str, str]:
        return {
            "TAVOLA_STORE": f"dynamodb://{NAME}?region={REGION}",
            "TAVOLA_TOKEN_SECRET_FROM": f"secretsmanager:{SECRET_NAME}",
            "TAVOLA_ISSUER": f"{self.url}/issuer",
            "TAVOLA_PROXY_KEY": SECRET,
        }

    def _mapping(self) -> None:
        queue = self.client("sqs").create_queue(QueueName=f"{NAME}-failed-changes")["QueueUrl"]
        self.parts["FailedChanges"] = ("AWS::SQS::Queue", queue)
        (made,) = resources("AWS::Lambda::EventSourceMapping").values()
        arn = f"arn:aws:sqs:{REGION}:123456789012:{NAME}-failed-changes"
        uuid = self.client("lambda").create_event_source_mapping(
            **{
                **{name: chosen(one) for name, one in made.items()},
                "FilterCriteria": FILTERS,
                "FunctionName": FUNCTIONS["StreamFunction"],
                "EventSourceArn": self.stream_arn,
                "DestinationConfig": {"OnFailure": {"Destination": arn}},
            }
        )["UUID"]
        self.parts["StreamMapping"] = ("AWS::Lambda::EventSourceMapping", uuid)

    def _alarms(self) -> None:
        for name, made in resources("AWS::CloudWatch::Alarm").items():
            called = f"{NAME}-{name}"
            taken = ("Period", "EvaluationPeriods", "Threshold", "ComparisonOperator", "MetricName")
            self.client("cloudwatch").put_metric_alarm(
                AlarmName=called,
                AlarmDescription=made["AlarmDescription"],
                Namespace="tests",
                Statistic="Sum",
                **{one: made[one] for one in taken},
            )
            self.parts[name] = ("AWS::CloudWatch::Alarm", called)

    @property
    def stream_arn(self) -> str:
        """The stream that the table has now."""
        described = self.client("dynamodb").describe_table(TableName=NAME)
        found: str = described["Table"]["LatestStreamArn"]
        return found

    def id_of(self, name: str) -> str:
        """What a part is called in AWS."""
        return self.parts[name][1]

    def answer(self, head: str, body: bytes) -> Answer | None:
        """What is answered here and not by moto."""
        self.asked.append(f"{head} {body.decode()}")
        for text, answer in self.overrides.items():
            if text in self.asked[-1]:
                return answer
        if head.startswith("GET /api/v1/openapi.json"):
            described = {"openapi": "3.1.0", "info": {"version": self.version}}
            return Answer(200, json.dumps(described).encode())
        if head.startswith("GET /issuer/.well-known/jwks.json"):
            return Answer(200, self.keys.encode())
        if b"Version=2010-05-15" in body:
            return self._cloudformation(head, parse_qs(body.decode()))
        return None

    def _cloudformation(self, head: str, asked: dict[str, list[str]]) -> Answer:
        (action,), (name,) = asked["Action"], asked["StackName"]
        if name != self.name or f"/{REGION}/cloudformation/aws4_request" not in head:
            told = f"Stack with id {name} does not exist"
            return Answer(400, refused_in_xml("ValidationError", told))
        told = self._described() if action == "DescribeStacks" else self._listed(asked)
        result = f"<{action}Result>{told}</{action}Result>"
        whole = f'<{action}Response xmlns="{_SPACE}">{result}</{action}Response>'
        return Answer(200, whole.encode())

    def _described(self) -> str:
        output = f"<OutputKey>ApiUrl</OutputKey><OutputValue>{self.url}/api/v1</OutputValue>"
        return (
            f"<Stacks><member><StackName>{self.name}</StackName>"
            f"<StackStatus>{self.status}</StackStatus>"
            f"<Outputs><member>{output}</member></Outputs></member></Stacks>"
        )

    def _listed(self, asked: dict[str, list[str]]) -> str:
        """Two at a time, so that there are pages."""
        first = int(asked.get("NextToken", ["0"])[0])
        names = list(self.parts)
        members = "".join(
            f"<member><LogicalResourceId>{name}</LogicalResourceId>"
            f"<PhysicalResourceId>{escape(self.parts[name][1])}</PhysicalResourceId>"
            f"<ResourceType>{self.parts[name][0]}</ResourceType></member>"
            for name in names[first : first + 2]
        )
        more = f"<NextToken>{first + 2}</NextToken>" if first + 2 < len(names) else ""
        return f"<StackResourceSummaries>{members}</StackResourceSummaries>{more}"

    def forwarded(self, handler: BaseHTTPRequestHandler, head: str, body: bytes) -> Answer:
        """What moto answers."""
        request = urllib.request.Request(
            f"{self.moto}{handler.path}",
            data=body or None,
            headers={k: v for k, v in handler.headers.items() if k not in _DROPPED},
            method=handler.command,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as got:
                status, content = got.status, got.read()
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), error.headers.get("x-amzn-ErrorType", ""))
        for text, change in self.changes.items():
            if text in head:
                found: Node = json.loads(content)
                change(found)
                content = json.dumps(found).encode()
        return Answer(status, content)


@cache
def _client(service: str, url: str) -> Any:
    """A client, kept: one takes a tenth of a second to make."""
    return boto3.client(service, region_name=REGION, endpoint_url=url)


def refused_in_xml(kind: str, told: str) -> bytes:
    """A refusal as CloudFormation tells it."""
    error = f"<Type>Sender</Type><Code>{kind}</Code><Message>{told}</Message>"
    return f'<ErrorResponse xmlns="{_SPACE}"><Error>{error}</Error></ErrorResponse>'.encode()


@contextmanager
def served(stack: Stack) -> Iterator[None]:
    """Let a stack be asked at its `url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            named = (self.headers.get(name, "") for name in ("X-Amz-Target", "Authorization"))
            head = " ".join((self.command, self.path, *named))
            answer = stack.answer(head, body) or stack.forwarded(self, head, body)
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.content)))
            self.send_header("x-amzn-ErrorType", answer.kind)
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        stack.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield
        finally:
            server.shutdown()
            thread.join()

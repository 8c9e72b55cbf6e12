"""The services of AWS that are asked over HTTP, how each wants it, and what asking one is.

Most take JSON and the name of an action. CloudFormation takes a form and answers in XML; of Lambda
things are fetched by their paths.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from tavola.core.errors import (
    AwsDenied,
    AwsFailed,
    AwsMissing,
    CognitoFailed,
    SecretUnavailable,
    TavolaError,
)

Ask = Callable[[str, dict[str, Any]], Awaitable[bytes]]
"""Asks a service to do something, as `ListUsers`; its answer. Raises the service's error."""

Kinds = Mapping[str, type[TavolaError]]


class Message(NamedTuple):
    """A request before it is signed; the path goes behind the endpoint."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Service(msgspec.Struct, frozen=True):
    """A service: as people know it, as it is signed for, as requests name it, how it fails.

    `kinds` are the refusals that are told apart from `failed`.
    """

    title: str
    name: str
    target: str
    failed: type[TavolaError]
    json: str = "1.1"
    kinds: Kinds = {}

    def endpoint(self, region: str) -> str:
        """Where it answers, if nothing else is said."""
        return f"https://{self.name}.{region}.amazonaws.com/"

    def message(self, action: str, payload: dict[str, Any]) -> Message:
        """The request for an action."""
        headers = {
            "Content-Type": f"application/x-amz-json-{self.json}",
            "X-Amz-Target": f"{self.target}.{action}",
        }
        return Message("POST", "", headers, msgspec.json.encode(payload))


class FormService(Service, frozen=True):
    """A service that takes forms; `target` is the version of what it can do."""

    def message(self, action: str, payload: dict[str, Any]) -> Message:
        """See `Service.message`."""
        body = urlencode({"Action": action, "Version": self.target, **payload}).encode()
        return Message("POST", "", {"Content-Type": "application/x-www-form-urlencoded"}, body)


class PathService(Service, frozen=True):
    """A service that is read by paths, which here stand for actions; `target` begins them all."""

    paths: Mapping[str, str] = {}

    def message(self, action: str, payload: dict[str, Any]) -> Message:
        """See `Service.message`."""
        path = self.paths[action].format(**payload)
        return Message("GET", f"/{self.target}/{path}", {}, b"")


_DENIED = dict.fromkeys(
    (
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "OptInRequired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ),
    AwsDenied,
)


def _kinds(*missing: str) -> Kinds:
    return {**_DENIED, **dict.fromkeys(missing, AwsMissing)}


COGNITO = Service("Cognito", "cognito-idp", "AWSCognitoIdentityProviderService", CognitoFailed)
PARAMETERS = Service("Parameter Store", "ssm", "AmazonSSM", SecretUnavailable)
SECRETS = Service("Secrets Manager", "secretsmanager", "secretsmanager", SecretUnavailable)

# Those that say how a deployment is.
STACKS = FormService(
    "CloudFormation",
    "cloudformation",
    "2010-05-15",
    AwsFailed,
    kinds=_kinds("ValidationError"),  # as it says that there is no such stack
)
FUNCTIONS = PathService(
    "Lambda",
    "lambda",
    "2015-03-31",
    AwsFailed,
    kinds=_kinds("ResourceNotFoundException"),
    paths={
        "GetFunctionConfiguration": "functions/{FunctionName}/configuration",
        "GetEventSourceMapping": "event-source-mappings/{UUID}",
    },
)
QUEUES = Service(
    "SQS",
    "sqs",
    "AmazonSQS",
    AwsFailed,
    "1.0",
    _kinds("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
)
ALARMS = Service(
    "CloudWatch", "monitoring", "GraniteServiceVersion20100801", AwsFailed, "1.0", _kinds()
)
KEPT = {
    known.name: Service(known.title, known.name, known.target, AwsFailed, kinds=_kinds(missing))
    for known, missing in (
        (PARAMETERS, "ParameterNotFound"),
        (SECRETS, "ResourceNotFoundException"),
    )
}
"""Those that keep secrets, by their names, when they are asked whether one is there."""

"""The services of AWS that are asked with JSON over HTTP, and what asking one is."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from tavola.core.errors import CognitoFailed, SecretUnavailable, TavolaError

Ask = Callable[[str, dict[str, Any]], Awaitable[bytes]]
"""Asks a service to do something, as `ListUsers`; its answer. Raises the service's error."""


class Service(NamedTuple):
    """A service: as people know it, as it is signed for, as requests name it, how it fails."""

    title: str
    name: str
    target: str
    failed: type[TavolaError]

    def endpoint(self, region: str) -> str:
        """Where it answers, if nothing else is said."""
        return f"https://{self.name}.{region}.amazonaws.com/"


COGNITO = Service("Cognito", "cognito-idp", "AWSCognitoIdentityProviderService", CognitoFailed)
PARAMETERS = Service("Parameter Store", "ssm", "AmazonSSM", SecretUnavailable)
SECRETS = Service("Secrets Manager", "secretsmanager", "secretsmanager", SecretUnavailable)

"""Where the AWS credentials come from: the environment, a profile, the container or the instance.

They are looked for once, before the first request: who has none shall be told so, not wait for the
deadline of each request.
"""

import asyncio
import contextlib
import logging

from aiodynamo.credentials import (
    ContainerMetadataCredentials,
    Credentials,
    EnvironmentCredentials,
    FileCredentials,
    InstanceMetadataCredentialsV1,
    InstanceMetadataCredentialsV2,
    Key,
)
from aiodynamo.http.types import HttpImplementation

from tavola.core.errors import StoreDenied
from tavola.stores.dynamodb.failures import NO_CREDENTIALS

_ROLES = (
    ContainerMetadataCredentials,
    InstanceMetadataCredentialsV2,
    InstanceMetadataCredentialsV1,
)


async def find_credentials(http: HttpImplementation) -> Credentials:
    """The first source that has credentials. Raises `StoreDenied` when none has."""
    # A profile that is not there would be logged with its stack; what matters is said below.
    logging.getLogger("aiodynamo").setLevel(logging.CRITICAL)
    fixed = (EnvironmentCredentials(), FileCredentials())
    roles = (Shielded(role()) for role in _ROLES)
    for source in (*fixed, *roles):
        with contextlib.suppress(Exception):  # whatever a source that is not there raises
            if not source.is_disabled() and await source.get_key(http):
                return source
    raise StoreDenied(NO_CREDENTIALS)


class Shielded(Credentials):
    """A role's credentials, which are fetched anew now and then, for all requests at once.

    The client would end this fetch, and with it all requests that wait for it, when the one that
    began it is cancelled.
    """

    def __init__(self, inner: Credentials) -> None:
        self._inner = inner

    async def get_key(self, http: HttpImplementation) -> Key | None:
        """See `Credentials.get_key`."""
        return await asyncio.shield(self._inner.get_key(http))

    def invalidate(self) -> bool:
        """See `Credentials.invalidate`."""
        return self._inner.invalidate()

    def is_disabled(self) -> bool:
        """See `Credentials.is_disabled`."""
        return self._inner.is_disabled()

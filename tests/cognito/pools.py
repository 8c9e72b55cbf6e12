"""User pools that moto serves: one process on a free port of loopback. Nothing talks to AWS."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

REGION = "eu-west-1"
PASSWORD = "Correct-horse-7"
START_S_MAX = 30.0
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "of-tavola"}
_AUTHORIZATION = (
    f"AWS4-HMAC-SHA256 Credential=tests/20261121/{REGION}/cognito-idp/aws4_request, "
    "SignedHeaders=host, Signature=0"
)


class Pool:
    """A user pool with an app that signs people in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.id: str = self.ask("CreateUserPool", PoolName="tests")["UserPool"]["Id"]
        self.issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{self.id}"
        self.jwks_url = f"{url}/{self.id}/.well-known/jwks.json"
        self.client = self.new_client()

    def new_client(self) -> str:
        """Another app of the pool."""
        made = self.call(
            "CreateUserPoolClient", ClientName="app", ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"]
        )
        client: str = made["UserPoolClient"]["ClientId"]
        return client

    def add(self, username: str, **attributes: str) -> str:
        """Make somebody who can sign in; their subject."""
        named = [{"Name": name, "Value": value} for name, value in attributes.items()]
        made = self.call("AdminCreateUser", Username=username, UserAttributes=named)["User"]
        self.call("AdminSetUserPassword", Username=username, Password=PASSWORD, Permanent=True)
        known: dict[str, str] = {one["Name"]: one["Value"] for one in made["Attributes"]}
        return known["sub"]

    def sign_in(self, username: str, client: str | None = None) -> dict[str, str]:
        """The tokens of somebody: `AccessToken`, `IdToken`."""
        answer = self.call(
            "AdminInitiateAuth",
            ClientId=client or self.client,
            AuthFlow="ADMIN_NO_SRP_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
        )
        found: dict[str, str] = answer["AuthenticationResult"]
        return found

    def call(self, action: str, **payload: Any) -> dict[str, Any]:
        """Ask the pool something, without any of Tavola's code between."""
        return self.ask(action, UserPoolId=self.id, **payload)

    def ask(self, action: str, **payload: Any) -> dict[str, Any]:
        """Ask the service something."""
        request = urllib.request.Request(
            self.url,
            json.dumps(payload).encode(),
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
                "Authorization": _AUTHORIZATION,
            },
        )
        with urllib.request.urlopen(request, timeout=START_S_MAX) as answer:
            found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found


@contextlib.contextmanager
def running_moto() -> Iterator[str]:
    """Where moto answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, **CREDENTIALS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/moto-api/data.json", process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S_MAX
    while True:
        try:
            urllib.request.urlopen(url, timeout=START_S_MAX).close()
        except urllib.error.URLError:
            assert process.poll() is None, "moto has ended"
            assert time.monotonic() < deadline, "moto did not start"
            time.sleep(0.05)
        else:
            return

"""Access tokens of a user pool sign people in; its other tokens, and other pools', do not."""

from pathlib import Path

import httpx

from tests.api.people import bearer, problem
from tests.api.serving import Serving
from tests.cognito.pools import Pool


def serving(folder: Path, pool: Pool) -> Serving:
    return Serving(
        folder,
        settings={
            "issuer": pool.issuer,
            "issuer_client_ids": pool.client,
            "issuer_jwks_url": pool.jwks_url,
        },
    )


def me(server: Serving, token: str) -> httpx.Response:
    return httpx.get(f"{server.url}/api/v1/me", headers=bearer(token), timeout=20)


def test_an_access_token_signs_in_and_makes_the_user(tmp_path: Path, pool: Pool) -> None:
    pool.add("mira", name="Mira Castellanos")
    with serving(tmp_path, pool) as server:
        first = me(server, pool.sign_in("mira")["AccessToken"])
        assert first.status_code == 200, first.text
        assert first.json()["handle"] == "mira"
        again = me(server, pool.sign_in("mira")["AccessToken"])
        assert again.json() == first.json()


def test_what_is_no_access_token_for_us_is_refused(tmp_path: Path, pool: Pool, moto: str) -> None:
    pool.add("mira")
    other = Pool(moto)  # moto signs for all pools with the same key
    other.add("mira")
    tokens = (
        pool.sign_in("mira")["IdToken"],
        pool.sign_in("mira", pool.new_client())["AccessToken"],
        other.sign_in("mira")["AccessToken"],
        other.sign_in("mira")["IdToken"],
        pool.sign_in("mira")["AccessToken"][:-4],
    )
    with serving(tmp_path, pool) as server:
        for token in tokens:
            problem(me(server, token), 401, "token_invalid")
        assert me(server, pool.sign_in("mira")["AccessToken"]).status_code == 200

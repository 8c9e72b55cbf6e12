"""What the tokens of an OIDC issuer must say, once their signature is verified.

- `iss` is the issuer, to the letter.
- `aud`, if there is one, names one of our audiences; `client_id` (or `azp`) is one of our clients.
  Of the two, what the settings name must be there: a token for another app is not for us.
- `token_use`, which Cognito says, is `access` unless the settings name another one: who an ID token
  is for has no business calling us with it.
- `exp` and `nbf` hold, give or take a minute: the issuer's clock is not ours.

Scopes of an issuer are its own: none of them makes an admin here.
"""

from typing import Any

import msgspec

from tavola.core.errors import TokenInvalid
from tavola.core.persons import person_of
from tavola.edge.auth import CLOCK_SKEW_S, Claims, check_begun, listed, seconds_of

ACCESS = "access"


class Issuer(msgspec.Struct, frozen=True):
    """Whose tokens are taken, and which of them."""

    url: str
    audiences: tuple[str, ...] = ()
    client_ids: tuple[str, ...] = ()
    token_use: str | None = None

    def read(self, claims: dict[str, Any]) -> Claims:
        """What a token of the issuer says. Raises `TokenInvalid` for one that is not for us."""
        if claims.get("iss") != self.url:
            raise TokenInvalid("The token's `iss` is not the issuer.")
        self._check_audience(claims)
        self._check_client(claims)
        if claims.get("token_use", self.token_use or ACCESS) != (self.token_use or ACCESS):
            raise TokenInvalid(f"The token is not for this use: {self.token_use or ACCESS}.")
        if self.token_use and "token_use" not in claims:
            raise TokenInvalid("The token does not say `token_use`.")
        check_begun(claims)
        return Claims(
            subject="",
            admin=False,
            expires_at=seconds_of(claims, "exp", None) + CLOCK_SKEW_S,
            issued_at=seconds_of(claims, "iat", 0.0),
            person=person_of(self.url, claims),
        )

    def _check_audience(self, claims: dict[str, Any]) -> None:
        named = listed(claims["aud"]) if "aud" in claims else []
        if not self.audiences and not named:
            return
        if not any(audience in self.audiences for audience in named):
            raise TokenInvalid("The token's `aud` names somebody else.")

    def _check_client(self, claims: dict[str, Any]) -> None:
        if self.client_ids and claims.get("client_id", claims.get("azp")) not in self.client_ids:
            raise TokenInvalid("The token's `client_id` is another app.")

"""OAuth2's client credentials: who asks for a token, and whose token a request brings.

Of secrets, tokens and passwords the database holds hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from .errors import ApiError
from .storage import Row, Transaction


class OAuthError(Exception):
    """What is answered when there is no token, in OAuth's words."""

    def __init__(self, code: int, error: str) -> None:
        super().__init__(error)
        self.code = code
        self.error = error


def secret_hash(secret: str) -> str:
    """The hash of a text that is random, and so cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_hash(password: str) -> str:
    """The hash of a text that somebody chose."""
    salt = os.urandom(16)
    return f"{salt.hex()}:{_scrypt(password, salt)}"


def password_fits(password: str, hashed: str) -> bool:
    """Whether it is the password that was hashed."""
    salt, _, wanted = hashed.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), wanted)


def _scrypt(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1).hex()


def issue(data: Transaction, app_id: str, now: float, seconds: int) -> str:
    """Make a token for an application."""
    token = secrets.token_urlsafe(32)
    data.execute("DELETE FROM token WHERE expires <= ?", [now])
    data.add(
        "token",
        {
            "hash": secret_hash(token),
            "session_id": secrets.token_hex(8),
            "app_id": app_id,
            "expires": now + seconds,
        },
    )
    return token


def grant(data: Transaction, form: dict[str, str], now: float, seconds: int) -> Row:
    """Answer a request for a token."""
    if "grant_type" not in form:
        raise OAuthError(400, "invalid_request")
    if form["grant_type"] != "client_credentials":
        raise OAuthError(400, "unsupported_grant_type")
    application = data.row("application", {"app_id": form.get("client_id", "")})
    hashed = application["secret_hash"] if application else ""
    if not hmac.compare_digest(secret_hash(form.get("client_secret", "")), hashed):
        raise OAuthError(401, "invalid_client")
    if form.get("scope") not in (None, "", "all"):
        raise OAuthError(400, "invalid_scope")
    return {
        "access_token": issue(data, form["client_id"], now, seconds),
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": "all",
    }


def session(data: Transaction, token: str | None, now: float) -> tuple[Row, Row, Row]:
    """The session, the application and the user that a token stands for."""
    found = data.row("token", {"hash": secret_hash(token)}) if token else None
    if found is None or found["expires"] <= now:
        raise ApiError(401, "Unauthorized")
    application = data.row("application", {"app_id": found["app_id"]})
    assert application is not None
    user = data.row("user", {"id": application["user_id"]})
    assert user is not None
    return found, application, user

"""What the API answers when it cannot do what it was asked for."""

from __future__ import annotations


class ApiError(Exception):
    """An answer with an error: its code, ``message`` and, to tell errors of one code apart, ``status``."""

    def __init__(self, code: int, message: str, status: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def bad_request(message: str) -> ApiError:
    """A parameter is wrong."""
    return ApiError(400, message)


def not_found(message: str = "Not found") -> ApiError:
    """There is no such thing, or not in the realm that was named."""
    return ApiError(404, message)


def access_denied(message: str) -> ApiError:
    """The user has no right to this."""
    return ApiError(403, message, "access_denied")

# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those, not this file.
"""The exceptions of the library, all of them a ``HouseException``."""

from __future__ import annotations


class HouseException(Exception):
    """The base of every exception that this library raises.

    Attributes:
        status: The HTTP status, or ``None`` if no answer came.
        message: What went wrong, in the server's words if it said.
        method: The HTTP method of the request.
        path: The path of the request below the API's URL, without its query.
        body: The body of the answer as text.
        hint: What to check, where the library knows.
        code: The server's own word for the error, if it has one.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        method: str | None = None,
        path: str | None = None,
        body: str | None = None,
        hint: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.method = method
        self.path = path
        self.body = body
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        # One line that a terminal can show, whatever the server sent.
        shown = "".join(letter if letter.isprintable() else " " for letter in self.message)
        text = " ".join(shown.split())
        if self.hint is not None:
            text = f"{text}. {self.hint}"
        if self.status is not None:
            text = f"{self.status} {text}"
        if self.method is not None:
            text = f"{text} ({self.method} {self.path})"
        return text

    def __reduce__(self) -> tuple[object, ...]:
        return (_restored, (type(self), self.message, self.__dict__))


class IllegalInputException(HouseException):
    """The arguments are bad: refused here before a request was sent, or by the server (400)."""


class NotAuthorizedException(HouseException):
    """The user name or password is wrong (401), or the user may not do this (403)."""


class NotFoundException(HouseException):
    """The object to act upon does not exist (404)."""


class IllegalStateException(HouseException):
    """The state of the object forbids it (409, 412)."""


class RequestRejectedException(HouseException):
    """The server refused the request for another reason (422 and the other 4XX)."""


class HouseServerException(HouseException):
    """The server failed (500)."""


class NoSuchMethodException(HouseException):
    """The server does not implement the operation (501)."""


class HouseUnknownException(HouseException):
    """The server failed in another way (the other 5XX)."""


class ConnectionFailedException(HouseException):
    """No answer came: the connection was refused, cut, or never made."""


class TimeoutException(HouseException):
    """No answer, or no event, came in time."""


#: The base under a name that is the same in every library.
LibraryException = HouseException

_CLASSES: dict[int, type[HouseException]] = {
    400: IllegalInputException,
    401: NotAuthorizedException,
    403: NotAuthorizedException,
    404: NotFoundException,
    409: IllegalStateException,
    412: IllegalStateException,
    500: HouseServerException,
    501: NoSuchMethodException,
}


def error_for_status(status: int, message: str, **facts: str | None) -> HouseException:
    """The exception that an answer with this status means; ``facts`` are its other attributes."""
    error = _CLASSES.get(status)
    if error is None and 400 <= status < 500:
        error = RequestRejectedException
    elif error is None:
        error = HouseUnknownException if status >= 500 else HouseException
    return error(message, status=status, **facts)


def _restored(
    error: type[HouseException], message: str, state: dict[str, object]
) -> HouseException:
    """An exception that was pickled, as it was."""
    restored = error(message)
    restored.__dict__.update(state)
    return restored

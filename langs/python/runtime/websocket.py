"""The WebSocket: opening one, reading its messages, keeping it alive.

The protocol itself is the sans-I/O core of ``websockets``; the socket is read here, without waiting
for anybody, so that a burst of messages costs one system call and no thread switch.
``websockets`` is imported when the first connection is opened: a program that only makes
calls does not pay for it.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult

from ..errors import (
    ConnectionFailedException,
    IllegalInputException,
    LibraryException,
    NotAuthorizedException,
    NotFoundException,
    TimeoutException,
    error_for_status,
)
from .threads import Flag

if TYPE_CHECKING:
    from websockets.client import ClientProtocol

#: How much is read at once.  Where other threads keep the interpreter busy, the reader gets its turn
#: rarely, and must then take all that has come.
READ_SIZE = 256 * 1024

#: No message is larger; one that claims to be ends the connection before it fills the memory.
MAX_MESSAGE = 16 * 1024 * 1024

#: The first byte of a whole text message.
TEXT_FRAME = 0x81

#: A line of the handshake's response that is longer is no such line.
MAX_LINE = 65536

#: How long a closing connection waits for the server's half of the farewell.
CLOSE_TIMEOUT = 0.3


class Interrupted(Exception):
    """The connection's owner wants the reader's attention."""


class ConnectionLostError(Exception):
    """The connection is gone; the text says why."""


class Interrupt:
    """Wakes a thread that waits for a socket.  It stays set until it is cleared."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._flag = Flag()

    def set(self) -> None:
        """Wake the waiting thread, or the next one to wait; from any thread."""
        self._flag.set()
        # Full: it is awake already.  Closed: there is nobody left to wake.
        with contextlib.suppress(OSError):
            self._write.send(b"\0")

    def is_set(self) -> bool:
        """Whether it was set and not cleared since."""
        return self._flag.is_set()

    def clear(self) -> None:
        """Let threads wait again."""
        self._flag.clear()
        with contextlib.suppress(OSError):
            while self._read.recv(64):
                pass

    def fileno(self) -> int:
        """What a selector watches."""
        return self._read.fileno()

    def wait(self, seconds: float) -> bool:
        """Wait until it is set, ``seconds`` at most; whether it is."""
        return self._flag.wait(seconds)

    def close(self) -> None:
        """Give the two descriptors back."""
        self._read.close()
        self._write.close()


class _Waiter:
    """Waits for a socket to be ready, until a moment at most or until it is interrupted."""

    def __init__(self, interrupt: Interrupt) -> None:
        self._selector = selectors.DefaultSelector()
        self._interrupt = interrupt
        self._selector.register(interrupt.fileno(), selectors.EVENT_READ)
        self._socket: socket.socket | None = None
        self._events = 0

    def watch(self, sock: socket.socket) -> None:
        """Wait for this socket from now on, instead of the one before."""
        self.forget()
        self._selector.register(sock, selectors.EVENT_READ)
        self._socket, self._events = sock, selectors.EVENT_READ

    def forget(self) -> None:
        """Watch no socket; needed before it is closed."""
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket = None

    def wait(self, until: float, *, write: bool = False, read: bool = True) -> bool:
        """Wait until the socket is ready; ``False`` if it is not by ``until``.

        Raises:
            Interrupted: the interrupt is set.
        """
        if self._interrupt.is_set():
            raise Interrupted
        events = selectors.EVENT_READ * read | selectors.EVENT_WRITE * write
        if self._socket is not None and events != self._events:
            self._selector.modify(self._socket, events)
            self._events = events
        ready = self._selector.select(max(0.0, until - time.monotonic()))
        if self._interrupt.is_set():
            raise Interrupted
        return bool(ready)

    def close(self) -> None:
        """Let the selector go."""
        self._socket = None
        self._selector.close()


class Connector:
    """Knows where the events are and opens connections to them.

    Args:
        url: the API's URL, ``http`` or ``https``.
        target: gives path and query, below that URL, of the WebSocket operation for the given
            applications.
        headers: sent with the upgrade; the credentials among them, which are never part of
            the URL, of a log line or of an exception.
        ssl_context: how TLS is done; by default with the system's certificates.
        timeout: seconds within which a connection must be up.
        hints: what to check when the server answers with a status, by status code.
        subprotocols: those that the upgrade offers.
    """

    def __init__(
        self,
        url: SplitResult,
        target: Callable[[Sequence[str]], str],
        headers: Mapping[str, str] | None = None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 30.0,
        hints: Mapping[int, str] | None = None,
        subprotocols: Sequence[str] = (),
    ) -> None:
        self.timeout = timeout
        self._target = target
        self._headers = dict(headers or {})
        self._secure = url.scheme in ("https", "wss")
        self._host = url.hostname or ""
        self._port = url.port or (443 if self._secure else 80)
        host = f"[{self._host}]" if ":" in self._host else self._host
        self._place = f"{host}:{self._port}"
        scheme = "wss" if self._secure else "ws"
        self._base = f"{scheme}://{self._place}{url.path.rstrip('/')}"
        self._ssl_context = ssl_context
        self._hints = dict(hints or {})
        self._subprotocols = tuple(subprotocols)

    def __repr__(self) -> str:
        return f"Connector({self._base!r})"

    def open(
        self, applications: Sequence[str], interrupt: Interrupt, logger: logging.Logger
    ) -> Connection:
        """Open a connection for these applications.

        Raises:
            NotAuthorizedException: the server refuses user or password.
            NotFoundException: there is no WebSocket at the URL.
            IllegalInputException: the server refuses the request, its applications for instance.
            ConnectionFailedException: no connection came about.
            TimeoutException: none came about in time.
            Interrupted: the interrupt was set.
        """
        until = time.monotonic() + self.timeout
        target = self._target(applications)
        waiter = _Waiter(interrupt)
        sock: socket.socket | None = None
        try:
            sock = self._connected(waiter, until)
            if self._secure:
                sock = self._encrypted(sock, waiter, until)
            return self._upgraded(sock, waiter, until, target, logger)
        except BaseException as error:
            waiter.close()
            if sock is not None:
                sock.close()
            if isinstance(error, (LibraryException, Interrupted)) or not isinstance(
                error, (OSError, ssl.SSLError, ConnectionLostError)
            ):
                raise
            raise ConnectionFailedException(
                f"cannot connect to {self._base}: {_reason(error)}", method="GET", path=target
            ) from error

    # --- the three steps ------------------------------------------------------------------

    def _connected(self, waiter: _Waiter, until: float) -> socket.socket:
        """A TCP connection to one of the host's addresses."""
        try:
            addresses = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ConnectionFailedException(
                f"cannot connect to {self._base}: the host name {self._host!r} cannot be "
                f"resolved ({_reason(error)}). Check the URL"
            ) from error
        failure: Exception = OSError("the host has no address")
        for tried, (family, kind, protocol, _, address) in enumerate(addresses):
            # One address that swallows packets must not use up the time of the others.
            now = time.monotonic()
            limit = now + (until - now) / (len(addresses) - tried)
            sock = None
            try:
                sock = socket.socket(family, kind, protocol)
                sock.setblocking(False)
                _tcp_connect(sock, address, waiter, limit)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
            except BaseException as error:
                waiter.forget()
                if sock is not None:
                    sock.close()
                if not isinstance(error, OSError):
                    raise
                failure = error
        if isinstance(failure, TimeoutError):
            raise TimeoutException(
                f"cannot connect to {self._base}: no answer within {self.timeout:g} s. "
                "Check the URL, and that no firewall stands between"
            ) from failure
        raise ConnectionFailedException(
            f"cannot connect to {self._base}: {_reason(failure)}. Check the URL, that the server "
            "runs, and that its HTTP server is enabled on this address and port"
        ) from failure

    def _encrypted(self, sock: socket.socket, waiter: _Waiter, until: float) -> ssl.SSLSocket:
        """The connection, with TLS on it."""
        context = self._ssl_context
        if context is None:
            context = self._ssl_context = ssl.create_default_context()
        waiter.forget()
        secured = context.wrap_socket(
            sock, server_hostname=self._host, do_handshake_on_connect=False
        )
        try:
            waiter.watch(secured)
            while True:
                try:
                    secured.do_handshake()
                    return secured
                except ssl.SSLWantReadError:
                    in_time = waiter.wait(until)
                except ssl.SSLWantWriteError:
                    in_time = waiter.wait(until, read=False, write=True)
                if not in_time:
                    raise TimeoutException(
                        f"cannot connect to {self._base}: the server began no TLS within "
                        f"{self.timeout:g} s. Check that this port speaks https"
                    )
        except BaseException as error:
            waiter.forget()
            secured.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise ConnectionFailedException(
                    f"cannot connect to {self._base}: the server's certificate is not trusted "
                    f"({error.verify_message}). Give the certificate authority's file as ca_file, "
                    "and check that the URL has the host name the certificate was made for"
                ) from error
            if isinstance(error, ssl.SSLError):
                raise ConnectionFailedException(
                    f"cannot connect to {self._base}: TLS failed ({_reason(error)}). "
                    "Check that this port speaks https, or use an http URL"
                ) from error
            raise

    def _upgraded(
        self,
        sock: socket.socket,
        waiter: _Waiter,
        until: float,
        target: str,
        logger: logging.Logger,
    ) -> Connection:
        """The connection, upgraded to a WebSocket."""
        protocol = self._protocol(target, logger)
        request = protocol.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        protocol.send_request(request)
        connection = Connection(sock, waiter, protocol, logger)
        waiter.watch(sock)
        while True:
            connection.exchange(until)
            if protocol.handshake_exc is not None:
                raise self._refusal(protocol, target) from protocol.handshake_exc
            if connection.upgraded:
                return connection
            if time.monotonic() >= until:
                raise TimeoutException(
                    f"{self._base} accepted the connection, but answered nothing within "
                    f"{self.timeout:g} s",
                    method="GET",
                    path=target,
                )

    def _protocol(self, target: str, logger: logging.Logger) -> ClientProtocol:
        try:
            from websockets.client import ClientProtocol
            from websockets.uri import parse_uri
        except ImportError as error:
            raise ConnectionFailedException(
                "events need the package websockets, 13 or later: pip install websockets"
            ) from error
        # At its debug level, websockets logs the headers of the request; one of them is the password.
        quiet = logging.Logger(f"{logger.name}.websocket", logging.WARNING)
        quiet.parent = logger
        return ClientProtocol(
            parse_uri(self._base + target),
            subprotocols=self._subprotocols or None,  # type: ignore[arg-type]
            max_size=MAX_MESSAGE,
            logger=quiet,
        )

    def _refusal(self, protocol: ClientProtocol, target: str) -> LibraryException:
        """What it means that the server did not upgrade the connection."""
        from websockets.exceptions import InvalidStatus

        error = protocol.handshake_exc
        where: dict[str, Any] = {"method": "GET", "path": target}
        if isinstance(error, EOFError) or isinstance(getattr(error, "__cause__", None), EOFError):
            return ConnectionFailedException(
                f"{self._place} closed the connection without an answer. Check that this port is "
                "the API's, and whether it wants https; the server may also have as many "
                "connections as it allows",
                **where,
            )
        if not isinstance(error, InvalidStatus):
            return ConnectionFailedException(
                f"{self._base} does not answer as a WebSocket server ({_reason(error)}). "
                "Check the URL: host, port, and http or https",
                **where,
            )
        status = error.response.status_code
        body = bytes(error.response.body or b"").decode("utf-8", "replace")
        where |= {"status": status, "body": body}
        hint = self._hints.get(status)
        if status in (401, 403):
            default = "Check username and password, and that the server knows that user"
            return NotAuthorizedException(
                f"the server refuses the user. {hint or default}", **where
            )
        if status == 404:
            default = (
                f"Check the path in the URL (it is {self._base}), and that the server has loaded "
                "and enabled this API"
            )
            return NotFoundException(
                f"there is no event WebSocket at this address. {hint or default}", **where
            )
        if status == 400:
            default = "Check the names of the applications"
            return IllegalInputException(
                f"the server refuses the event WebSocket. {hint or default}", **where
            )
        if 300 <= status < 400:
            location = error.response.headers.get("Location", "another address")
            return ConnectionFailedException(
                f"the server sends the event WebSocket on to {_without_query(location)}: "
                "use that server's URL",
                **where,
            )
        if status < 300:
            return ConnectionFailedException(
                f"{self._base} answers, but does not make the connection a WebSocket. Check the URL, "
                "and that no proxy stands between that cannot do WebSockets",
                **where,
            )
        refusal = f"the server refuses the event WebSocket: {error.response.reason_phrase}."
        return error_for_status(message=f"{refusal} {hint or ''}", **where)


class Connection:
    """An open WebSocket.  One thread uses it: the reader.

    Whole text messages, which is what comes all day, are cut out of the stream here.  All else
    (the handshake, fragments, pings, farewells, messages larger than the buffer, and what is against
    the rules) is for the protocol of ``websockets``, which always gets whole frames or the rest of one
    that it has begun.
    """

    def __init__(
        self,
        sock: socket.socket,
        waiter: _Waiter,
        protocol: ClientProtocol,
        logger: logging.Logger,
    ) -> None:
        from websockets.frames import Opcode
        from websockets.protocol import State

        self._opcode = Opcode
        self._connecting = State.CONNECTING
        self._socket = sock
        self._waiter = waiter
        self._protocol = protocol
        self._logger = logger
        self._buffer = bytearray(READ_SIZE)
        self._view = memoryview(self._buffer)
        # So much of the buffer's beginning has come and is not yet dealt with.
        self._filled = 0
        # So much of a frame is still to come that the protocol has got the beginning of.
        self._owed = 0
        self._messages: list[bytes] = []
        # The fragments of a text message that has begun.
        self._parts: list[bytes] | None = None
        self._fragmented = False
        self._outgoing = b""
        self._gone: str | None = None
        self._body = False
        #: When anything came last, by ``time.monotonic``.
        self.heard = time.monotonic()

    @property
    def upgraded(self) -> bool:
        """Whether the handshake is over, and messages may follow."""
        protocol = self._protocol
        return protocol.state is not self._connecting and protocol.handshake_exc is None

    def receive(self, until: float) -> list[bytes]:
        """The text messages that have come, or none if none comes until that moment.

        Raises:
            ConnectionLostError: the connection is gone; every message before that was returned.
            Interrupted: the interrupt is set.
        """
        if not self._messages:
            self.exchange(until)
        messages, self._messages = self._messages, []
        return messages

    def exchange(self, until: float) -> None:
        """Send what waits to be sent and read what is there, waiting for it until that moment.

        Raises:
            ConnectionLostError: the connection is gone.
            Interrupted: the interrupt is set.
        """
        if self._gone is not None:
            raise ConnectionLostError(self._gone)
        self._flush()
        count = self._read(until)
        if count is None:
            return
        self.heard = time.monotonic()
        self._filled += count
        if not self.upgraded:
            self._shake_hands()
        if self.upgraded:
            self._cut_frames()
        if not count:
            self._protocol.receive_eof()
            self._gone = self._gone or "the server closed the connection without a farewell"
        self._flush()

    def _shake_hands(self) -> None:
        """Give the protocol the response line by line, so that no frame behind it goes along."""
        protocol, buffer, position = self._protocol, self._buffer, 0
        while not self.upgraded:
            stop = self._filled
            if not self._body:
                end = buffer.find(b"\n", position, stop)
                if end >= 0:
                    stop = end + 1
                elif stop - position < MAX_LINE:
                    break
            line = bytes(self._view[position:stop])
            position = stop
            if not line:
                break
            # After an empty line comes the body of a refusal.
            self._body = self._body or line in (b"\r\n", b"\n")
            protocol.receive_data(line)
            protocol.events_received()
        self._keep_from(position)

    def _cut_frames(self) -> None:
        """Take the messages out of what has come."""
        end = self._filled
        buffer = bytes(self._view[:end])
        messages = self._messages
        position = min(self._owed, end)
        if position:
            self._owed -= position
            self._give(buffer[:position])
        while end - position >= 2 and self._gone is None:
            first, length = buffer[position], buffer[position + 1]
            start = position + 2
            if length >= 126:
                # 126 and 127 announce a longer number; more is a masked frame, which is an error.
                size = 2 if length == 126 else 8 if length == 127 else 0
                if end - start < size:
                    break
                start += size
                length = int.from_bytes(buffer[start - size : start], "big")
            stop = start + length
            if stop > end:
                if stop - position > READ_SIZE:
                    self._owed = stop - end
                    self._give(buffer[position:end])
                    position = end
                break
            if first == TEXT_FRAME and not self._fragmented:
                messages.append(buffer[start:stop])
            else:
                self._give(buffer[position:stop])
            position = stop
        self._keep_from(position)

    def _keep_from(self, position: int) -> None:
        """Move what is not yet dealt with to the beginning of the buffer."""
        if position:
            self._buffer[: self._filled - position] = self._buffer[position : self._filled]
            self._filled -= position

    def _give(self, data: bytes) -> None:
        """Let the protocol deal with it."""
        protocol, opcode = self._protocol, self._opcode
        protocol.receive_data(data)
        for frame in protocol.events_received():
            kind = getattr(frame, "opcode", None)
            payload: bytes = bytes(getattr(frame, "data", b""))
            if kind is opcode.TEXT or kind is opcode.BINARY:
                self._parts = [] if kind is opcode.TEXT else None
            elif kind is not opcode.CONT:
                continue
            if self._parts is None:
                self._logger.debug("a binary message of %d bytes is ignored", len(payload))
            else:
                self._parts.append(payload)
            self._fragmented = not getattr(frame, "fin", True)
            if not self._fragmented and self._parts is not None:
                self._messages.append(b"".join(self._parts))
                self._parts = None
        if protocol.close_expected():
            self._gone = self._farewell()

    def _read(self, until: float) -> int | None:
        """How many bytes came; none at the end of the stream, ``None`` if none come in time."""
        write = False
        while True:
            try:
                return self._socket.recv_into(self._view[self._filled :])
            except (BlockingIOError, ssl.SSLWantReadError):
                pass
            except ssl.SSLWantWriteError:
                write = True
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                return 0
            except OSError as error:
                raise ConnectionLostError(_reason(error)) from error
            if not self._waiter.wait(until, write=write or bool(self._outgoing)):
                return None
            self._flush()

    def _flush(self) -> None:
        """Send as much as the socket takes now; the rest goes with a later call."""
        data = self._outgoing + b"".join(self._protocol.data_to_send())
        if not data:
            return
        try:
            sent = self._socket.send(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent = 0
        except OSError as error:
            # What came before the cut is still there to be read.
            self._logger.debug("the connection takes no more: %s", _reason(error))
            sent = len(data)
        self._outgoing = data[sent:]

    def _farewell(self) -> str:
        """Why the WebSocket protocol has ended."""
        protocol = self._protocol
        if protocol.close_rcvd is not None:
            reason = f": {protocol.close_rcvd.reason}" if protocol.close_rcvd.reason else ""
            return f"the server closed the connection ({int(protocol.close_rcvd.code)}{reason})"
        error = getattr(protocol, "parser_exc", None)
        return f"the server broke the WebSocket protocol: {_reason(error)}"

    def ping(self) -> None:
        """Ask the server for a sign of life; it comes with a later ``receive``."""
        if self._gone is None and not self._protocol.close_expected():
            self._protocol.send_ping(b"")
            self._flush()

    def close(self) -> None:
        """Say farewell, give the server a moment to answer, and close the socket.

        It never fails: with a connection that is gone, nothing is left to be said."""
        try:
            if self._gone is None and not self._protocol.close_expected():
                self._protocol.send_close(1000)
                until = time.monotonic() + CLOSE_TIMEOUT
                while time.monotonic() < until:
                    self.exchange(until)
                    self._messages.clear()
        except (ConnectionLostError, Interrupted):
            pass
        except Exception:  # whatever it is, the socket must be closed
            self._logger.debug("closing the connection failed", exc_info=True)
        finally:
            self.abandon()

    def leave(self) -> None:
        """Close the descriptors of this process alone: another still uses the connection."""
        self._waiter.close()
        self._socket.close()

    def abandon(self) -> None:
        """Close the descriptor and say nothing."""
        self._gone = self._gone or "closed"
        self._waiter.forget()
        self._waiter.close()
        self._socket.close()


def _tcp_connect(sock: socket.socket, address: Any, waiter: _Waiter, until: float) -> None:
    code = sock.connect_ex(address)
    if code in (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN):
        waiter.watch(sock)
        if not waiter.wait(until, read=False, write=True):
            raise TimeoutError("no answer in time")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _reason(error: BaseException | None) -> str:
    """A short text for a person."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _without_query(location: str) -> str:
    """A query may hold a key."""
    return location.partition("?")[0]

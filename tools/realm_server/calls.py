"""What answers a request: the registry of handlers, and what each is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from codegen.model import Operation
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from .contract import Contract
from .errors import bad_request, not_found
from .realms import Scope
from .storage import Row, Transaction

#: How many a page has where the request does not say.
PER_PAGE = 100


@dataclass
class Call:
    """A request that is known to be allowed, with its values checked against the description."""

    data: Transaction
    contract: Contract
    operation: Operation
    user: Row
    session: Row
    now: float
    #: Where the server is, as the request has it.
    host_url: str
    #: The values in the path but for the realm's id.
    ids: dict[str, Any]
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, FileStorage] = field(default_factory=dict)
    realm: Scope | None = None

    @property
    def scope(self) -> Scope:
        """What the path's realm means."""
        assert self.realm is not None
        return self.realm

    @property
    def own(self) -> dict[str, Any]:
        """The condition that a row belongs to the realm."""
        return {f"{self.scope.realm}_id": self.scope.id}

    def filters(self, table: str) -> dict[str, Any]:
        """The condition of the query: its values that are columns."""
        columns = self.data.columns(table)
        return {
            name: value
            for name, value in self.query.items()
            if value is not None and value != [] and name in columns
        }

    def page(self) -> tuple[int, int]:
        """How many rows the query asks for, and how many come before; -1 and 0 where it has no pages."""
        if "page" not in self.query:
            return -1, 0
        size = self.query["per_page"] or PER_PAGE
        # Nothing is that far; SQLite could not count further either.
        return size, min((self.query["page"] - 1) * size, 2**62)

    def found(self, table: str, where: dict[str, Any]) -> Row:
        """The row that must be there."""
        row = self.data.row(table, where)
        if row is None:
            raise not_found()
        return row

    def must_be_own(self, name: str, table: str) -> None:
        """Refuse a body that names, in ``name``, what the client does not have."""
        value = self.body.get(name)
        if value is not None:
            where = {"id": value, "client_id": self.scope.client_id}
            if self.data.row(table, where) is None:
                raise bad_request(f"there is no {name} {value}")


#: A handler gives what the operation's result describes, or a response of its own.
Handler = Callable[[Call], Any]

_H = TypeVar("_H", bound=Handler)

HANDLERS: dict[str, Handler] = {}

#: Operations with GET that change the data all the same.
WRITES: set[str] = set()

#: Operations whose answers have whatever members there are, beyond the described ones.
OPEN: set[str] = set()


def answers(
    *operations: str, open_members: bool = False, writes: bool = False
) -> Callable[[_H], _H]:
    """Register a function as the handler of operations, named as the description does."""

    def register(handler: _H) -> _H:
        for operation in operations:
            HANDLERS[operation] = handler
            if open_members:
                OPEN.add(operation)
            if writes:
                WRITES.add(operation)
        return handler

    return register


def download(content: bytes, media_type: str, file_name: str) -> Response:
    """A binary answer, with a name for its file."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(content, 200, headers, content_type=media_type)


@dataclass(frozen=True)
class Standard:
    """The standard methods of a resource: list, add, get, update and delete, on a table.

    ``check`` looks at a row before it is stored, and may complete it; it is given the call, the row and,
    when one is changed, the row as it was.
    """

    table: str
    #: The name of its id in a path.
    item: str
    check: Callable[[Call, Row, Row | None], None] = lambda call, row, old: None
    #: What distinguishes rows of other resources in the same table.
    kind: tuple[tuple[str, Any], ...] = ()
    #: The name of the limit on how many there may be.
    limit: str = ""

    def register(self, **operations: str) -> None:
        """Register each method under the name of its operation."""
        for method, operation in operations.items():
            answers(operation)(getattr(self, method))

    def all(self, call: Call) -> list[Row]:
        """Those that fit."""
        where = {**self._all(call), **call.filters(self.table)}
        limit, offset = call.page()
        return call.data.rows(self.table, where, limit=limit, offset=offset)

    def add(self, call: Call) -> Row:
        """A new one."""
        self._check_limit(call)
        known = call.contract.names(call.operation)
        row = {name: value for name, value in call.body.items() if name in known}
        row = {**call.contract.defaults(call.operation), **row, **call.own}
        self.check(call, row, None)
        row.update(self.kind)
        number = call.data.add(self.table, row)
        return call.found(self.table, {"rowid": number})

    def one(self, call: Call) -> Row:
        """One of them."""
        return call.found(self.table, self._where(call))

    def change(self, call: Call) -> Row:
        """Change what the body has."""
        where = self._where(call)
        old = call.found(self.table, where)
        known = call.contract.names(call.operation)
        row = {name: value for name, value in call.body.items() if name in known}
        self.check(call, row, old)
        call.data.change(self.table, where, row)
        return call.found(self.table, where)

    def delete(self, call: Call) -> None:
        """Remove one."""
        where = self._where(call)
        call.found(self.table, where)
        call.data.remove(self.table, where)

    def _where(self, call: Call) -> dict[str, Any]:
        return {"id": call.ids[self.item], **self._all(call)}

    def _all(self, call: Call) -> dict[str, Any]:
        return {**call.own, **dict(self.kind)}

    def _check_limit(self, call: Call) -> None:
        most = call.scope.client.get("limits", {}).get(self.limit)
        if most is not None and call.data.count(self.table, self._all(call)) >= most:
            raise bad_request(f"there may be no more than {most} of these")

"""The data, in SQLite: every request is one transaction, and what was answered is on the disk."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).with_name("schema.sql")

#: The version of the schema; a database of another one is refused.
SCHEMA_VERSION = 1

#: Seconds that one who wants to write waits for another.
BUSY_SECONDS = 30.0

Row = dict[str, Any]


class StorageError(Exception):
    """A database that cannot be used."""


class Storage:
    """A database, which ``fill`` fills where it is new. Each thread has a connection of its own."""

    def __init__(self, file: str, fill: Callable[[Transaction], None]) -> None:
        self._file = file
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        self._columns: dict[str, list[str]] = {}
        try:
            with self.transaction(write=True) as data:
                if data.prepare():
                    fill(data)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self, write: bool) -> Iterator[Transaction]:
        """A transaction, which ends with the block: done, or undone where the block fails."""
        connection = self._connection()
        # Whoever reads first and writes then may find that another wrote between: it says so at once.
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            yield Transaction(connection, self._columns)
            connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT may have ended the transaction itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close all connections; no thread may be using one any more."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            try:
                # Only this thread uses it, until close.
                connection = sqlite3.connect(
                    self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
                )
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
            except sqlite3.Error as error:
                raise StorageError(f"{self._file}: {error}") from error
            self._local.connection = connection
            with self._lock:
                self._connections.append(connection)
        return connection


class Transaction:
    """What can be done with the data inside a transaction.

    A row is what the API knows: the columns, and the members in ``data`` beside them. ``where`` maps
    columns to the values they must have; a list or tuple names several, any of which will do.
    """

    def __init__(self, connection: sqlite3.Connection, columns: dict[str, list[str]]) -> None:
        self._connection = connection
        self._columns = columns

    def prepare(self) -> bool:
        """Make the tables where there are none, and say so."""
        version = self.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return False
        if version or self.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise StorageError(
                "the database is not one of this server, or of another version of it; name a new file"
            )
        # Not executescript, which would end the transaction.
        statement = ""
        for line in SCHEMA.read_text("utf-8").splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""
        self.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        return True

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run a statement of one's own."""
        return self._connection.execute(sql, values)

    def columns(self, table: str) -> list[str]:
        """The names of the table's columns."""
        names = self._columns.get(table)
        if names is None:
            names = [row["name"] for row in self.execute(f"PRAGMA table_info({table})")]
            self._columns[table] = names
        return names

    def rows(
        self,
        table: str,
        where: Mapping[str, Any],
        *,
        window: tuple[str, str, str] | None = None,
        order: str = "rowid",
        limit: int = -1,
        offset: int = 0,
    ) -> list[Row]:
        """The rows that fit, without what is large.

        ``window`` is a column with the least and the greatest text that it may have; ``order`` is SQL.
        """
        columns = [c for c in self.columns(table) if c != "content"]
        condition, values = _condition(where, window)
        found = self.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"
            f" ORDER BY {order} LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return [_row(one) for one in found]

    def row(self, table: str, where: Mapping[str, Any]) -> Row | None:
        """The first row that fits, if there is one."""
        found = self.rows(table, where, limit=1)
        return found[0] if found else None

    def count(self, table: str, where: Mapping[str, Any]) -> int:
        """How many rows fit."""
        condition, values = _condition(where)
        count: int = self.execute(
            f"SELECT count(*) FROM {table} WHERE {condition}", values
        ).fetchone()[0]
        return count

    def add(self, table: str, row: Mapping[str, Any]) -> int:
        """Add a row, and return its number."""
        columns, data = self._split(table, row)
        if data:
            columns["data"] = json.dumps(data, allow_nan=False)
        marks = ", ".join("?" * len(columns))
        cursor = self.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(columns.values())
        )
        return cursor.lastrowid or 0

    def change(self, table: str, where: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Change the members that ``row`` has, of the rows that fit; those in ``data`` may be new."""
        columns, data = self._split(table, row)
        condition, wanted = _condition(where)
        found = self.execute(
            f"SELECT rowid, data FROM {table} WHERE {condition}", wanted
        ).fetchall()
        for rowid, text in found:
            columns["data"] = json.dumps({**json.loads(text), **data}, allow_nan=False)
            changes = ", ".join(f"{column} = ?" for column in columns)
            self.execute(
                f"UPDATE {table} SET {changes} WHERE rowid = ?", [*columns.values(), rowid]
            )

    def remove(
        self, table: str, where: Mapping[str, Any], window: tuple[str, str, str] | None = None
    ) -> int:
        """Remove the rows that fit, and return how many they were."""
        condition, values = _condition(where, window)
        return self.execute(f"DELETE FROM {table} WHERE {condition}", values).rowcount

    def _split(self, table: str, row: Mapping[str, Any]) -> tuple[Row, Row]:
        names = self.columns(table)
        columns = {name: value for name, value in row.items() if name in names}
        return columns, {name: value for name, value in row.items() if name not in names}


def _condition(
    where: Mapping[str, Any], window: tuple[str, str, str] | None = None
) -> tuple[str, list[Any]]:
    parts = ["1"]
    values: list[Any] = []
    for column, value in where.items():
        if isinstance(value, (list, tuple)):
            parts.append(f"{column} IN ({', '.join('?' * len(value))})")
            values += value
        else:
            parts.append(f"{column} IS ?")
            values.append(value)
    if window:
        column, start, end = window
        parts.append(f"{column} BETWEEN ? AND ?")
        values += [start, end]
    return " AND ".join(parts), values


def _row(found: sqlite3.Row) -> Row:
    row = dict(found)
    data: Row = json.loads(row.pop("data", "{}"))
    return {**data, **row}

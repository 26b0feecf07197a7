"""The realm API on this machine.

    ./bazelw run //tools/realm_server -- --port 8080 --database /var/tmp/realm.sqlite

It begins with a small data set, prints tokens to try it with, and serves until it is interrupted.
Without --database nothing is kept. Its secrets are known to everybody: it is for trying things.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waitress import create_server

from realm_server import example, tokens
from realm_server.app import TOKEN_PATH, RealmApp
from realm_server.contract import ROOT, Contract, ContractError
from realm_server.storage import Storage, StorageError

#: The description, whether this runs under Bazel or not.
DESCRIPTION = Path(__file__).absolute().parents[2] / "test_resources/realm/openapi.yaml"


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="realm_server",
        description="Serves the realm API, with data to try it with.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8080, help="0 takes any free one")
    parser.add_argument(
        "--database", metavar="FILE", help="where the data is kept; made if missing"
    )
    parser.add_argument("--threads", type=int, default=8, help="requests at the same time")
    parser.add_argument(
        "--token-seconds", type=int, default=3600, help="how long a token holds (default: an hour)"
    )
    parser.add_argument(
        "--rate-limit", type=int, default=10_000, help="requests of a client in an hour"
    )
    return parser.parse_args(arguments)


def _greeting(app: RealmApp, address: str) -> str:
    lines = [f"Realm API: {address}{ROOT}", f"Tokens:    POST {address}{TOKEN_PATH}", ""]
    with app.storage.transaction(write=True) as data:
        for one in example.APPLICATIONS:
            if data.row("application", {"app_id": one.app_id}) is None:
                continue
            token = tokens.issue(data, one.app_id, app.clock(), app.token_seconds)
            lines += [
                f"{one.app_id}: {one.about}",
                f"    client_id={one.app_id} client_secret={one.secret}",
                f"    token {token}",
            ]
            if one is example.APPLICATIONS[0]:
                first = token
    lines += [
        "",
        "To begin with:",
        f"    curl -H 'Authorization: Bearer {first}' \\",
        f"        '{address}{ROOT}/client/@me/extension/?extension_group_id=1&type=phone'",
    ]
    return "\n".join(lines)


def serve(options: argparse.Namespace, file: str) -> None:
    """Serve until a signal comes."""
    storage = Storage(file, example.fill)
    try:
        app = RealmApp(
            Contract(DESCRIPTION),
            storage,
            token_seconds=options.token_seconds,
            rate_limit=options.rate_limit,
        )
        server: Any = create_server(
            app, host=options.host, port=options.port, threads=options.threads, ident="realm_server"
        )
        signal.signal(signal.SIGTERM, _interrupt)
        print(_greeting(app, f"http://{options.host}:{server.effective_port}"), flush=True)
        # Waitress ends quietly at an interrupt, when all requests are answered.
        server.run()
        server.close()
    finally:
        storage.close()


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, and give its exit code."""
    options = _arguments(arguments)
    try:
        if options.database:
            serve(options, options.database)
        else:
            with tempfile.TemporaryDirectory(prefix="realm_server-") as folder:
                serve(options, f"{folder}/realm.sqlite")
    except (ContractError, StorageError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())

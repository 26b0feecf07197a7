"""What the tests of the realm API's server share: one in this process, and one in its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import requests
from realm_server import example
from realm_server.app import TOKEN_PATH, RealmApp
from realm_server.contract import ROOT, Contract
from realm_server.storage import Storage
from testing.paths import repository_file
from werkzeug.test import Client, TestResponse

DESCRIPTION = repository_file("test_resources/realm/openapi.yaml")

#: A day on which the example data's calls lie in the past; its hour has just begun.
NOW = 1_795_341_600.0

SECRETS = {one.app_id: one.secret for one in example.APPLICATIONS}


@cache
def contract() -> Contract:
    """What the description promises, read once."""
    return Contract(DESCRIPTION)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Server:
    """A server in this process, with a database of its own."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.clock = Clock()
        self.storage = Storage(str(folder / "realm.sqlite"), example.fill)
        try:
            self.app = RealmApp(contract(), self.storage, clock=self.clock, **options)
        except BaseException:
            self.storage.close()
            raise
        self.client = Client(self.app)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self.storage.close()

    def get_token(self, app_id: str, **more: str) -> TestResponse:
        form = {"grant_type": "client_credentials", "client_id": app_id}
        form["client_secret"] = SECRETS.get(app_id, "?")
        return self.client.post(TOKEN_PATH, data=form | more)

    def token(self, app_id: str) -> str:
        if app_id not in self._tokens:
            answer = self.get_token(app_id).get_json()
            self._tokens[app_id] = answer["access_token"]
        return self._tokens[app_id]

    def call(self, app_id: str, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request with the token of an application, or with none where it is empty."""
        headers = dict(options.pop("headers", {}))
        if app_id:
            headers["Authorization"] = f"Bearer {self.token(app_id)}"
        answer = self.client.open(ROOT + path, method=method, headers=headers, **options)
        # Werkzeug's client keeps a large upload in a file that it leaves open.
        answer.request.environ["wsgi.input"].close()
        return answer

    def get(self, app_id: str, path: str, **query: Any) -> Any:
        """What a GET that must succeed answers."""
        return self.sent(200, app_id, "GET", path, query_string=query)

    def sent(self, status: int, app_id: str, method: str, path: str, **options: Any) -> Any:
        """What a request answers that must end with this status."""
        answer = self.call(app_id, method, path, **options)
        assert answer.status_code == status, (method, path, answer.status, answer.text)
        return answer.get_json() if answer.mimetype == "application/json" else answer.data


class Process:
    """A server in a process of its own, with its database in a file."""

    def __init__(self, database: Path, *options: str) -> None:
        command = [sys.executable, "-m", "realm_server.main", "--port=0", f"--database={database}"]
        command += options
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
        )
        assert self._process.stdout is not None
        greeting = ""
        for line in self._process.stdout:
            greeting += line
            if line.lstrip().startswith("'http"):
                break
        self.url = re.findall(r"Realm API: (\S+)", greeting)[0]
        self.token = re.findall(r"^    token (\S+)", greeting, re.MULTILINE)[0]

    def session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {self.token}"
        return session

    def kill(self) -> None:
        """End it as a power cut would: it learns nothing of it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        self._process.send_signal(number)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self._process.wait(30)

"""An HTTP server that keeps what Bazel gives it: nginx with WebDAV."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

_CONFIGURATION = """\
daemon off;
master_process off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    # Files are moved from here into the cache, which must be one step.
    client_body_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/unused;
    proxy_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    client_max_body_size 0;
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
        location ~ ^/(ac|cas)/[0-9a-f]+$ {{
            dav_methods PUT;
            create_full_put_path on;
        }}
        location / {{
            return 403;
        }}
    }}
}}
"""


def find_nginx() -> str | None:
    """Find nginx, which Debian keeps where only root looks by itself."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class HttpCache:
    """The server, in a folder that holds all it has and writes."""

    def __init__(self, folder: Path) -> None:
        """Write the server's configuration."""
        program = find_nginx()
        assert program, "nginx is not installed"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._folder = folder
        (folder / "files").mkdir(parents=True)
        configuration = folder / "nginx.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=folder,
                port=self._port,
                # root would give its folders to another user, whom a sandbox does not know.
                user="user root root;" if os.geteuid() == 0 else "",
            )
        )
        self._command = [
            *(program, "-p", str(folder), "-e", str(folder / "error.log")),
            *("-c", str(configuration)),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What Bazel's --remote_cache takes."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> HttpCache:
        """Start the server, and wait until it answers."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                log = self._folder / "error.log"
                problem = log.read_text() if log.exists() else ""
                assert self._process.poll() is None, f"nginx ended: {problem}"
                assert time.monotonic() < end, f"nginx does not answer: {problem}"
                time.sleep(0.05)
            else:
                return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)

    def requests(self, method: str, status: int) -> int:
        """Count the requests of one kind that it answered in one way."""
        lines = (self._folder / "access.log").read_text().splitlines()
        return sum(f'"{method} ' in line and f'" {status} ' in line for line in lines)

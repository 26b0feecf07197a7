"""Receives user events until all came, and tells what that took: a part of ``events.py``.

    receive.py WAY URL USER PASSWORD APPLICATION NUMBER [LIBRARY]

It prints ``ready`` once it is connected, and at the end a line of JSON: how many events came, the
seconds from then to the last, and the seconds of CPU.  WAY is
``library`` (the generated one, in the folder LIBRARY), ``reader`` (a bare WebSocket and ``json``)
or ``aioari``.  It imports nothing of this repository, so that any Python can run it.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from typing import Any

#: Seconds without an event after which the rest is taken for lost.
PATIENCE = 5.0


class Count:
    """Counts events: a handler that does nothing else."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.number = 0
        self.start = self.last = 0.0
        self.done = threading.Event()
        self._cpu = 0.0

    def __call__(self, *_: Any) -> None:
        """Take an event."""
        self.number += 1
        if self.number == self.wanted:
            self.last = time.perf_counter()
            self.done.set()

    def ready(self) -> None:
        """Say that events can be sent."""
        self._cpu = time.process_time()
        self.start = time.perf_counter()
        print("ready", flush=True)

    def wait(self) -> None:
        """Return when all events came, or none any more."""
        seen = -1
        while seen != self.number and not self.done.wait(PATIENCE):
            seen = self.number
            self.last = time.perf_counter()

    def tell(self) -> None:
        """Print what was measured."""
        seconds = (self.last or time.perf_counter()) - self.start
        cpu = time.process_time() - self._cpu
        print(json.dumps({"delivered": self.number, "seconds": seconds, "cpu": cpu}), flush=True)


def library(count: Count, url: str, user: str, password: str, app: str, folder: str) -> None:
    """Receive with the generated library."""
    sys.path.insert(0, folder)
    import asteriskpy

    with asteriskpy.AsteriskPy(url, user, password, app=app) as asterisk:
        asterisk.add_event_handler("ChannelUserevent", count)
        asterisk.connect()
        runner = threading.Thread(target=asterisk.run)
        runner.start()
        count.ready()
        count.wait()
        count.tell()
        asterisk.stop()
        runner.join()


def reader(count: Count, url: str, user: str, password: str, app: str, _: str) -> None:
    """Receive with a bare WebSocket: what a program without any library would do."""
    from websockets.sync.client import connect

    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    address = f"ws{url.removeprefix('http')}/events?app={app}"
    headers = {"Authorization": f"Basic {login}"}
    with connect(address, additional_headers=headers, compression=None) as socket:
        count.ready()
        try:
            while not count.done.is_set():
                if json.loads(socket.recv(PATIENCE))["type"] == "ChannelUserevent":
                    count()
        except Exception as error:
            print(f"the connection ended: {error!r}", file=sys.stderr)
            count.last = time.perf_counter()
        count.tell()


def aioari(count: Count, url: str, user: str, password: str, app: str, _: str) -> None:
    """Receive with aioari, on one thread as it is meant."""
    import asyncio
    import importlib

    peer: Any = importlib.import_module("aioari")

    async def main() -> None:
        client = await peer.connect(url.removesuffix("ari"), user, password)
        client.on_event("ChannelUserevent", count)
        task = asyncio.ensure_future(client.run(apps=app))
        # It says nowhere when the WebSocket is up.
        while not client.websockets and not task.done():
            await asyncio.sleep(0.05)
        if task.done():
            task.result()
        count.ready()
        seen = -1
        waited = time.perf_counter()
        while not count.done.is_set() and not task.done():
            await asyncio.sleep(0.05)
            if seen != count.number:
                seen, waited = count.number, time.perf_counter()
            elif time.perf_counter() - waited > PATIENCE:
                break
        count.tell()
        await client.close()

    asyncio.run(main())


if __name__ == "__main__":
    way, address, name, secret, application, number, *rest = sys.argv[1:]
    receive = {"library": library, "reader": reader, "aioari": aioari}[way]
    receive(Count(int(number)), address, name, secret, application, rest[0] if rest else "")

"""The announcement, before a server that answers as an Asterisk did."""

from __future__ import annotations

import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from announce import announce
from asteriskpy import AsteriskPy

CHANNELS = Path(__file__).with_name("channels.json").read_bytes()


class Fake(BaseHTTPRequestHandler):
    """Knows three channels, and notes what they are to play."""

    protocol_version = "HTTP/1.1"
    played: list[str] = []

    def do_GET(self) -> None:
        """List the channels."""
        assert self.path == "/ari/channels"
        self.answer(200, CHANNELS)

    def do_POST(self) -> None:
        """Play something."""
        Fake.played.append(self.path)
        self.answer(201, b'{"id": "p1", "state": "queued"}')

    def answer(self, status: int, body: bytes) -> None:
        """Send JSON."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class AnnounceTest(unittest.TestCase):
    """Who hears it, and what is asked of Asterisk."""

    def test_plays_to_those_in_an_application(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Fake)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.shutdown)
        with AsteriskPy(f"http://127.0.0.1:{server.server_port}/ari", "user", "secret") as asterisk:
            heard = announce(asterisk, "sound:tt-weasels")
        self.assertEqual(heard, ["PJSIP/alice-00000001", "PJSIP/bob-00000003"])
        self.assertEqual(
            Fake.played,
            [
                "/ari/channels/1763791629.1/play?media=sound%3Att-weasels",
                "/ari/channels/1763791702.3/play?media=sound%3Att-weasels",
            ],
        )


if __name__ == "__main__":
    unittest.main()

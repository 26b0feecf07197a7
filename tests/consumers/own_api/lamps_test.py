"""The Python library for the lamps, before a small server."""

from __future__ import annotations

import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import asteriskpy
import lampspy
import my_ari


class House(BaseHTTPRequestHandler):
    """Has one lamp, in the hall, and notes what is asked of it."""

    protocol_version = "HTTP/1.1"
    asked: list[str] = []

    def do_GET(self) -> None:
        """Give the lamp."""
        House.asked.append(f"{self.command} {self.path}")
        found = self.path.startswith("/api/lamps/hall")
        lamp = {"id": "hall", "bright": 40}
        body = json.dumps(lamp if found else {"message": "There is no such lamp."}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """Do the same."""
        self.do_GET()


class LampsTest(unittest.TestCase):
    """Calls as a program makes them."""

    def setUp(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), House)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.shutdown)
        self.library = lampspy.Lampspy(f"http://127.0.0.1:{server.server_port}/api")
        self.addCleanup(self.library.close)

    def test_a_lamp_has_operations_of_its_own(self) -> None:
        lamp = self.library.lamps.get("hall")
        self.assertEqual(lamp.bright, 40)
        lamp.light(80)
        self.assertEqual(House.asked[-2:], ["GET /api/lamps/hall", "PUT /api/lamps/hall?bright=80"])

    def test_a_lamp_that_is_not_there(self) -> None:
        with self.assertRaisesRegex(lampspy.NotFoundException, "There is no such lamp"):
            self.library.lamps.get("cellar")

    def test_a_lamp_cannot_be_brighter_than_bright(self) -> None:
        with self.assertRaises(lampspy.IllegalInputException):
            self.library.lamps.light("hall", 101)

    def test_libraries_stand_beside_each_other(self) -> None:
        for library in (my_ari.MyAri, asteriskpy.AsteriskPy):
            with library("http://127.0.0.1:1/ari", "user", "password") as asterisk:
                self.assertTrue(callable(asterisk.channels.originate))
        self.assertFalse(issubclass(my_ari.AsteriskException, asteriskpy.AsteriskException))


if __name__ == "__main__":
    unittest.main()

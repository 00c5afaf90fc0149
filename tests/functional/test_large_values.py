"""Large values: other requests are served while they are parsed, written and freed."""

import json
import socket
import struct
import threading
import time
import unittest

from support.http import curl, fetch
from support.paths import example
from support.patience import patient
from support.server import ServerTest, plugin_options

MIB = 1 << 20
JSON = ("-H", "Content-Type: application/json")


class Others:
    """A client that makes requests all the time, and records how long it waits for each answer."""

    def __init__(self, server):
        self._server = server
        self._end = threading.Event()
        self.waits = []
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._end.is_set():
            began = time.monotonic()
            fetch(self._server, "/title")
            self.waits.append(time.monotonic() - began)
            time.sleep(0.01)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()


class LargeValues(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "8",
                             "--aiopyr-app", example("features"))

    # The longest wait, in seconds: such a value takes an idle machine several seconds in all.
    LONGEST = 0.5

    def check(self, path, *arguments, data):
        with Others(self.server) as others:
            answer = curl(self.server, path, *arguments, "--data-binary", "@-", data=data)
        self.assertTrue(others.waits)
        self.assertLess(max(others.waits), patient(self.LONGEST), sorted(others.waits)[-5:])
        return answer

    def test_others_are_served_while_15_mib_of_json_come_back(self):
        data = b"[" + b"1," * (15 * MIB // 2 - 2) + b"1]"
        for arguments in (JSON, ()):
            answer = self.check("/json", *arguments, data=data)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.body, data)
        self.assertNotIn("has been blocked", self.new_log())

    def test_objects_and_texts(self):
        data = json.dumps({f"name {i}": {"text": "ü\n" * 20, "list": [i, None, True]} for i in range(60000)},
                          ensure_ascii=False).encode()
        answer = self.check("/json", *JSON, data=data)
        self.assertEqual(json.loads(answer.body), json.loads(data))

    def test_malformed_json_is_refused(self):
        answer = self.check("/json", *JSON, data=b"[" + b"1," * (15 * MIB // 2 - 2) + b"]")
        self.assertEqual(answer.status, 400)

    def test_forms_with_large_files(self):
        boundary = "frontier"
        part = f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n'.encode()
        data = part + b"\r\n" * (7 * MIB) + f"\r\n--{boundary}--\r\n".encode()
        answer = self.check("/upload", "-H", f"Content-Type: multipart/form-data; boundary={boundary}", data=data)
        self.assertEqual(answer.json()["files"][0]["size"], 14 * MIB)

    def test_clients_that_leave_meanwhile_harm_nobody(self):
        data = b"[" + b"1," * (4 * MIB // 2) + b"1]"
        head = (b"POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(data))
        with Others(self.server) as others:
            for delay in (0, 0.05, 0.2, 0.5):
                client = self.connect()
                client.sendall(head + data)
                time.sleep(delay)
                client.close()
        self.assertLess(max(others.waits), patient(self.LONGEST), sorted(others.waits)[-5:])
        self.assertEqual(fetch(self.server, "/title").status, 200)

    def connect(self):
        client = socket.create_connection(self.server.address, patient(5))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return client


if __name__ == "__main__":
    unittest.main()

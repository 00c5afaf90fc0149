"""Clients by others, with messages from nothing to 16 MiB: Python's websockets, Node's ws, Chromium."""

import asyncio
import os
import shutil
import subprocess
import unittest

from support import websocket_client
from support.browser import Browser
from support.paths import TESTS, example
from support.patience import patient
from support.server import ServerTest, plugin_options

MAX_SIZE = 16 << 20
SIZES = (0, 1, 125, 126, 127, 65535, 65536, 1 << 20, MAX_SIZE)
ENDPOINTS = ("/echo", "/echo-uwsgi")

# Debian's node searches there by default, others do not.
NODE_ENVIRONMENT = {**os.environ, "NODE_PATH": "/usr/share/nodejs:/usr/lib/nodejs"}


def why_there_is_no_ws():
    """Returns the reason why Node's ws cannot be used here; empty if it can."""
    try:
        done = subprocess.run(["node", "-e", "require('ws')"], env=NODE_ENVIRONMENT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        return "there is no node here: install node-ws"
    return "node has no module ws here: install node-ws" if done.returncode else ""


class Clients(ServerTest):
    options = plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", "10",
                             "--aiopyr-app", example("tutorial"), "--disable-logging",
                             "--aiopyr-websocket-max-size", str(MAX_SIZE))

    def test_python_websockets(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                asyncio.run(self._echo_in_python(path))

    async def _echo_in_python(self, path):
        async with websocket_client.connect(self.server.url(path, "ws"), max_size=None) as ws:
            for size in SIZES:
                for message in ("*" * size, os.urandom(size)):
                    await ws.send(message)
                    answer = await asyncio.wait_for(ws.recv(), patient(20))
                    self.assertTrue(answer == message, f"{size} bytes came back changed")
        self.assertEqual(ws.close_code, 1000)

    @unittest.skipIf(why_there_is_no_ws(), why_there_is_no_ws())
    def test_ws_of_node(self):
        for path in ENDPOINTS:
            with self.subTest(path=path):
                done = subprocess.run(
                    ["node", os.path.join(TESTS, "support", "ws_echo.js"),
                     self.server.url(path, "ws"), *map(str, SIZES)],
                    env=NODE_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT, text=True, timeout=patient(60))
                self.assertEqual(done.stdout, "done\n")

    @unittest.skipUnless(shutil.which("chromium"), "chromium is not installed")
    def test_chromium(self):
        with Browser() as browser:
            browser.open(self.server.url("/?sleep=0"))
            for path in ENDPOINTS:
                with self.subTest(path=path):
                    browser.run(ECHO_IN_A_PAGE, self.server.url(path, "ws"), SIZES)
                    problems = browser.wait_for("return window.problems", 60)
                    self.assertEqual(problems, ["closed with 1000"])


# Sets window.problems at the end: the errors, and the code of the close.
ECHO_IN_A_PAGE = """
  const [url, sizes] = arguments;
  window.problems = null;
  const messages = sizes.flatMap(
      (size) => ['*'.repeat(size), Uint8Array.from({length: size}, (_, i) => i % 251)]);
  const problems = [];
  const same = (one, other) => one.length === other.length && one.every((x, i) => x === other[i]);
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  const sendNext = () => messages.length ? socket.send(messages[0]) : socket.close(1000);
  socket.onopen = sendNext;
  socket.onmessage = ({data}) => {
    const sent = messages.shift();
    const good = typeof sent === 'string' ? sent === data
        : data instanceof ArrayBuffer && same(sent, new Uint8Array(data));
    if (!good) problems.push(`something else than ${sent.length} bytes came back`);
    sendNext();
  };
  socket.onclose = ({code}) => { window.problems = [...problems, `closed with ${code}`]; };
"""

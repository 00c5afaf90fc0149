"""An app in uWSGI that asks Redis: whose answers come, and what is left of clients that go away."""

import os
import socket
import unittest

from support.http import fetch, fetch_all
from support.paths import BUILD
from support.patience import patient
from support.raw_http import request
from support.redis_server import RedisServer
from support.server import Server, plugin_options, wait_until
from test_vanishing_clients import abort


class App(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(RedisServer())
        cls.server = Server(options=plugin_options(
            "--http-socket", "127.0.0.1:{port}", "--master", "--processes", "2", "--aiopyr", "50", "--aiopyr-app",
            os.path.join(BUILD, "tests", "redis_app.so"), "--aiopyr-set", f"redis.url={cls.redis.unix_url}?pool=3",
            "--aiopyr-request-timeout", str(patient(20))))
        cls.addClassCleanup(cls.server.stop)

    def test_each_request_gets_its_own_answer(self):
        texts = [f"text-{number}" for number in range(300)]
        answers = fetch_all(self.server, [f"/echo?text={text}" for text in texts])
        self.assertEqual([answer.text for answer in answers], texts)

    def test_requests_that_vanish_leave_the_pool_whole(self):
        for _ in range(12):
            client = socket.create_connection(self.server.address, patient(10))
            client.sendall(request("/pop?seconds=60"))
            wait_until(lambda: self.redis.blocked() >= 1, 10, "nobody waits at the server")
            abort(client)
            wait_until(lambda: self.redis.blocked() == 0, 10, "a command stays at the server")
        answers = fetch_all(self.server, ["/pop"] * 6)
        self.assertEqual([answer.text for answer in answers], ["nothing"] * 6)

    def test_the_server_goes_and_comes_back(self):
        self.redis.kill()
        self.assertIn("failed: ", fetch(self.server, "/echo?text=a").text)
        self.redis.start()
        # Both workers find it again.
        wait_until(lambda: [fetch(self.server, "/echo?text=a").text for _ in range(8)] == ["a"] * 8, 30)


if __name__ == "__main__":
    unittest.main()

"""redis::Cache in several processes with a real redis-server."""

import os
import subprocess
import unittest

from support.paths import BUILD
from support.patience import patient
from support.redis_server import RedisServer
from support.server import wait_until

PROGRAM = os.path.join(BUILD, "tests", "redis_cache")


class Caches(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(RedisServer())

    def begin(self, processes, callers):
        process = subprocess.Popen([PROGRAM, self.server.unix_url, str(processes), str(callers)],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def values(self, process):
        output, _ = process.communicate(timeout=patient(60))
        self.assertEqual(process.returncode, 0)
        return output.split()

    def test_two_processes_compute_once(self):
        first, second = self.begin(2, 100), self.begin(2, 100)
        self.assertEqual(self.values(first) + self.values(second), ["1"] * 200)
        self.assertEqual(self.server.ask("INCRBY", "computed", "0"), ":1")
        wait_until(lambda: self.server.ask("EXISTS", "lock:cache:key") == ":0", 10, "the lock is not gone")

    def test_another_process_takes_over_from_one_that_was_killed(self):
        first = self.begin(2, 10)
        wait_until(lambda: self.server.ask("INCRBY", "computed", "0") == ":1", 10, "the first does not compute")
        first.kill()
        second = self.begin(2, 10)
        self.assertEqual(self.values(second), ["2"] * 10)

    def test_a_server_that_has_lost_its_values_gets_them_again(self):
        process = self.begin(1, 10)
        self.assertEqual(self.values(process), ["1"] * 10)
        self.server.kill()
        self.server.start()
        self.assertEqual(self.values(self.begin(1, 10)), ["1"] * 10)

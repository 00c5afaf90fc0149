"""Values, as they are sent to a real PostgreSQL and read from it: tests/support/programs/postgres_values.cc."""

import os
import subprocess

from support.paths import BUILD
from support.patience import patient
from support.postgres_server import PostgresTest


class Values(PostgresTest):
    def test_a_server_takes_and_returns_values(self):
        ran = subprocess.run([os.path.join(BUILD, "tests/postgres_values")], capture_output=True, text=True,
                             timeout=patient(60), env={**os.environ, "AIOPYR_POSTGRES_URL": self.new_database()})
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertIn("All tests passed", ran.stdout)

"""aiopyr-migrate against a real PostgreSQL."""

import os
import subprocess
import tempfile

from support.patience import patient
from support.paths import BUILD
from support.postgres_server import PostgresTest
from support.server import wait_until

PROGRAM = os.path.join(BUILD, "aiopyr-migrate")


class Migrations(PostgresTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiopyr-migrations-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.url = self.new_database()

    def write(self, name, sql):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(sql)

    def migrate(self, *options, url=None):
        ran = subprocess.run([PROGRAM, url or self.url, self.folder, *options], capture_output=True, text=True,
                             timeout=patient(30))
        return ran.returncode, ran.stdout, ran.stderr

    def select(self, sql):
        return subprocess.run(["psql", "-XAtc", sql, self.url], capture_output=True, text=True).stdout.rstrip("\n")

    def test_migrations_are_applied_once(self):
        self.write("0001_create_jobs.sql", "create table jobs(id int); insert into jobs values (1);")
        self.write("0002_add_title.sql", "-- a comment\nalter table jobs add title text; select 'é'")
        applied = "0001_create_jobs.sql: applied\n0002_add_title.sql: applied\n"
        self.assertEqual(self.migrate(), (0, applied, ""))
        self.assertEqual(self.migrate(), (0, "nothing to apply\n", ""))
        self.assertEqual(self.select("select * from jobs"), "1|")
        self.assertEqual(self.select("select number, name, length(checksum), applied_at <= now() "
                                     "from aiopyr_migrations order by 1"),
                         "1|0001_create_jobs.sql|64|t\n2|0002_add_title.sql|64|t")
        self.write("0003_drop.sql", "drop table jobs")
        self.assertEqual(self.migrate(), (0, "0003_drop.sql: applied\n", ""))

    def test_a_plan_changes_nothing(self):
        self.write("0001_create_jobs.sql", "create table jobs(id int)")
        self.assertEqual(self.migrate("--plan"), (0, "0001_create_jobs.sql: would be applied\n", ""))
        self.assertEqual(self.select("select count(*) from pg_tables where schemaname = 'public'"), "0")
        self.migrate()
        self.assertEqual(self.migrate("--plan"), (0, "nothing to apply\n", ""))

    def test_a_migration_that_fails_leaves_nothing_and_names_its_place(self):
        self.write("0001_create_jobs.sql", "create table jobs(id int)")
        self.write("0002_bad.sql", "create table other(id int);\n-- é\ninsert into jobs values (1, nothing);")
        code, out, error = self.migrate()
        self.assertEqual((code, out), (1, "0001_create_jobs.sql: applied\n"))
        self.assertIn("0002_bad.sql, line 3, column 29: SQLSTATE 42703: column \"nothing\" does not exist", error)
        self.assertEqual(self.select("select to_regclass('other') is null, count(*) from aiopyr_migrations"), "t|1")
        self.write("0002_bad.sql", "select 1; select 1 / (count(*) - count(*)) from jobs")
        self.assertIn("0002_bad.sql, statement 2: SQLSTATE 22012: division by zero", self.migrate()[2])

    def test_a_migration_that_was_changed_is_refused(self):
        self.write("0001_create_jobs.sql", "create table jobs(id int)")
        self.migrate()
        self.write("0001_create_jobs.sql", "create table jobs(id bigint)")
        for options in ((), ("--plan",)):
            code, out, error = self.migrate(*options)
            self.assertEqual((code, out), (1, ""))
            self.assertIn("0001_create_jobs.sql: it was changed after it had been applied", error)

    def test_a_migration_cannot_end_its_transaction(self):
        for sql in ("create table a(id int); commit", "rollback"):
            self.write("0001_a.sql", sql)
            code, _, error = self.migrate()
            self.assertEqual(code, 1)
            self.assertIn("0001_a.sql: it ends its transaction", error)
            self.assertEqual(self.select("select count(*) from aiopyr_migrations"), "0")

    def test_a_copy_is_refused(self):
        self.write("0001_a.sql", "create table a(id int); copy a from stdin;")
        code, _, error = self.migrate()
        self.assertEqual(code, 1)
        self.assertIn("0001_a.sql: COPY has no data", error)
        self.assertEqual(self.select("select to_regclass('a') is null"), "t")

    def test_two_at_a_time_wait_for_each_other(self):
        self.write("0001_create_jobs.sql", "create table jobs(id int); select pg_sleep(1)")
        command = [PROGRAM, self.url, self.folder]
        first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(first.stdout.close)
        wait_until(lambda: self.postgres.execute("select count(*) from pg_locks where locktype = 'advisory'") == "1", 10)
        code, out, _ = self.migrate()
        self.assertEqual(code, 0)
        self.assertEqual(out, "waiting for another aiopyr-migrate, which holds the lock of this database\n"
                              "nothing to apply\n")
        self.assertEqual((first.wait(), first.stdout.read()), (0, "0001_create_jobs.sql: applied\n"))

    def test_errors_show_no_passwords(self):
        self.write("0001_a.sql", "select 1")
        for url in ("postgresql://u:s3cret@127.0.0.1:1/x", "postgresql://u:s3cret@127.0.0.1:port/x",
                    "postgresql://u:s3cret@[::1/x", "host=127.0.0.1 port=1 password=s3cret",
                    "host=127.0.0.1 password = 's3cret"):
            code, out, error = self.migrate(url=url)
            self.assertEqual((code, out), (1, ""), url)
            self.assertNotIn("s3cret", error)
            self.assertTrue(error.startswith("aiopyr-migrate: "), error)

    def test_wrong_arguments_show_how_it_is_used(self):
        ran = subprocess.run([PROGRAM, self.url], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("usage: aiopyr-migrate URL FOLDER [--plan]", ran.stderr)

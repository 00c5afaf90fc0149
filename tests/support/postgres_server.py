"""PostgreSQL servers for tests: each with its own data below a short temporary folder, on a Unix socket and
on a port of 127.0.0.1.

The data of a new server are made once by initdb, and kept below build/tests-data for all others. A server
runs as the user `postgres`, or `nobody`, where the tests run as root, which PostgreSQL refuses.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.parse

from support.endings import children_of
from support.paths import BUILD
from support.patience import patient
from support.ports import reserve_port
from support.postgres_programs import account, as_account, program, programs_folder
from support.server import wait_until

# For speed: what was committed survives a crash of the server, but not of the machine.
QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB",
         "max_wal_size": "128MB", "log_min_messages": "warning", "wal_level": "replica",
         "max_connections": "100", "max_wal_senders": "4", "autovacuum": "off", "logging_collector": "off"}


def _give_to_account(path):
    owner = account()
    if owner:
        subprocess.run(["chown", "-R", f"{owner.pw_uid}:{owner.pw_gid}", path], check=True)


def _run(command, **how):
    """Runs a program to its end; raises AssertionError with its output if it fails."""
    ran = subprocess.run(command, capture_output=True, text=True, timeout=patient(120), **how)
    if ran.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def _fresh_data():
    """Returns the folder with the data of a server that has not run yet: made by the first who asks."""
    version = programs_folder() and os.path.basename(os.path.dirname(programs_folder()))
    kept = os.path.join(BUILD, "tests-data", f"postgresql-{version}")
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    with open(kept + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(kept):
            # Elsewhere first: that account may not come to the tree, and initdb may be interrupted.
            with tempfile.TemporaryDirectory(prefix="pg-init-") as folder:
                _give_to_account(folder)
                made = os.path.join(folder, "data")
                _run([program("initdb"), "-D", made, "-U", "postgres", "--auth=trust", "--no-sync",
                      "--encoding=UTF8", "--locale=C.UTF-8"], **as_account())
                shutil.rmtree(kept + ".new", ignore_errors=True)
                shutil.copytree(made, kept + ".new", symlinks=True)
                os.rename(kept + ".new", kept)
    return kept


class PostgresServer:
    """A server that runs from its construction to stop(), or to the end of `with`.

    `settings` are those of postgresql.conf: `PostgresServer(max_connections=10, ssl=True)`. With ssl it has a
    certificate for 127.0.0.1 and localhost, signed by itself, at `certificate`.
    """

    def __init__(self, start=True, **settings):
        self._prepare()
        self._settings = {**QUICK, **self._read_settings(settings)}
        shutil.copytree(_fresh_data(), self.data, symlinks=True)
        self._finish(start)

    @classmethod
    def replica_of(cls, primary, start=True, **settings):
        """Returns a server that follows `primary` by streaming, and answers queries that only read."""
        replica = cls.__new__(cls)
        replica._prepare()
        replica._settings = {**primary._settings, "hot_standby": "on", **replica._read_settings(settings)}
        _give_to_account(replica.folder)
        _run([program("pg_basebackup"), "-D", replica.data, "-d", primary.url(), "-R", "-X", "stream",
              "--checkpoint=fast", "--no-sync"], **as_account())
        replica._finish(start)
        return replica

    # --- What tests connect to

    def url(self, database="postgres", user="postgres", **parameters):
        """Returns the URL of the Unix socket."""
        query = urllib.parse.urlencode({"host": self.folder, "port": self.port, "user": user, **parameters})
        return f"postgresql:///{database}?{query}"

    def tcp_url(self, database="postgres", user="postgres", password=None, **parameters):
        """Returns the URL of the port of 127.0.0.1."""
        account = user if password is None else f"{user}:{urllib.parse.quote(password, safe='')}"
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        return f"postgresql://{account}@127.0.0.1:{self.port}/{database}{query}"

    def execute(self, sql, database="postgres"):
        """Runs SQL by psql, in one transaction if there are several statements. Returns its rows as lines, with
        `|` between values."""
        return _run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url(database)]).rstrip("\n")

    def create_database(self, name):
        """Makes an empty database, and returns the URL of it."""
        self.execute(f'create database "{name}"')
        return self.url(name)

    def backends(self):
        """Returns the number of clients' connections, without the one that asks."""
        return int(self.execute("select count(*) from pg_stat_activity "
                                "where backend_type = 'client backend' and pid <> pg_backend_pid()"))

    # --- Its life

    def start(self, wait=True):
        """Starts it on the same socket and port as before."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen([program("postgres"), "-D", self.data, *options], stdout=log,
                                             stderr=log, stdin=subprocess.DEVNULL, **as_account())
        if wait:
            self.wait_until_ready()

    def wait_until_ready(self):
        wait_until(self._accepts_or_has_ended, 30, self._not_ready)
        if self._process.poll() is not None:
            raise AssertionError(f"the server has ended: {self._process.returncode}\n{self.log()}")

    def stop(self, mode="fast"):
        """Stops it in one of pg_ctl's modes: `smart` waits for its clients, `fast` rolls back what they do,
        `immediate` leaves at once and recovers at the next start."""
        self._end({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])

    def kill(self):
        """Kills the postmaster as kill -9 does, and waits until its children have noticed."""
        children = children_of(self.pid)
        self._end(signal.SIGKILL)
        wait_until(lambda: not any(map(_is_alive, children)), 30, "the server's children go on")

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def reload(self):
        """Makes it read pg_hba.conf and postgresql.conf again."""
        self._process.send_signal(signal.SIGHUP)

    def suspend(self):
        """Stops all of its processes, as a machine that hangs: connections are accepted by the kernel, and
        nothing answers. resume() ends that."""
        self._signal_all(signal.SIGSTOP)

    def resume(self):
        self._signal_all(signal.SIGCONT)

    def promote(self):
        """Makes a replica a primary, and waits until it is."""
        _run([program("pg_ctl"), "promote", "-w", "-D", self.data], **as_account())

    def wait_for_replica(self, replica):
        """Waits until `replica` has everything that has been committed here."""
        position = self.execute("select pg_current_wal_flush_lsn()")
        wait_until(lambda: replica.execute(
            f"select coalesce(pg_last_wal_replay_lsn() >= '{position}', false)") == "t", 30,
            "the replica does not follow")

    def allow(self, *lines):
        """Replaces the lines of pg_hba.conf, such as `host all all 127.0.0.1/32 scram-sha-256`. The Unix socket
        stays open to all, for execute(). For connections from now on."""
        with open(os.path.join(self.data, "pg_hba.conf"), "w") as file:
            file.write("\n".join(("local all all trust", *lines)) + "\n")
        self.reload()
        wait_until(lambda: self.execute("select count(*) from pg_hba_file_rules") == str(1 + len(lines)), 10,
                   "pg_hba.conf was not read again")

    @property
    def pid(self):
        return self._process.pid

    def is_running(self):
        return self._process is not None and self._process.poll() is None

    def log(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def close(self):
        """Stops it if it runs, and removes its data."""
        if self.is_running():
            self.resume()
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- Inside

    def _prepare(self):
        self._process = None
        # Short, since a socket's path has at most 107 bytes.
        self.folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")
        # Clients of all users come to the socket.
        os.chmod(self.folder, 0o755)
        self.data = os.path.join(self.folder, "data")
        self.log_path = os.path.join(self.folder, "log")
        self.certificate = os.path.join(self.folder, "server.crt")
        self.port = reserve_port()

    def _read_settings(self, settings):
        read = {name: {True: "on", False: "off"}.get(value, str(value)) for name, value in settings.items()}
        read.update(port=str(self.port), listen_addresses="127.0.0.1", unix_socket_directories=self.folder)
        if read.get("ssl") == "on":
            key = os.path.join(self.folder, "server.key")
            _run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                  "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                  "-keyout", key, "-out", self.certificate])
            os.chmod(key, 0o600)
            read.update(ssl_cert_file=self.certificate, ssl_key_file=key)
        return read

    def _finish(self, start):
        os.chmod(self.data, 0o700)
        _give_to_account(self.folder)
        if start:
            try:
                self.start()
            except BaseException:
                self.close()
                raise

    def _accepts_or_has_ended(self):
        if self._process.poll() is not None:
            return True
        ready = subprocess.run([program("pg_isready"), "-q", "-h", self.folder, "-p", str(self.port)])
        return ready.returncode == 0

    def _not_ready(self):
        return f"the server does not accept connections\n{self.log()}"

    def _signal_all(self, number):
        # The postmaster first, which would start and end children otherwise.
        for pid in [self.pid, *children_of(self.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _end(self, number):
        self._process.send_signal(number)
        try:
            self._process.wait(patient(30))
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"the server does not end\n{self.log()}") from None


def _is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class PostgresTest(unittest.TestCase):
    """Base of tests with a server for each class, at `self.postgres`; `settings` are those that it gets."""

    settings = {}

    @classmethod
    def setUpClass(cls):
        if not programs_folder():
            raise unittest.SkipTest("PostgreSQL is not installed")
        cls.postgres = PostgresServer(**cls.settings)
        cls.addClassCleanup(cls.postgres.close)

    def new_database(self):
        """Makes an empty database for this test, and returns the URL of it."""
        name = f"test_{os.getpid()}_{PostgresTest._databases}"
        PostgresTest._databases += 1
        return self.postgres.create_database(name)

    _databases = 0

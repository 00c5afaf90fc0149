"""Starts a uWSGI, waits until it listens, and checks its log at the end."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from support.paths import BUILD, CONFIGS, ROOT
from support.patience import patient
from support.ports import reserve_port

UWSGI = os.environ.get("UWSGI", "uwsgi")
START_TIMEOUT = 15
STOP_TIMEOUT = 15

# Messages that no test may leave in a log, whatever it does to the server.
CRASH = re.compile(
    r"DAMN !.*signal (?!9 )|SIGSEGV|Segmentation|SIGABRT|Fault|terminate called|AddressSanitizer|runtime error:"
    r"|Assertion|corrupted|double free|core dump"
)


def plugin_options(*options):
    """Returns the options of an instance without an ini file."""
    return ["--plugins-dir", BUILD, "--plugins", "aiopyr", *options]


def run_to_its_end(*options, env=None, timeout=START_TIMEOUT):
    """Runs a uWSGI that should not start; returns its exit code and its log."""
    done = subprocess.run(
        [UWSGI, *options],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=patient(timeout),
    )
    return done.returncode, done.stdout.decode(errors="replace")


class Listener:
    """A server that listens on `host` and `port`."""

    host = "127.0.0.1"
    port = None

    @property
    def address(self):
        return (self.host, self.port)

    def url(self, path="/", scheme="http"):
        return f"{scheme}://{self.host}:{self.port}{path}"

    def accepts(self):
        try:
            socket.create_connection(self.address, patient(1)).close()
            return True
        except OSError:
            return False


class Server(Listener):
    """One instance, from an ini of configs/ (which gets its port by AIOPYR_PORT) or from options.

    `max_files` is its limit of open files, as a pair of a soft and a hard one, `max_file_size` that of
    the bytes in each file that it writes; `port` is for one that takes the place of another; `before` is
    called with the server when its port is known.
    """

    def __init__(self, ini=None, options=(), env=None, cwd=ROOT, max_files=None, max_file_size=None, port=None,
                 before=None):
        self.port = port or reserve_port()
        if before:
            before(self)
        self._log = tempfile.NamedTemporaryFile(prefix="aiopyr-test-", suffix=".log")
        source = ["--ini", os.path.join(CONFIGS, ini)] if ini else []
        options = [option.replace("{port}", str(self.port)) for option in options]
        limits = ["--nofile={}:{}".format(*max_files)] if max_files else []
        limits += [f"--fsize={max_file_size}"] if max_file_size else []
        self._process = self._spawn(
            [*(["prlimit", *limits] if limits else []), UWSGI, *source, *options],
            cwd=cwd,
            env={**os.environ, "AIOPYR_PORT": str(self.port), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._wait_until_it_listens()
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def _spawn(self, command, **how):
        return subprocess.Popen(command, **how)

    @property
    def pid(self):
        return self._process.pid

    def log(self):
        with open(self._log.name, errors="replace") as log:
            return log.read()

    def wait_for_log(self, text, timeout=5):
        """Returns the log, as soon as it holds `text`."""
        return wait_until(lambda: text in self.log() and self.log(), timeout, f"no {text!r} in the log")

    def worker_pids(self):
        """Returns the worker processes: the instance itself where there is no master."""
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as children:
            return [int(pid) for pid in children.read().split()] or [self.pid]

    def send_signal(self, number):
        """Sends a signal as soon as the process has a handler for it. A master that has just started
        again has none until its workers are there, and the signal would kill it."""
        wait_until(lambda: self._handles(number), 10, f"no handler for signal {number}")
        os.kill(self.pid, number)

    def _handles(self, number):
        with open(f"/proc/{self.pid}/status") as status:
            caught = re.search(r"^SigCgt:\s+(\w+)", status.read(), re.M)
        return int(caught.group(1), 16) >> (number - 1) & 1

    def cpu_seconds(self):
        """Returns the CPU time that the instance has used so far, without its children."""
        return _cpu_seconds(self.pid)

    def times_slept(self):
        """Returns how often the instance's threads have gone to sleep so far, without its children."""
        slept = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/status") as status:
                slept += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read(), re.M).group(1))
        return slept

    def worker_cpu_seconds(self):
        """Returns the CPU time that the present workers have used so far, with all their threads."""
        return sum(_cpu_seconds(pid) for pid in self.worker_pids())

    def is_running(self):
        return self._process.poll() is None

    def stop(self):
        """Ends it; raises AssertionError if it had crashed or does not end."""
        died = self._process.poll()
        if died is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(patient(STOP_TIMEOUT))
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise AssertionError("uwsgi did not end:\n" + self._tail()) from None
        if died is not None:
            raise AssertionError(f"uwsgi had died with {died}:\n" + self._tail())
        if CRASH.search(self.log()):
            raise AssertionError("uwsgi has crashed:\n" + self._tail())

    def wait(self, timeout):
        """Waits until it has ended by itself, and returns its exit code."""
        return self._process.wait(patient(timeout))

    def kill(self):
        """Kills it, as a crash would."""
        self._process.kill()
        self._process.wait()

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + patient(START_TIMEOUT)
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError("uwsgi did not start:\n" + self._tail())
            # uWSGI binds its sockets early: it serves once the log says so.
            if "spawned uWSGI worker 1" in self.log() and self.accepts():
                return
            time.sleep(0.02)
        raise AssertionError("uwsgi does not listen:\n" + self._tail())

    def _tail(self):
        return "\n".join(self.log().splitlines()[-40:])


def anonymous_memory(pid):
    """Returns the bytes of memory that the process has beside its files, uWSGI's shared memory included.

    No share of files is in it: that share grows when another server, with the same plugin, ends.
    """
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        sizes = re.findall(r"^Pss_(?:Anon|Shmem): +(\d+) kB", rollup.read(), re.M)
    return sum(map(int, sizes)) * 1024


def _cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until(condition, timeout=5, message="it did not happen"):
    """Polls `condition` until its value is true, and returns that value.

    Fails after `timeout` seconds of an idle machine, with `message`, which may be a function.
    """
    timeout = patient(timeout)
    deadline = time.monotonic() + timeout
    pause = 0.001
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{message() if callable(message) else message} within {timeout} s")
        time.sleep(min(pause, 0.02))
        pause *= 2


class ServerTest(unittest.TestCase):
    """Base of tests against one instance; it is started before the first and checked after the last."""

    ini = None
    options = ()

    @classmethod
    def setUpClass(cls):
        if cls.ini is None and not cls.options:
            raise unittest.SkipTest("a base class")
        cls.server = Server(cls.ini, cls.options)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self._log_begin = len(self.server.log())

    def new_log(self):
        """Returns what this test has logged."""
        return self.server.log()[self._log_begin :]

    def wait_for_new_log(self, text, timeout=5):
        return wait_until(
            lambda: text in self.new_log() and self.new_log(), timeout, f"no {text!r} in the log"
        )

"""Makes system calls of a server fail on purpose: build/tests/faulty_calls.so is preloaded into it."""

import ctypes
import mmap
import os
import tempfile

from support.paths import BUILD
from support.server import Server, wait_until

LIBRARY = os.path.join(BUILD, "tests", "faulty_calls.so")

ACCEPT, READ, WRITE, EPOLL_WAIT, EPOLL_CTL, POLL, STACK, THREAD, SETSOCKOPT, SHUTDOWN, MEMORY = (
    1 << bit for bit in range(11))


class Control(ctypes.Structure):
    """Mirrors the struct of tests/support/faulty/control.h."""

    _fields_ = [("kinds", ctypes.c_uint32), ("fails_at", ctypes.c_uint32), ("error", ctypes.c_int32),
                ("one_byte", ctypes.c_uint32), ("clock_shift", ctypes.c_int64),
                ("calls", ctypes.c_uint32), ("failed", ctypes.c_uint32),
                ("free_cores", ctypes.c_int32), ("turns", ctypes.c_uint32)]


def has_connections(port):
    """Returns whether a server on this port has connections, also ones whose client has gone."""
    established, close_wait = "01", "08"
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table][1:]
    return any(row[1].endswith(f":{port:04X}") and row[3] in (established, close_wait) for row in rows)


class Faults:
    """The file that tells a process with the preloaded library which calls have to fail."""

    def __init__(self):
        self._file = tempfile.NamedTemporaryFile(prefix="aiopyr-faults-")
        self._file.truncate(mmap.PAGESIZE)
        self._memory = mmap.mmap(self._file.fileno(), mmap.PAGESIZE)
        self.control = Control.from_buffer(self._memory)

    @property
    def environment(self):
        return {"LD_PRELOAD": LIBRARY, "AIOPYR_FAULTS": self._file.name}


class FaultyServer(Server):
    """A server of one process, which is its own worker."""

    def __init__(self, cores, options):
        self.cores = cores
        self._faults = Faults()
        self.control = self._faults.control
        super().__init__(options=[*options, "--aiopyr", str(cores)], env=self._faults.environment)
        self.descriptors = None
        # Does not count the descriptor of the connection by which the start was noticed.
        wait_until(lambda: not has_connections(self.port), 6)
        self.wait_until_idle()
        self.descriptors = self.count_descriptors()

    def count_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def arm(self, kinds, fails_at, error):
        """Makes one call fail from now on: the one of these kinds after `fails_at` others."""
        self.disarm()
        self.control.calls = self.control.failed = 0
        self.control.fails_at, self.control.error = fails_at, error
        self.control.kinds = kinds

    def disarm(self):
        """Lets calls succeed again; returns the kind of the call that has failed, 0 for none."""
        self.control.kinds = 0
        return self.control.failed

    def is_idle(self):
        """Returns whether all cores are free, and no more descriptors are open than at the start."""
        return self.control.free_cores == self.cores and (
            self.descriptors is None or self.count_descriptors() == self.descriptors)

    def wait_until_idle(self):
        wait_until(self.is_idle, 6,
                   lambda: f"{self.control.free_cores} of {self.cores} cores are free, "
                           f"{self.count_descriptors()} descriptors open instead of {self.descriptors}")

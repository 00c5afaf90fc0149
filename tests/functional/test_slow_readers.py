"""Clients that read long responses slowly: they need no cores and little memory, and have to keep a pace."""

import contextlib
import os
import re
import socket
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support.fronts import Certificate
from support.http import fetch
from support.paths import UWSGI_PLUGINS, example
from support.patience import patient
from support.ports import reserve_port
from support.server import Server, ServerTest, plugin_options, wait_until

MIB = 1 << 20
SIZE = 8 * MIB
BIG = b"GET /big?mib=8 HTTP/1.1\r\nHost: x\r\n\r\n"
SMALL_BUFFER = 4096
TOUPPER = os.path.join(UWSGI_PLUGINS, "transformation_toupper_plugin.so")


def options(cores, *more):
    return plugin_options("--http-socket", "127.0.0.1:{port}", "--aiopyr", str(cores), "--aiopyr-app",
                          example("features"), "--listen", "200", "--disable-logging", *more)


def most_memory(pid):
    """Returns the most bytes of memory that the process has had."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.M).group(1)) << 10


def temporary_files(pid, folder):
    """Returns how many files without a name the process has open in the folder."""
    count = 0
    for fd in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            path = os.readlink(f"/proc/{pid}/fd/{fd}")
            count += path.startswith(folder + "/") and path.endswith(" (deleted)")
    return count


class SlowReaderTest(ServerTest):
    def connect(self, request=BIG, receive_buffer=SMALL_BUFFER):
        client = socket.socket()
        self.addCleanup(client.close)
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(patient(60))
        client.connect(self.server.address)
        client.sendall(request)
        return client

    def read_response(self, client):
        """Reads one response; returns the length of its body."""
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.read_some(client)
        head, _, body = answer.partition(b"\r\n\r\n")
        left = int(re.search(rb"Content-Length: (\d+)", head).group(1)) - len(body)
        length = len(body)
        while left > 0:
            part = self.read_some(client, min(left, 1 << 16))
            self.assertEqual(part.strip(b"x"), b"")
            left -= len(part)
            length += len(part)
        return length

    def read_some(self, client, most=1):
        part = client.recv(most)
        if not part:
            raise ConnectionResetError("the response breaks off")
        return part

    def read_each(self, clients):
        with ThreadPoolExecutor(len(clients)) as readers:
            return list(readers.map(self.read_response, clients))

    def wait_until_all_are_answered(self, clients):
        for client in clients:
            self.assertEqual(client.recv(12, socket.MSG_PEEK), b"HTTP/1.1 200")

    def assert_others_are_served(self):
        for _ in range(5):
            begin = time.monotonic()
            self.assertEqual(fetch(self.server, "/title").status, 200)
            self.assertLess(time.monotonic() - begin, patient(2))


class Many(SlowReaderTest):
    COUNT = 40
    FOLDER = tempfile.TemporaryDirectory(prefix="aiopyr-readers-")
    options = options(16, "--aiopyr-temp-folder", FOLDER.name, "--aiopyr-queue-timeout", "2")

    @classmethod
    def tearDownClass(cls):
        cls.FOLDER.cleanup()

    def test_many_slow_readers_hold_no_core_and_little_memory_and_get_all(self):
        readers = [self.connect(BIG * 2) for _ in range(self.COUNT)]
        self.wait_until_all_are_answered(readers)
        self.assert_others_are_served()
        self.assertEqual(os.listdir(self.FOLDER.name), [])
        self.assertGreater(temporary_files(self.server.pid, self.FOLDER.name), self.COUNT // 2)
        if not self.is_sanitized():
            self.assertLess(most_memory(self.server.pid), 128 * MIB)
        self.assertEqual(self.read_each(readers), [SIZE] * self.COUNT)
        # Another response follows on each connection.
        self.assertEqual(self.read_each(readers), [SIZE] * self.COUNT)
        wait_until(lambda: not temporary_files(self.server.pid, self.FOLDER.name), 10, "files are left open")

    def is_sanitized(self):
        with open(f"/proc/{self.server.pid}/maps") as maps:
            return "libasan" in maps.read()

    def test_readers_that_leave_leave_nothing_behind(self):
        readers = [self.connect() for _ in range(self.COUNT)]
        self.wait_until_all_are_answered(readers)
        for reader in readers:
            reader.close()
        wait_until(lambda: not temporary_files(self.server.pid, self.FOLDER.name), 10, "files are left open")
        self.assert_others_are_served()

    def test_old_clients_and_those_that_ask_for_the_head_get_what_is_theirs(self):
        fillers = [self.connect() for _ in range(12)]
        self.wait_until_all_are_answered(fillers)
        old = self.connect(b"GET /big?mib=8 HTTP/1.0\r\nHost: x\r\n\r\n")
        self.assertEqual(self.read_response(old), SIZE)
        self.assertEqual(old.recv(1), b"")
        head = self.connect(BIG.replace(b"GET", b"HEAD") + b"GET /title HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while part := head.recv(1 << 16):
            answer += part
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 2)
        self.assertLess(len(answer), 2000)


class OverTls(SlowReaderTest):
    FOLDER = tempfile.TemporaryDirectory(prefix="aiopyr-readers-")

    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.addClassCleanup(cls.FOLDER.cleanup)
        cls.tls_port = reserve_port()
        cls.options = options(2, "--aiopyr-temp-folder", cls.FOLDER.name, "--aiopyr-write-buffer", "1000000",
                              "--https-socket", f"127.0.0.1:{cls.tls_port},{cls.certificate.cert},{cls.certificate.key}")
        super().setUpClass()

    def connect_tls(self, data):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        client.settimeout(patient(60))
        client.connect(("127.0.0.1", self.tls_port))
        client = self.certificate.client_context().wrap_socket(client, server_hostname="127.0.0.1")
        self.addCleanup(client.close)
        client.sendall(data)
        return client

    def test_responses_wait_in_files_and_arrive_whole(self):
        readers = [self.connect_tls(BIG * 2) for _ in range(5)]
        wait_until(lambda: temporary_files(self.server.pid, self.FOLDER.name) == 5, 10, "no files")
        self.assert_others_are_served()
        for _ in range(2):
            self.assertEqual(self.read_each(readers), [SIZE] * 5)


class NoFiles(SlowReaderTest):
    """Responses without a temporary file: readers hold half of the cores at the most; others are cut off."""

    FOLDER = tempfile.mkdtemp(prefix="aiopyr-readers-")
    options = options(4, "--aiopyr-temp-folder", FOLDER, "--aiopyr-write-buffer", str(10 * MIB))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.rmdir(cls.FOLDER)

    def test_others_are_served_and_a_reader_that_reads_gets_all(self):
        readers = [self.connect() for _ in range(9)]
        self.assert_others_are_served()
        self.wait_for_new_log(f"a temporary file in {self.FOLDER} cannot be made")
        whole = 0
        for reader in readers:
            try:
                whole += self.read_response(reader) == SIZE
            except ConnectionError:
                pass
        # One is in memory, two are in cores.
        self.assertEqual(whole, 3)
        self.assert_others_are_served()


class SmallFiles(SlowReaderTest):
    """Responses that are larger than files may be (`ulimit -f`): they wait in memory and in cores."""

    options = options(4, "--master", "--aiopyr-write-buffer", str(10 * MIB))

    @classmethod
    def setUpClass(cls):
        cls.server = Server(options=cls.options, max_file_size=MIB)
        cls.addClassCleanup(cls.server.stop)

    def test_workers_live_and_a_reader_that_reads_gets_all(self):
        workers = self.server.worker_pids()
        readers = [self.connect() for _ in range(3)]
        self.assert_others_are_served()
        self.wait_for_new_log("cannot be written: File too large")
        self.assertEqual(self.read_each(readers), [SIZE] * 3)
        self.assertEqual(self.server.worker_pids(), workers)


class SlowCores(SlowReaderTest):
    options = options(4, "--aiopyr-temp-bytes", "0", "--aiopyr-write-buffer", "1000", "--aiopyr-slow-cores", "1")

    def test_their_number_is_an_option(self):
        readers = [self.connect() for _ in range(3)]
        self.assert_others_are_served()
        whole = []
        for reader in readers:
            try:
                whole.append(self.read_response(reader))
            except ConnectionError:
                pass
        self.assertEqual(whole, [SIZE])


class SharedCores(SlowReaderTest):
    """Slow readers and slow senders together leave half of the cores to other requests."""

    options = options(4, "--aiopyr-temp-bytes", "0", "--aiopyr-write-buffer", "1000", "--aiopyr-queue-timeout", "30")

    def test_others_have_half_of_the_cores_whoever_is_slow(self):
        readers = [self.connect() for _ in range(2)]
        self.wait_until_all_are_answered(readers)
        begun = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n" + b"a" * 300_000
        senders = [self.connect(begun, receive_buffer=None) for _ in range(2)]
        self.assert_others_are_served()
        self.assertEqual(self.read_each(readers), [SIZE] * 2)
        # Now the senders get cores.
        for sender in senders:
            sender.sendall(b"a" * 3_700_000)
            self.assertTrue(sender.recv(100).startswith(b"HTTP/1.1 200"))


@unittest.skipUnless(os.path.exists(TOUPPER), "without uWSGI's plugin for toupper")
class SentByUwsgi(SlowReaderTest):
    """Responses that uWSGI's own functions send: they leave from cores, half of them at the most."""

    options = options(4, "--plugins", TOUPPER, "--route", "^/big toupper:")

    def test_others_are_served_and_those_that_have_a_core_get_all(self):
        readers = [self.connect() for _ in range(6)]
        begin = time.monotonic()
        self.assertEqual(fetch(self.server, "/title").status, 200)
        self.assertLess(time.monotonic() - begin, patient(8))
        # Waits until readers without a right to a core are cut off, as many at a time as there are cores.
        time.sleep(patient(4))
        with ThreadPoolExecutor(len(readers)) as threads:
            lengths = sorted(threads.map(self.read_to_the_end, readers))
        self.assertEqual(lengths, [0] * 4 + [SIZE] * 2)

    def read_to_the_end(self, client):
        """Returns the length of a body that ends with its connection; 0 for one that breaks off."""
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while True:
                part = client.recv(1 << 16)
                answer += part
                if not part:
                    return len(answer.partition(b"\r\n\r\n")[2])
        return 0


class ModestPace(SlowReaderTest):
    """Readers that are slow, but not too slow: they may continue, wherever their response waits."""

    TIME = patient(1)
    FOLDER = tempfile.TemporaryDirectory(prefix="aiopyr-readers-")
    options = options(2, "--aiopyr-write-timeout", str(TIME), "--aiopyr-write-buffer", str(10 * MIB),
                      "--aiopyr-temp-folder", FOLDER.name)

    @classmethod
    def tearDownClass(cls):
        cls.FOLDER.cleanup()

    def test_readers_that_keep_to_the_rate_go_on(self):
        readers = [self.connect(BIG * 2) for _ in range(3)]
        end = time.monotonic() + 4 * self.TIME
        while time.monotonic() < end:
            for reader in readers:
                self.assertGreater(len(reader.recv(4000)), 0)
            time.sleep(0.05)
        self.assertEqual(temporary_files(self.server.pid, self.FOLDER.name), 2)


class Rate(SlowReaderTest):
    TIME = patient(1)
    options = options(2, "--aiopyr-write-timeout", str(TIME), "--aiopyr-write-rate", "1000000")

    def test_a_reader_that_is_too_slow_for_its_whole_response_is_cut_off(self):
        """It is cut off although it reads more in each period than the least for any client."""
        reader = self.connect(BIG.replace(b"8", b"40"))
        begin = time.monotonic()
        got = 0
        with self.assertRaises(ConnectionError):
            while time.monotonic() - begin < 20 * self.TIME:
                part = self.read_some(reader, 4000)
                got += len(part)
                time.sleep(0.02)
        self.assertGreater(got, 10_000)
        self.assertGreater(time.monotonic() - begin, 0.9 * self.TIME)

    def test_a_reader_that_is_fast_enough_gets_all(self):
        reader = self.connect(receive_buffer=None)
        self.assertEqual(self.read_response(reader), SIZE)


if __name__ == "__main__":
    unittest.main()

"""A Redis server for a test, on a Unix socket and a port of its own, without anything on disk to keep."""

import os
import signal
import socket
import subprocess
import tempfile

from support.patience import patient
from support.ports import reserve_port
from support.server import wait_until

SERVER = "/usr/bin/redis-server"
SENTINEL = "/usr/bin/redis-sentinel"


class RedisServer:
    """A redis-server. Used as a context; `options` are its own, such as "--requirepass", "x"."""

    def __init__(self, *options):
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-redis-")
        self.port = reserve_port()
        self.path = os.path.join(self._folder.name, "redis.sock")
        self._options = options
        self._process = None

    @property
    def unix_url(self):
        return f"unix://{self.path}"

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self._folder.cleanup()

    def start(self):
        command = [SERVER, "--port", str(self.port), "--unixsocket", self.path, "--save", "", "--dir",
                   self._folder.name, *self._options]
        with open(os.path.join(self._folder.name, "log"), "ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self._answers, 10, "redis-server does not answer")

    def kill(self):
        """Kills it as a crash would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def ask(self, *words):
        """Runs a command and returns the first line of its answer, by a connection of its own."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(patient(10))
            connection.connect(self.path)
            request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
            connection.sendall(request.encode())
            return connection.makefile("rb").readline().decode().strip()

    def blocked(self):
        """Returns how many connections wait in a blocking command."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(patient(10))
            connection.connect(self.path)
            connection.sendall(b"INFO clients\r\n")
            reply = b""
            while b"blocked_clients:" not in reply or not reply.endswith(b"\r\n"):
                reply += connection.recv(4096)
        return int(reply.split(b"blocked_clients:")[1].split(b"\r\n")[0])

    def _answers(self):
        if self._process.poll() is not None:
            with open(os.path.join(self._folder.name, "log")) as log:
                raise AssertionError(f"redis-server has ended:\n{log.read()}")
        try:
            return self.ask("PING")[:1] in ("+", "-")
        except OSError:
            return False


class TlsRedisServer(RedisServer):
    """A redis-server that speaks TLS on its port, with a certificate that signs itself: `ca_file`, for localhost."""

    def __init__(self, *options):
        super().__init__(*options)
        self.ca_file = os.path.join(self._folder.name, "cert.pem")
        self.tls_port = reserve_port()
        key = os.path.join(self._folder.name, "key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
             self.ca_file], check=True, capture_output=True)
        self._options += ("--tls-port", str(self.tls_port), "--tls-cert-file", self.ca_file, "--tls-key-file", key,
                          "--tls-ca-cert-file", self.ca_file, "--tls-auth-clients", "no")


class Sentinel(RedisServer):
    """A redis-sentinel that watches one master, as `mymaster`, and needs no other to agree."""

    def __init__(self, master):
        super().__init__()
        self._configuration = os.path.join(self._folder.name, "sentinel.conf")
        with open(self._configuration, "w") as file:
            file.write(f"""port {self.port}
unixsocket {self.path}
dir {self._folder.name}
sentinel monitor mymaster 127.0.0.1 {master.port} 1
sentinel down-after-milliseconds mymaster 500
sentinel failover-timeout mymaster 3000
""")

    def start(self):
        with open(os.path.join(self._folder.name, "log"), "ab") as log:
            self._process = subprocess.Popen([SENTINEL, self._configuration], stdout=log, stderr=log)
        wait_until(self._answers, 10, "redis-sentinel does not answer")

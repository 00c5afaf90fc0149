"""A server for tests of HTTP clients."""

import contextlib
import os
import signal
import subprocess
import tempfile
import unittest

from support.fronts import Certificate
from support.patience import patient
from support.ports import reserve_port
from support.server import Listener, wait_until


class Backend(Listener):
    """An nginx that answers with the method and the path it was asked for, at `port`, at `socket`, with TLS and
    HTTP/2 at `tls_port`, and with HTTP/2 alone at `h2c_port`; `/big` has that many bytes."""

    def __init__(self, certificate, big):
        self.port, self.tls_port, self.h2c_port = (reserve_port() for _ in range(3))
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-backend-")
        folder = self._folder.name
        self.socket = f"{folder}/socket"
        with open(f"{folder}/big", "w") as file:
            file.write("b" * big)
        paths = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(f"""
                daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
                events {{ worker_connections 1000; }}
                http {{
                  access_log off; {paths}
                  keepalive_requests 100000;
                  gzip on; gzip_types *; gzip_min_length 10;
                  server {{
                    listen 127.0.0.1:{self.port};
                    listen unix:{self.socket};
                    listen 127.0.0.1:{self.h2c_port} http2;
                    listen 127.0.0.1:{self.tls_port} ssl http2;
                    listen 127.0.0.2:{self.tls_port} ssl;
                    ssl_client_certificate {certificate.cert}; ssl_verify_client optional;
                    ssl_certificate {certificate.cert}; ssl_certificate_key {certificate.key};
                    root {folder};
                    location / {{ return 200 "$request_method $request_uri"; }}
                    location = /big {{ default_type application/octet-stream; }}
                    location = /unavailable {{ add_header Retry-After 7 always; return 503 "later"; }}
                    location = /nothing {{ return 444; }}
                    location = /verified {{ return 200 $ssl_client_verify; }}
                    location = /moved {{ return 302 /there; }}
                  }}
                }}""")
        self._process = None

    def start(self):
        folder = self._folder.name
        with contextlib.suppress(FileNotFoundError):
            os.remove(self.socket)
        self._process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder],
                                         stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.accepts, 10, "nginx did not start")

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(patient(10))

    def remove(self):
        self.kill()
        self._folder.cleanup()


class BackendTest(unittest.TestCase):
    """Base of tests against one Backend, whose `/big` has `big` bytes."""

    big = 3000

    @classmethod
    def setUpClass(cls):
        cls.certificate = Certificate()
        cls.addClassCleanup(cls.certificate.remove)
        cls.backend = Backend(cls.certificate, cls.big)
        cls.backend.start()
        cls.addClassCleanup(cls.backend.remove)

"""Servers in front of an instance: TLS, nginx."""

import os
import signal
import ssl
import subprocess
import tempfile

from support.paths import CONFIGS
from support.patience import patient
from support.ports import reserve_port
from support.server import Listener, wait_until


class Certificate:
    """A self-signed certificate for 127.0.0.1, with its key, in a folder of its own."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-cert-")
        self.cert, self.key = (os.path.join(self._folder.name, name) for name in ("cert.pem", "key.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
             self.key, "-out", self.cert],
            check=True, stderr=subprocess.DEVNULL)

    @property
    def environment(self):
        """Returns the variables that the ini files read."""
        return {"AIOPYR_CERT": self.cert, "AIOPYR_KEY": self.key}

    def client_context(self):
        return ssl.create_default_context(cafile=self.cert)

    def remove(self):
        self._folder.cleanup()


class Nginx(Listener):
    """An nginx with a configuration of configs/, on other ports."""

    def __init__(self, config, backend_port, port=None):
        self.port = port or reserve_port()
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-nginx-")
        with open(os.path.join(CONFIGS, config)) as file:
            site = file.read()
        site = site.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
        site = site.replace("127.0.0.1:6543", f"127.0.0.1:{backend_port}")
        folder = self._folder.name
        paths = "".join(f"  {kind}_temp_path {folder}/{kind};\n"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self._config = os.path.join(folder, "nginx.conf")
        with open(self._config, "w") as file:
            file.write(f"daemon off;\nmaster_process off;\npid {folder}/pid;\n"
                       f"error_log {folder}/error.log;\nevents {{}}\n"
                       f"http {{\n  access_log off;\n{paths}{site}}}\n")
        self._process = None

    def __enter__(self):
        self._process = subprocess.Popen(["nginx", "-c", self._config, "-p", self._folder.name],
                                         stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.accepts, 10, "nginx did not start")
        return self

    def __exit__(self, *_):
        # Stops at once; otherwise it would wait for open websockets.
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(patient(10))
        self._folder.cleanup()

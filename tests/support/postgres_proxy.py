"""A proxy before PostgreSQL's Unix socket, which delays, cuts, resets, or says nothing."""

import contextlib
import os
import socket
import struct
import tempfile
import threading
import time


class Proxy:
    """Listens on a socket named as PostgreSQL's own, and passes bytes on in both directions.

    `delay` is waited before each piece, `cut_after` ends a connection after so many bytes of the server,
    with `reset` by a reset (as far as a Unix socket has one); a `mute` one accepts and says nothing.
    """

    def __init__(self, server_folder, port, delay=0.0, cut_after=None, half_close=False, mute=False):
        self._upstream = os.path.join(server_folder, f".s.PGSQL.{port}")
        self._folder = tempfile.TemporaryDirectory(prefix="pgp-", dir="/tmp")
        self.folder, self.port = self._folder.name, port
        self.delay, self.cut_after, self.half_close, self.mute = delay, cut_after, half_close, mute
        self.connections = 0
        self._open = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(os.path.join(self.folder, f".s.PGSQL.{port}"))
        self._listener.listen(100)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, **parameters):
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        return f"postgresql://postgres@/postgres?host={self.folder}&port={self.port}{query}"

    def cut_all(self):
        """Ends all connections that are open now."""
        for end in self._open[:]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._listener.close()
        self.cut_all()
        self._folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(client)
            if self.mute:
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._upstream)
            except OSError:
                client.close()
                continue
            self._open.append(server)
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self.cut_after), daemon=True).start()

    def _pass(self, source, target, limit):
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if self.delay:
                    time.sleep(self.delay)
                if limit is not None and passed + len(data) > limit:
                    target.sendall(data[:limit - passed])
                    if self.half_close:
                        target.shutdown(socket.SHUT_WR)
                        return
                    break
                passed += len(data)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)

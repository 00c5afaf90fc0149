"""A TCP proxy that delays, cuts and resets what passes through it."""

import random
import socket
import struct
import threading
import time

from support.ports import reserve_port


class FaultyProxy:
    """Passes connections on to a port of 127.0.0.1. Used as a context.

    What passes is cut into small pieces, some of which are late. With `breaks`, each connection ends after some
    pieces: in the middle of an answer, by a reset, or with one of its sides only.
    """

    def __init__(self, port, breaks=True, seed=1):
        self.port = reserve_port()
        self._target = port
        self._breaks = breaks
        self._random = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            pieces = self._random.randrange(20, 400) if self._breaks else None
            for source, sink in (client, server), (server, client):
                threading.Thread(target=self._pass, args=(source, sink, pieces), daemon=True).start()

    def _pass(self, source, sink, pieces):
        try:
            while data := source.recv(self._random.randrange(1, 2000)):
                if self._random.random() < 0.05:
                    time.sleep(self._random.random() * 0.02)
                if pieces is not None:
                    pieces -= 1
                    if pieces == 0:
                        return self._end(source, sink, data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            sink.close()

    def _end(self, source, sink, data):
        way = self._random.randrange(3)
        if way == 0:
            sink.sendall(data[: len(data) // 2])
        elif way == 1:
            sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            sink.shutdown(socket.SHUT_WR)
        sink.close()
        source.close()

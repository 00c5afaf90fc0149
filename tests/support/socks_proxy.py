"""A SOCKS5 proxy (RFC 1928) for tests, with or without a password (RFC 1929)."""

import contextlib
import socket
import threading

NO_PASSWORD, PASSWORD, NONE_OF_THEM = 0, 2, 0xFF
IPV4, NAME, IPV6 = 1, 3, 4
SUCCEEDED, NOT_ALLOWED, HOST_UNREACHABLE, REFUSED = 0, 2, 4, 5


class SocksProxy:
    """Passes connections on. Used as a context.

    `names` says where the names lead that it knows, `account` is a user with its password, `cut_after` ends each
    connection after so many bytes of the proxy's own, with `mute` it says nothing.
    """

    def __init__(self, names=(), account=None, cut_after=None, mute=False):
        self._names, self._account, self._cut_after, self._mute = dict(names), account, cut_after, mute
        self.asked = []  # where clients wanted to go: an address's type, host, port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]

    def url(self, account="", scheme="socks5"):
        return f"{scheme}://{account and account + '@'}127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError, EOFError), client:
            if self._mute:
                client.recv(1 << 16)
                client.recv(1 << 16)
                return
            peer = Peer(client, self._cut_after)
            if self._greet(peer):
                self._connect(peer, client)

    def _greet(self, peer):
        """Agrees on a way to log in, and logs the client in; returns whether that worked."""
        _, count = peer.take(2)
        wanted = PASSWORD if self._account else NO_PASSWORD
        if wanted not in peer.take(count):
            peer.send(bytes((5, NONE_OF_THEM)))
            return False
        peer.send(bytes((5, wanted)))
        if not self._account:
            return True
        peer.take(1)
        given = tuple(peer.take(peer.take(1)[0]).decode() for _ in range(2))
        peer.send(bytes((1, 0 if given == self._account else 1)))
        return given == self._account

    def _connect(self, peer, client):
        _, _, _, kind = peer.take(4)
        if kind == NAME:
            host = peer.take(peer.take(1)[0]).decode()
        else:
            host = socket.inet_ntop(*((socket.AF_INET, peer.take(4)) if kind == IPV4 else
                                      (socket.AF_INET6, peer.take(16))))
        port = int.from_bytes(peer.take(2), "big")
        self.asked.append((kind, host, port))
        target = self._names.get(host, SUCCEEDED if kind != NAME else HOST_UNREACHABLE)
        refusal = target if isinstance(target, int) else SUCCEEDED
        server = None
        if refusal == SUCCEEDED:
            try:
                server = socket.create_connection(target if isinstance(target, tuple) else (host, port))
            except OSError:
                refusal = REFUSED
        peer.send(bytes((5, refusal, 0, IPV4)) + bytes(6))
        if server:
            with server:
                threading.Thread(target=carry, args=(server, client), daemon=True).start()
                carry(client, server)


class Peer:
    """Reads what a client sends piece by piece, and sends until a limit."""

    def __init__(self, connection, limit):
        self._connection, self._left = connection, limit

    def take(self, size):
        taken = b""
        while len(taken) < size:
            piece = self._connection.recv(size - len(taken))
            if not piece:
                raise EOFError
            taken += piece
        return taken

    def send(self, data):
        if self._left is not None:
            data, self._left = data[:self._left], self._left - len(data)
        self._connection.sendall(data)
        if self._left is not None and self._left <= 0:
            raise EOFError


def carry(source, target):
    """Carries bytes until the source ends, and then says so to the target."""
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

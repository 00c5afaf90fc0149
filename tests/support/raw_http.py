"""HTTP/1 byte by byte, for tests that Python's own client does not allow: several requests at once, cut
anywhere, on a connection whose end matters."""

import socket
import ssl

from support.http import Answer
from support.patience import patient
from support.server import ServerTest


class RawHttp:
    """A connection on which the caller writes any bytes, and reads answers one by one."""

    def __init__(self, server, tls=False, timeout=5, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patient(timeout))
        self.socket.connect(server.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = trusting_context().wrap_socket(self.socket)
        self._received = b""

    def send(self, data):
        self.socket.sendall(data)

    def get(self, path, *lines, version="1.1", method="GET"):
        self.send(request(path, *lines, version=version, method=method))
        return self.answer(method)

    def answer(self, method="GET"):
        """Returns the next answer; raises EOFError if the connection ends before."""
        head = self.head()
        status = int(head[0].split()[1])
        headers = {name.lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in head[1:])}
        has_body = method != "HEAD" and status not in (204, 304)
        length = int(headers["content-length"]) if has_body else 0
        return Answer(status, self.take(length), headers)

    def head(self):
        """Returns the lines of the next answer's head."""
        return self._take_until(b"\r\n\r\n").decode("latin-1").split("\r\n")

    def take(self, count):
        while len(self._received) < count:
            self._receive()
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def is_closed(self):
        """Waits until the server sends something, which has to be the end."""
        if self._received:
            return False
        try:
            self._received = self.socket.recv(1)
        except ssl.SSLEOFError:
            return True
        return not self._received

    def until_end(self):
        """Returns everything that the server sends until it closes."""
        while data := self.socket.recv(65536):
            self._received += data
        received, self._received = self._received, b""
        return received

    def close(self):
        self.socket.close()

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise EOFError("the connection ended within or before an answer")
        self._received += data

    def _take_until(self, end):
        while end not in self._received:
            self._receive()
        taken, _, self._received = self._received.partition(end)
        return taken


class RawHttpTest(ServerTest):
    """Base of tests whose clients write any bytes."""

    tls = False

    def connect(self, **how):
        client = RawHttp(self.server, tls=self.tls, **how)
        self.addCleanup(client.close)
        return client


def trusting_context():
    """Returns a TLS context that does not verify the server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def request(path, *lines, version="1.1", method="GET", body=b""):
    if body:
        lines = (*lines, f"Content-Length: {len(body)}")
    head = "\r\n".join([f"{method} {path} HTTP/{version}", "Host: x", *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body

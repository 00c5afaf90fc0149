"""A client of the uwsgi protocol, like nginx: sends a header of four bytes, then the variables."""

import socket
import struct

from support.patience import patient



def packet(variables, modifier1=0):
    """Encodes the variables of a dict, or of pairs."""
    block = b""
    for name, value in getattr(variables, "items", lambda: variables)():
        for text in (name.encode(), value.encode()):
            block += struct.pack("<H", len(text)) + text
    return struct.pack("<BHB", modifier1, len(block), 0) + block


def variables_for(path, method="GET", query="", **more):
    return {
        "REQUEST_METHOD": method,
        "REQUEST_URI": path + ("?" + query if query else ""),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        **more,
    }


def ask(server, variables, body=b"", modifier1=0, timeout=10):
    """Returns the whole answer as it came: status line, headers, body."""
    with socket.create_connection(server.address, patient(timeout)) as connection:
        connection.sendall(packet(variables, modifier1) + body)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer

"""A server whose listening sockets another process has opened, as systemd does: sd_listen_fds(3)."""

import os
import socket
import subprocess

from support.patience import patient
from support.server import Server

FIRST = 3


def listen(address, family=socket.AF_INET):
    """Returns a socket that listens on `address`."""
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(address)
    listening.listen(100)
    return listening


class ActivatedServer(Server):
    """A server that gets `sockets` as its descriptors 3, 4, ...; it listens when the first takes
    connections."""

    def __init__(self, sockets, options, **more):
        self.sockets = sockets
        super().__init__(options=options, **more)

    def _spawn(self, command, **how):
        given = range(FIRST, FIRST + len(self.sockets))

        def hand_over():
            # Moves all of them out of the way first: one may have the number that another has to get.
            copies = [os.dup(one.fileno()) for one in self.sockets]
            far = [os.dup2(copy, given.stop + 50 + copy) for copy in copies]
            for number, copy in zip(given, far):
                os.dup2(copy, number)

        how["env"]["LISTEN_FDS"] = str(len(self.sockets))
        named = ["sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', *command]
        return subprocess.Popen(named, preexec_fn=hand_over, pass_fds=given, **how)

    def accepts(self):
        first = self.sockets[0]
        with socket.socket(first.family) as client:
            client.settimeout(patient(1))
            try:
                client.connect(first.getsockname())
                return True
            except OSError:
                return False

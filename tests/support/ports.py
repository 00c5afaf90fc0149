"""Ports for servers that tests start, each given out once among all tests that run at the time."""

import errno
import os
import socket

# The kernel takes the ports of clients from here on, so a port below it is never taken by chance.
with open("/proc/sys/net/ipv4/ip_local_port_range") as kernel_range:
    _CLIENTS = int(kernel_range.read().split()[0])
_BEGIN = 10_000
_END = _CLIENTS if _CLIENTS > 2 * _BEGIN else 32_768

_next = _BEGIN + os.getpid() * 97 % (_END - _BEGIN)
# Held until this process ends: with them, the ports are given back.
_reservations = []


def reserve_port():
    """A port of 127.0.0.1 on which nothing listens, and that no other test gets before this process ends."""
    global _next
    for _ in range(_END - _BEGIN):
        port = _next
        _next = _next + 1 if _next + 1 < _END else _BEGIN
        reservation = _reserve(port)
        if reservation and not _is_taken(port):
            _reservations.append(reservation)
            return port
        if reservation:
            reservation.close()
    raise OSError(errno.EADDRNOTAVAIL, "all ports are taken")


def _reserve(port):
    """A socket whose name, which no file stands for, only one process can have; None if another has it."""
    reservation = socket.socket(socket.AF_UNIX)
    try:
        reservation.bind(f"\0aiopyr-test-port-{port}")
        return reservation
    except OSError:
        reservation.close()
        return None


def _is_taken(port):
    """Whether a program that reserves nothing listens on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            return False
        except OSError:
            return True

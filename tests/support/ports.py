"""Reserves ports for servers of tests, each used once among all tests that run at the time."""

import errno
import os
import socket

# The kernel chooses clients' ports from here on, so a port below is never taken by chance.
with open("/proc/sys/net/ipv4/ip_local_port_range") as kernel_range:
    _CLIENTS = int(kernel_range.read().split()[0])
_BEGIN = 10_000
_END = _CLIENTS if _CLIENTS > 2 * _BEGIN else 32_768

_next = _BEGIN + os.getpid() * 97 % (_END - _BEGIN)
# Held until this process ends, which releases the ports.
_reservations = []


def reserve_port():
    """Returns a free port of 127.0.0.1 that no other test gets before this process ends."""
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
    """Returns a socket with an abstract name, which only one process can have; None if another has it."""
    reservation = socket.socket(socket.AF_UNIX)
    try:
        reservation.bind(f"\0aiopyr-test-port-{port}")
        return reservation
    except OSError:
        reservation.close()
        return None


def _is_taken(port):
    """Returns whether a program that does not reserve ports listens on this one."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            return False
        except OSError:
            return True

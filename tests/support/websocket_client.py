"""Python's websockets as a client, with the tests' timeouts; versions 10 and 15."""

import websockets

from support.patience import patient


def connect(url, **options):
    """Connects as websockets.connect(): to be awaited, or entered with `async with`."""
    timeouts = {"open_timeout": patient(10), "ping_timeout": patient(20), "close_timeout": patient(10)}
    return websockets.connect(url, **{**timeouts, **options})


# The exceptions for a handshake that is answered with another status than 101: that of the client of
# version 14 and later, and that of earlier ones.
REFUSED = (websockets.InvalidStatus, websockets.exceptions.InvalidStatusCode)


def status_of(refusal):
    """Returns the status of a refused handshake."""
    return refusal.response.status_code if hasattr(refusal, "response") else refusal.status_code


def extensions_of(ws):
    """Returns the negotiated extensions."""
    return ws.extensions if hasattr(ws, "extensions") else ws.protocol.extensions

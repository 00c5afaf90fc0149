"""Ways in which uWSGI ends workers, and the work that they have to finish then."""

import os
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

from support.http import fetch
from support.paths import BUILD, example
from support.patience import patient
from support.raw_websocket import CLOSE, TEXT, RawWebsocket, close_payload
from support.server import Server, plugin_options, wait_until

RESTART, STOP = 1012, 1001
# On a busy machine the loop may seem to be blocked; the backtrace that is logged then has functions
# with "exception" in their names, which DISORDER would find.
FEATURES = ("--aiopyr", "100", "--aiopyr-app", example("features"), "--http-socket", "127.0.0.1:{port}",
            "--disable-logging", "--aiopyr-drain-timeout", "8", "--worker-reload-mercy", "20",
            "--aiopyr-block-warning", str(patient(5)))
VASSAL = """[uwsgi]
plugins-dir = {build}
plugins = aiopyr
master = true
aiopyr = 100
aiopyr-app = {app}
http-socket = 127.0.0.1:{port}
"""

# Log messages of a worker that did not end in order.
DISORDER = ("DAMN", "NO MERCY", "cut off", "MISTERIOUSLY", "exception")


def children_of(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [int(child) for child in children.read().split()]
    except FileNotFoundError:
        return []


def leaves_of(pid):
    """Returns the workers below a master or an Emperor: the processes without children."""
    children = children_of(pid)
    return {leaf for child in children for leaf in leaves_of(child)} if children else {pid}


class Instance:
    """A server with a folder of its own, for which `{folder}` in its options stands. It holds the master's
    fifo, a file to be touched and, for an Emperor, a vassal's ini."""

    def __init__(self, *options, vassal=False):
        self._folder = tempfile.TemporaryDirectory(prefix="aiopyr-ending-")
        self.folder = self._folder.name
        self.fifo = os.path.join(self.folder, "fifo")
        self.touched = os.path.join(self.folder, "touched")
        self.ini = os.path.join(self.folder, "vassal.ini")
        open(self.touched, "w").close()
        if vassal:
            self.server = Server(options=["--emperor", self.folder, "--emperor-freq", "1"],
                                 before=self._write_vassal)
        else:
            self.server = Server(options=plugin_options(
                *(option.replace("{folder}", self.folder) for option in (*FEATURES, *options))))

    def _write_vassal(self, server):
        with open(self.ini, "w") as ini:
            ini.write(VASSAL.format(build=BUILD, app=example("features"), port=server.port))

    def workers(self):
        return leaves_of(self.server.pid)

    def command(self, letter):
        """Writes to the master's fifo."""
        with open(self.fifo, "w") as fifo:
            fifo.write(letter)

    def touch(self, path):
        # Far in the future, since the master compares whole seconds.
        later = time.time() + 5
        os.utime(path, (later, later))

    def signal(self, number):
        self.server.send_signal(number)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server.is_running():
            self.server.stop()
        self._folder.cleanup()


class Clients:
    """Clients in flight: requests whose views run until they are told to stop, and for half a second more,
    and websockets of both mappers."""

    def __init__(self, server, requests=3, native=1, websockets=3):
        self._pool = ThreadPoolExecutor(requests + native + websockets)
        self._requests = [self._pool.submit(fetch, server, "/until-stopping?rest=0.5", timeout=20)
                          for _ in range(requests)]
        self._websockets = [RawWebsocket(server, path, timeout=20)
                            for path in ["/type"] * websockets + ["/uwsgi-type"] * native]
        for ws in self._websockets:
            ws.send_frame(TEXT, b"abc")
            if ws.receive() != (TEXT, b"str:3"):
                raise AssertionError("no echo")
        # The requests arrived before the last echo, except for the time that a thread takes to start.
        time.sleep(patient(0.3))

    def answers(self):
        """Returns status and text of each request."""
        return [(answer.status, answer.text) for answer in (request.result() for request in self._requests)]

    def close_codes(self):
        """Returns the code with which each websocket is closed; None for one that is not."""
        return list(self._pool.map(answer_close, self._websockets))


def answer_close(ws):
    """Waits for the server's close frame and answers it; returns its code, None if there is none."""
    with ws:
        code = ws.receive_close()
        if code is not None:
            ws.send_frame(CLOSE, close_payload(code))
        return code


@dataclass(frozen=True)
class Way:
    """A way to end workers: `trigger` is called with the instance. Workers are then replaced, unless
    `exits` gives the code with which the whole instance ends."""

    trigger: Callable
    options: tuple = ("--master",)
    code: int = RESTART
    exits: int = None
    vassal: bool = False
    remains: bool = False  # the Emperor goes on, without a vassal


def by_signal(number):
    return lambda instance: instance.signal(number)


def by_fifo(letter):
    return lambda instance: instance.command(letter)


def by_touch(instance):
    time.sleep(1.2)  # the master has to have seen the file as it was
    instance.touch(instance.touched)


def by_requests(count, after=0.0):
    def trigger(instance):
        time.sleep(after)
        for _ in range(count):
            fetch(instance.server, "/where/coroutine")
    return trigger


def of_vassal(act):
    def trigger(instance):
        time.sleep(2.5)  # the Emperor looks once a second, and for a change of seconds
        act(instance)
    return trigger


def nothing(_):
    pass


MASTER = ("--master",)
FIFO = ("--master", "--master-fifo", "{folder}/fifo")
TWO = ("--processes", "2")

WAYS = {
    "SIGHUP": Way(by_signal(signal.SIGHUP)),
    "SIGHUP, lazy": Way(by_signal(signal.SIGHUP), ("--master", "--lazy")),
    "SIGHUP, two workers with lazy-apps": Way(by_signal(signal.SIGHUP), ("--master", "--lazy-apps", *TWO)),
    "SIGHUP without a master": Way(by_signal(signal.SIGHUP), (), exits=17),
    "fifo r": Way(by_fifo("r"), FIFO),
    "fifo R": Way(by_fifo("R"), FIFO),
    "fifo c": Way(by_fifo("c"), (*FIFO, *TWO)),
    "fifo w": Way(by_fifo("w"), (*FIFO, *TWO)),
    "touch-reload": Way(by_touch, ("--master", "--touch-reload", "{folder}/touched")),
    "touch-workers-reload": Way(by_touch, ("--master", "--touch-workers-reload", "{folder}/touched")),
    "touch-chain-reload": Way(by_touch, ("--master", *TWO, "--touch-chain-reload", "{folder}/touched")),
    "max-requests": Way(by_requests(30, 1.5), ("--master", "--max-requests", "30", "--min-worker-lifetime", "1")),
    "reload-on-rss": Way(by_requests(1, 4.0), ("--master", "--reload-on-rss", "1", "--min-worker-lifetime", "4")),
    "max-worker-lifetime": Way(nothing, ("--master", "--max-worker-lifetime", "3", "--min-worker-lifetime", "1")),
    "SIGTERM": Way(by_signal(signal.SIGTERM)),
    "SIGTERM with die-on-term": Way(by_signal(signal.SIGTERM), ("--master", "--die-on-term"), STOP, exits=0),
    "SIGTERM without a master": Way(by_signal(signal.SIGTERM), (), STOP, exits=30),
    "SIGINT": Way(by_signal(signal.SIGINT), code=STOP, exits=0),
    "SIGINT without a master": Way(by_signal(signal.SIGINT), (), STOP, exits=30),
    "SIGQUIT": Way(by_signal(signal.SIGQUIT), code=STOP, exits=0),
    "SIGQUIT with die-on-term": Way(by_signal(signal.SIGQUIT), ("--master", "--die-on-term")),
    "fifo q": Way(by_fifo("q"), FIFO, STOP, exits=0),
    "fifo Q": Way(by_fifo("Q"), FIFO, STOP, exits=0),
    "Emperor, touched ini": Way(of_vassal(lambda instance: instance.touch(instance.ini)), vassal=True),
    "Emperor, SIGHUP": Way(of_vassal(by_signal(signal.SIGHUP)), vassal=True),
    "Emperor, removed ini": Way(of_vassal(lambda instance: os.unlink(instance.ini)), code=STOP, vassal=True,
                                remains=True),
    "Emperor, SIGINT": Way(of_vassal(by_signal(signal.SIGINT)), code=STOP, vassal=True, exits=0),
}


class Ending:
    """The result of an instance that ended in one way."""

    def __init__(self, way):
        with Instance(*way.options, vassal=way.vassal) as instance, ThreadPoolExecutor(1) as pool:
            before = instance.workers()
            clients = Clients(instance.server)
            # Runs in the background: the next worker may have to answer its requests.
            trigger = pool.submit(way.trigger, instance)
            self.codes = clients.close_codes()
            self.answers = clients.answers()
            trigger.result()
            self.exit_code = self._await_end(instance, way, before)
            self.log = instance.server.log()

    def _await_end(self, instance, way, before):
        server = instance.server
        if way.exits is not None:
            return server.wait(15)
        if way.remains:
            wait_until(lambda: instance.workers() == {server.pid}, 15)
            return None
        wait_until(lambda: not before & instance.workers(), 15, "no worker was replaced")
        # A worker that has just gone may leave the master alone in its tree.
        wait_until(lambda: instance.workers() != {server.pid}, 15, "no worker came back")
        if fetch(server, "/where/coroutine").status != 200:
            raise AssertionError("the new worker does not serve")
        return None

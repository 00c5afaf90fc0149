#!/usr/bin/python3
"""A soak of the websockets: thousands of connections that echo messages of mixed sizes, in fragments,
reading slowly, breaking the protocol, vanishing in the middle, for minutes.

Whatever comes back has to be what was sent; nothing may happen that the client has not brought about
itself; and when all have gone the server's memory is back to what it was. Starts its own server on
127.0.0.1 and stops by itself. `make soak`, or with SOAK="--connections 500 --seconds 30".
"""

import argparse
import asyncio
import collections
import random
import resource
import sys
import time

from soak_client import Ended, SoakClient

from support.paths import example
from support.raw_websocket import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_payload, frame
from support.server import Server, anonymous_memory, plugin_options

PATHS = ("/echo", "/echo-class")
SIZES = (0, 1, 20, 125, 126, 1000, 5000, 65535, 65536, 200_000, 1 << 20)
SIZE_WEIGHTS = (2, 4, 30, 10, 10, 25, 12, 2, 2, 1, 0.2)
# A server that does not answer within this time is faulty, however loaded the machine.
PATIENCE_S = 60
OPENING_AT_A_TIME = 200
# The amount of warm-up before the start, so that memory that is kept for ever exists already.
WARM_UP_S = 60
# The memory that malloc may keep in pieces.
SPARE_MEMORY = 1.1, 1 << 20

VIOLATIONS = (
    (frame(TEXT, b"\xff"), 1007),
    (frame(TEXT, b"ok\xed\xa0\x80", fin=False), 1007),
    (frame(0x3), 1002),
    (frame(CONTINUATION, b"x"), 1002),
    (frame(TEXT, b"x", masked=False), 1002),
    (frame(PING, b"x" * 126), 1002),
    (frame(BINARY, b"x" * ((1 << 20) + 1))[:5000], 1009),
)


class Soak:
    def __init__(self, server, arguments):
        self.server = server
        self.arguments = arguments
        self.counts = collections.Counter()
        self.errors = collections.Counter()
        self.end = 0.0
        self.peak = 0
        self._opening = asyncio.Semaphore(OPENING_AT_A_TIME)
        self._noise = random.Random(arguments.seed).randbytes(1 << 20)

    async def run(self):
        """Returns the server's memory before, and after all clients have gone."""
        await self._all_live(min(WARM_UP_S, self.arguments.seconds))
        start = await self._settled_memory()
        self.counts.clear()
        sampler = asyncio.ensure_future(self._sample())
        await self._all_live(self.arguments.seconds)
        sampler.cancel()
        return start, await self._settled_memory()

    async def _all_live(self, seconds):
        self.end = time.monotonic() + seconds
        await asyncio.gather(*(self._live(i) for i in range(self.arguments.connections)))

    async def _settled_memory(self):
        await asyncio.sleep(3)
        return self._memory()

    def _memory(self):
        return anonymous_memory(self.server.pid)

    async def _sample(self):
        while True:
            self.peak = max(self.peak, self._memory())
            await asyncio.sleep(1)

    async def _connect(self, path):
        async with self._opening:
            client = await asyncio.wait_for(
                SoakClient.connect(self.server.host, self.server.port, path), PATIENCE_S)
        self.counts["connections"] += 1
        return client

    async def _live(self, number):
        """Keeps one place for a client, which is taken again and again until the end."""
        chance = random.Random(self.arguments.seed * 1_000_003 + number)
        await asyncio.sleep(chance.uniform(0, min(5, self.arguments.seconds / 4)))
        while time.monotonic() < self.end:
            client = None
            habit = chance.choices(
                (self._echo, self._fragment, self._read_slowly, self._break_the_protocol, self._idle),
                (50, 20, 6, 4, 20))[0]
            try:
                client = await self._connect(chance.choice(PATHS))
                await asyncio.wait_for(habit(client, chance), 4 * PATIENCE_S)
                await self._leave(client, chance)
            except Exception as error:  # whatever it is: it is counted, and the soak goes on
                name = "timed out" if isinstance(error, asyncio.TimeoutError) else f"{error!r}"
                self.errors[f"{habit.__name__[1:]}: {name}"] += 1
            finally:
                if client is not None:
                    client.abort()

    # The actions of clients. Each returns after a while, with nothing in flight.

    def _rounds(self, count):
        for _ in range(count):
            if time.monotonic() < self.end:
                yield

    async def _pause(self, chance):
        """Pauses between two messages, so that all connections together make a bounded load."""
        await asyncio.sleep(min(chance.expovariate(self.arguments.rate),
                                max(0, self.end - time.monotonic())))

    def _message(self, chance):
        size = chance.choices(SIZES, SIZE_WEIGHTS)[0]
        begin = chance.randrange(len(self._noise) - size + 1)
        if chance.random() < 0.5:
            return BINARY, self._noise[begin : begin + size]
        return TEXT, b"\xc3\xbc" * (size // 2) + b"x" * (size % 2)

    async def _expect(self, client, opcode, payload):
        answer = await asyncio.wait_for(client.receive(), PATIENCE_S)
        if answer != (opcode, payload):
            raise ValueError(f"opcode {answer[0]} with {len(answer[1])} bytes came back for opcode "
                             f"{opcode} with {len(payload)}")
        self.counts["messages"] += 1
        self.counts["bytes"] += len(payload)

    async def _echo(self, client, chance):
        for _ in self._rounds(chance.randrange(1, 30)):
            message = self._message(chance)
            client.send(*message)
            await self._expect(client, *message)
            await self._pause(chance)

    async def _fragment(self, client, chance):
        for _ in self._rounds(chance.randrange(1, 15)):
            opcode, payload = self._message(chance)
            pings, begin = 0, 0
            while True:
                end = min(len(payload), begin + chance.randrange(1, 2 + len(payload) // 3))
                last = end == len(payload)
                client.send(opcode if begin == 0 else CONTINUATION, payload[begin:end], last)
                if last:
                    break
                begin = end
                if chance.random() < 0.2:
                    pings += 1
                    client.send(PING, b"between")
                    await self._expect(client, PONG, b"between")
                if chance.random() < 0.1:
                    await asyncio.sleep(chance.uniform(0, 0.2))
            await self._expect(client, opcode, payload)
            await self._pause(chance)

    async def _read_slowly(self, client, chance):
        """Lets the server's output pile up, as far as it allows, then reads it all."""
        messages = [self._message(chance) for _ in range(chance.randrange(5, 40))]
        client.transport.pause_reading()
        for message in messages:
            client.send(*message)
        await asyncio.sleep(chance.uniform(0, 5))
        client.transport.resume_reading()
        for message in messages:
            await self._expect(client, *message)

    async def _break_the_protocol(self, client, chance):
        data, code = chance.choice(VIOLATIONS)
        client.send(TEXT, b"good")
        client.transport.write(data)
        await self._expect(client, TEXT, b"good")
        answered = await asyncio.wait_for(client.receive_close(), PATIENCE_S)
        if answered != code:
            raise ValueError(f"closed with {answered} instead of {code}")
        self.counts["violations"] += 1

    async def _idle(self, client, chance):
        """Waits longer than the server's keepalive, whose pings are answered."""
        until = min(self.end, time.monotonic() + chance.uniform(1, 60))
        await asyncio.sleep(max(0, until - time.monotonic()))
        client.send(TEXT, b"awake")
        await self._expect(client, TEXT, b"awake")

    async def _leave(self, client, chance):
        way = chance.randrange(4)
        if client.transport.is_closing():
            return
        if way == 0:
            client.abort()
        elif way == 1:
            client.transport.write(frame(BINARY, b"x" * 1000)[: chance.randrange(1, 1000)])
            client.transport.close()
        else:
            await self._close(client, chance.choice((1000, 1001, 3000, 4999)))
        self.counts["disconnects in order" if way > 1 else "disconnects without a word"] += 1

    async def _close(self, client, code):
        client.send(CLOSE, close_payload(code))
        try:
            answered = await asyncio.wait_for(client.receive_close(), PATIENCE_S)
        except Ended:
            return  # it has broken the protocol before, and was told so
        if answered != code:
            raise ValueError(f"close {code} was answered with {answered}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=float, default=0.3, help="messages a second and connection")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def has_grown(start, end):
    factor, spare = SPARE_MEMORY
    return end > start * factor + spare


def report(soak, start, end):
    mib = 1 << 20
    rows = [(name, f"{soak.counts[name]:,}") for name in (
        "connections", "messages", "violations", "disconnects in order", "disconnects without a word")]
    rows.append(("bytes each way", f"{soak.counts['bytes'] / mib:,.0f} MiB"))
    rows.append(("unexpected errors", f"{sum(soak.errors.values()):,}"))
    rows += [(f"server's memory, {when}", f"{size / mib:.1f} MiB")
             for when, size in (("start", start), ("peak", soak.peak), ("end", end))]
    for name, value in rows:
        print(f"{name:30} {value:>14}")
    for name, count in soak.errors.most_common(20):
        print(f"  {count} x {name}")


def main():
    arguments = parse_arguments()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if arguments.connections + 500 > most:
        sys.exit(f"{most} open files are too few for {arguments.connections} connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = Server(options=plugin_options(
        "--http-socket", "127.0.0.1:{port}", "--aiopyr", "100", "--listen", "1000",
        "--aiopyr-app", example("tutorial"), "--disable-logging"))
    try:
        soak = Soak(server, arguments)
        start, end = asyncio.run(soak.run())
        report(soak, start, end)
        if "exception" in server.log():
            sys.exit("the server has logged exceptions:\n" + server.log()[-2000:])
    finally:
        server.stop()
    if soak.errors:
        sys.exit("there were unexpected errors")
    if has_grown(start, end):
        sys.exit("the server's memory has not come back to its start")


if __name__ == "__main__":
    main()

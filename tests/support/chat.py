"""A visitor of the chat's websocket, by Python's websockets."""

import asyncio
import json
import unittest

from support import websocket_client
from support.patience import patient
from support.server import ServerTest


class Talker:
    """One connection; its messages are kept until they are read."""

    def __init__(self, ws):
        self.ws = ws
        self.welcome = None

    async def send(self, **message):
        await self.ws.send(json.dumps(message))

    async def say(self, text, **more):
        await self.send(type="message", text=text, **more)

    async def receive(self, timeout=5):
        return json.loads(await asyncio.wait_for(self.ws.recv(), patient(timeout)))

    async def receive_type(self, *types):
        """Returns the next message of one of the types; drops others before it."""
        while True:
            message = await self.receive()
            if message["type"] in types:
                return message

    async def ask(self, **message):
        await self.send(**message)
        return await self.receive()

    async def close(self):
        await self.ws.close()

    def vanish(self):
        """Resets the connection, as that of a killed process."""
        self.ws.transport.abort()


class ChatTest(ServerTest, unittest.IsolatedAsyncioTestCase):
    ini = "chat.ini"

    @classmethod
    def setUpClass(cls):
        if cls is ChatTest:
            raise unittest.SkipTest("a base class")
        super().setUpClass()

    async def connect(self, room, **options):
        ws = await websocket_client.connect(self.server.url(f"/chat/{room}", "ws"), max_queue=None, **options)
        self.addAsyncCleanup(ws.close)
        return Talker(ws)

    async def join(self, room, name, **more):
        talker = await self.connect(room)
        talker.welcome = await talker.ask(type="join", name=name, **more)
        self.assertEqual(talker.welcome["type"], "welcome", talker.welcome)
        return talker

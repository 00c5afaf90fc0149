"""The chat of examples/chat on its websockets: people, history, limits, clients that are slow or gone."""

import asyncio
import json
import time

import websockets
from support import websocket_client
from support.chat import ChatTest
from support.http import fetch
from support.patience import patient
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server


LONG = "\U0001f600" * 1900


class People(ChatTest):
    async def test_all_are_told_who_comes_and_goes(self):
        ada = await self.join("people", "Ada")
        self.assertEqual(ada.welcome["people"], ["Ada"])
        bob = await self.join("people", "Bob")
        self.assertEqual(bob.welcome["people"], ["Ada", "Bob"])
        self.assertEqual(await ada.receive(), {"type": "joined", "name": "Bob", "people": ["Ada", "Bob"]})
        self.assertIn("2 people", fetch(self.server).text)
        await bob.close()
        self.assertEqual(await ada.receive(), {"type": "left", "name": "Bob", "people": ["Ada"]})

    async def test_a_client_that_vanishes_has_left(self):
        ada = await self.join("vanish", "Ada")
        bob = await self.join("vanish", "Bob")
        await ada.receive()
        bob.vanish()
        self.assertEqual((await ada.receive())["type"], "left")
        ada.vanish()
        # The room is empty and had no messages, so it does not exist any more.
        for _ in range(100):
            if "vanish" not in fetch(self.server).text:
                return
            await asyncio.sleep(0.05)
        self.fail("the room is still there")

    async def test_a_name_is_given_once_in_a_room(self):
        await self.join("names", "Ada")
        await self.join("elsewhere", "Ada")
        other = await self.connect("names")
        for name in ("Ada", "ada", " ADA ", "A\u200bda"):
            answer = await other.ask(type="join", name=name)
            self.assertEqual((answer["type"], answer["code"]), ("error", "name_taken"), name)
        self.assertEqual((await other.ask(type="join", name="Bob"))["type"], "welcome")

    async def test_a_connection_takes_the_place_of_one_that_is_not_known_to_be_lost(self):
        bob = await self.join("tabs", "Bob")
        lost = await self.join("tabs", "Ada", key="secret")
        await bob.receive()
        again = await self.join("tabs", "Ada", key="secret")
        lost.vanish()
        await again.say("here I am")
        # No messages about joining and leaving in between.
        self.assertEqual((await bob.receive())["text"], "here I am")

    async def test_fifty_people_talk_and_all_hear_the_same(self):
        talkers = [await self.join("crowd", f"P{number:02}") for number in range(50)]
        await asyncio.gather(*(talker.say(f"hello from {number}") for number, talker in enumerate(talkers)))

        async def hear(talker):
            return [await talker.receive_type("message") for _ in talkers]

        heard = await asyncio.gather(*map(hear, talkers))
        ids = [message["id"] for message in heard[0]]
        self.assertEqual(ids, list(range(ids[0], ids[0] + 50)))
        self.assertEqual(len({message["text"] for message in heard[0]}), 50)
        self.assertTrue(all(one == heard[0] for one in heard))


class History(ChatTest):
    async def test_the_last_fifty_messages_are_kept(self):
        talkers = [await self.join("history", f"T{number}") for number in range(4)]
        for number in range(60):
            await talkers[number % 4].say(f"message {number}")
            await talkers[0].receive_type("message")
        new = await self.join("history", "New")
        history = new.welcome["history"]
        self.assertEqual([said["text"] for said in history], [f"message {n}" for n in range(10, 60)])
        ids = [said["id"] for said in history]
        self.assertEqual(ids, list(range(ids[0], ids[0] + 50)))
        self.assertRegex(history[0]["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        back = await self.join("history", "Back", since=ids[46])
        self.assertEqual([said["id"] for said in back.welcome["history"]], ids[47:])

    async def test_it_outlives_those_who_made_it(self):
        ada = await self.join("kept", "Ada")
        await ada.say("for later")
        await ada.receive()
        await ada.close()
        new = await self.join("kept", "New")
        self.assertEqual([said["text"] for said in new.welcome["history"]], ["for later"])

    async def test_what_is_sent_again_after_a_reconnection_is_said_once(self):
        ada = await self.join("again", "Ada", key="k")
        await ada.say("did it arrive?", ref="r1")
        await ada.receive()
        ada.vanish()
        back = await self.join("again", "Ada", key="k")
        self.assertEqual(back.welcome["history"][0]["ref"], "r1")
        await back.say("did it arrive?", ref="r1")
        await back.say("it did", ref="r2")
        self.assertEqual((await back.receive())["text"], "it did")


class Numbers(ChatTest):
    async def test_go_on_increasing_after_a_restart(self):
        async def one_id(server):
            async with websocket_client.connect(server.url("/chat/room", "ws")) as ws:
                await ws.send('{"type":"join","name":"Ada"}')
                await ws.recv()
                await ws.send('{"type":"message","text":"hello"}')
                return json.loads(await ws.recv())["id"]

        before = await one_id(self.server)
        again = Server("chat.ini")
        try:
            self.assertGreater(await one_id(again), before)
        finally:
            again.stop()


class Refusals(ChatTest):
    async def test_what_is_wrong_gets_an_error_and_loses_nothing_else(self):
        ada = await self.join("wrong", "Ada")
        bob = await self.join("wrong", "Bob")
        await ada.receive()
        cases = {
            "malformed": ("", "hello", "[1]", '{"type":', '{"type":"message"}', '{"type":"message","text":1}',
                          "[" * 15000, b'{"type":"message","text":"x"}', '{"type":"message","text":"\\udc00"}'),
            "unknown_type": ('{"type":"shout","text":"x"}',),
            "already_joined": ('{"type":"join","name":"Carl"}',),
            "empty": ('{"type":"message","text":" \\n "}',),
            "too_long": (json.dumps({"type": "message", "text": "\U0001f600" * 2001}),),
        }
        for code, messages in cases.items():
            for message in messages:
                with self.subTest(code=code, message=message[:40]):
                    await ada.ws.send(message)
                    answer = await ada.receive()
                    self.assertEqual((answer["type"], answer.get("code")), ("error", code))
        await ada.say("\U0001f600" * 2000)
        self.assertEqual((await bob.receive())["text"], "\U0001f600" * 2000)
        self.assertEqual(self.new_log(), "")

    async def test_before_joining_only_that_is_possible(self):
        ws = await self.connect("before")
        self.assertEqual((await ws.ask(type="message", text="x"))["code"], "not_joined")
        for name in ("", " ", "x" * 41, "\u200b", "a\x00b", "a\x1b[1m"):
            self.assertEqual((await ws.ask(type="join", name=name))["code"], "bad_name", name)
        self.assertEqual((await ws.ask(type="join", name="\U0001f600" * 40))["type"], "welcome")

    async def test_a_flood_is_stopped_and_is_the_sender_s_own_trouble(self):
        ada = await self.join("flood", "Ada")
        bob = await self.join("flood", "Bob")
        for number in range(60):
            await ada.say(str(number), ref=f"r{number}")
        answers = [await ada.receive_type("message", "error") for _ in range(60)]
        refused = [answer for answer in answers if answer["type"] == "error"]
        self.assertEqual({answer["code"] for answer in refused}, {"too_fast"})
        self.assertEqual([answer["ref"] for answer in refused], [f"r{n}" for n in range(19, 60)])
        await bob.say("may I?")
        heard = [await bob.receive() for _ in range(20)]
        self.assertEqual([said["text"] for said in heard], [*map(str, range(19)), "may I?"])
        await asyncio.sleep(5.1)
        await ada.say("slowly")
        self.assertEqual((await bob.receive())["text"], "slowly")

    async def test_a_frame_larger_than_any_message_closes(self):
        ada = await self.join("huge", "Ada")
        await ada.ws.send("x" * 40_000)
        with self.assertRaises(websockets.ConnectionClosed):
            await ada.receive()
        self.assertEqual(ada.ws.close_code, 1009)

    async def test_rooms_have_names(self):
        for room in ("a%20b", "a.b", "x" * 41, "a/b", ""):
            with self.subTest(room=room):
                self.assertEqual(fetch(self.server, f"/room/{room}").status, 404)
                with self.assertRaises(websocket_client.REFUSED) as refused:
                    await self.connect(room)
                self.assertEqual(websocket_client.status_of(refused.exception), 404)

    async def test_pages_of_other_sites_may_not_connect(self):
        with self.assertRaises(websocket_client.REFUSED) as refused:
            await self.connect("lobby", origin="https://evil.example")
        self.assertEqual(websocket_client.status_of(refused.exception), 403)


class SlowClients(ChatTest):
    async def test_a_client_that_does_not_read_delays_nobody(self):
        slow = self.slow_client("slow")
        self.addCleanup(slow.socket.close)
        reader = await self.join("slow", "Reader")
        slowest = said = 0
        # Six MiB: more than the sockets' buffers take.
        for number in range(45):
            begin = time.monotonic()
            talker = await self.join("slow", f"T{number}")
            for _ in range(18):
                await talker.say(LONG)
                await reader.receive_type("message")
                said += 1
            await talker.close()
            slowest = max(slowest, time.monotonic() - begin)
        self.assertLess(slowest, patient(2))
        await reader.say("the last one")
        # It is still in the room. When it finally reads, it gets the beginning and the newest messages, and
        # only the last of those about joining and leaving.
        received = await asyncio.to_thread(self.read_to, slow, "the last one")
        ids = [message["id"] for message in received if message["type"] == "message"]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertLess(len(ids), said)
        self.assertEqual(ids[-49:], list(range(ids[-1] - 48, ids[-1] + 1)))
        presence = [message for message in received if message["type"] in ("joined", "left")]
        self.assertLess(len(presence), 90)
        self.assertEqual(presence[-1]["people"], ["Reader", "Slow"])

    def slow_client(self, room):
        """Returns a client with a small buffer, which has read its welcome and then stops reading."""
        slow = RawWebsocket(self.server, f"/chat/{room}", receive_buffer=4096)
        slow.send_frame(TEXT, b'{"type":"join","name":"Slow"}')
        slow.receive()
        return slow

    def read_to(self, slow, text):
        received = []
        while not received or received[-1].get("text") != text:
            received.append(json.loads(slow.receive()[1]))
        return received

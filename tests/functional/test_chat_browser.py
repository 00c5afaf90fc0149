"""The chat in headless Chromium: tabs that talk to each other, lose the server and find it again."""

import os
import time
import unittest

from support.browser import Browser
from support.raw_websocket import TEXT, RawWebsocket
from support.server import Server

OVERFLOW = "return document.documentElement.scrollWidth - innerWidth"
LIST_OVERFLOW = "return messages.list.scrollWidth - messages.list.clientWidth"
STATE = "return document.getElementById('state').innerText"
TEXTS = "return [...document.querySelectorAll('.message .text')].map((text) => text.textContent)"
NOTES = "return [...document.querySelectorAll('.note')].map((note) => note.textContent)"
PEOPLE = "return [...document.querySelectorAll('#people_list bdi')].map((name) => name.textContent)"
IS_IN = "return document.getElementById('state').innerText.trim() === 'Connected'"
IS_RETRYING = "return /^Reconnecting\\s+in [0-9]+ s/.test(document.getElementById('state').innerText)"
AT_THE_END = ("const list = document.getElementById('messages');"
              "return list.scrollHeight - list.scrollTop - list.clientHeight < 5")
NASTY = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\"> & so on"


def raw(server, room, name):
    """Returns the connection of another visitor, who has joined the room."""
    other = RawWebsocket(server, f"/chat/{room}")
    other.send_frame(TEXT, f'{{"type":"join","name":"{name}"}}'.encode())
    other.receive()
    return other


def say_raw(other, text):
    other.send_frame(TEXT, f'{{"type":"message","text":"{text}"}}'.encode())


class ChatInABrowser(unittest.TestCase):
    width, height = 1000, 800

    @classmethod
    def setUpClass(cls):
        cls.server = Server("chat.ini")
        cls.addClassCleanup(lambda: cls.server.stop())
        cls.browser = cls.enterClassContext(Browser(cls.width, cls.height))
        cls.first = cls.browser.tab()
        cls.second = cls.browser.new_tab()

    def setUp(self):
        # Clears the storage, so that a test does not see that of the one before.
        for tab in (self.first, self.second):
            self.browser.switch_to(tab)
            self.browser.open(self.server.url("/"))
            self.browser.run("localStorage.clear(); sessionStorage.clear()")

    def look(self, name):
        """Checks a page at any width, and keeps a picture in the folder AIOPYR_SCREENSHOTS."""
        self.assertLessEqual(self.browser.run(OVERFLOW), 0, name)
        self.assertIn("system-ui", self.browser.run("return getComputedStyle(document.body).fontFamily"))
        folder = os.environ.get("AIOPYR_SCREENSHOTS")
        if folder:
            with open(os.path.join(folder, f"chat-{self.width}-{name}.png"), "wb") as file:
                file.write(self.browser.screenshot())

    def enter(self, tab, room, name):
        """Joins by keyboard: the field for the name has the focus, and then the one for messages."""
        self.browser.switch_to(tab)
        self.browser.open(self.server.url(f"/room/{room}"))
        self.browser.wait_for("return document.activeElement.id === 'name'")
        self.browser.type(name)
        self.browser.press_enter()
        self.browser.wait_for(IS_IN)
        self.browser.wait_for("return document.activeElement.id === 'text'")

    def say(self, tab, text):
        self.browser.switch_to(tab)
        self.browser.run("document.getElementById('text').focus()")
        self.browser.type(text)
        self.browser.press_enter()

    def wait_for_texts(self, tab, *texts):
        self.browser.switch_to(tab)
        self.browser.wait_for(TEXTS + ".slice(-%d).join('\\n') === %r" % (len(texts), "\n".join(texts)))

    def test_two_tabs_talk(self):
        self.enter(self.first, "two", "Ada")
        self.enter(self.second, "two", "Bob")
        self.assertEqual(self.browser.run(PEOPLE), ["Ada", "Bob"])
        self.browser.switch_to(self.first)
        self.browser.wait_for(PEOPLE + ".join() === 'Ada,Bob'")
        self.assertEqual(self.browser.run(NOTES), ["Bob has come in"])
        self.say(self.first, "Hello Bob")
        self.wait_for_texts(self.second, "Hello Bob")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.mine').length"), 0)
        self.say(self.second, "Hello Ada")
        self.wait_for_texts(self.second, "Hello Bob", "Hello Ada")
        self.wait_for_texts(self.first, "Hello Bob", "Hello Ada")
        mine = "return [...document.querySelectorAll('.mine .text')].map((text) => text.textContent)"
        self.assertEqual(self.browser.run(mine), ["Hello Bob"])
        self.look("talk")
        # One leaves, and comes back by the browser's button.
        self.browser.switch_to(self.second)
        self.browser.open(self.server.url("/"))
        self.look("rooms")
        self.browser.switch_to(self.first)
        self.browser.wait_for(PEOPLE + ".join() === 'Ada'")
        self.assertEqual(self.browser.run(NOTES)[-1], "Bob has left")
        self.browser.switch_to(self.second)
        self.browser.wait_for("return document.querySelector('[href=\"/room/two\"] .count').textContent === '1 person'")
        self.browser.run("history.back()")
        self.browser.wait_for("return location.pathname === '/room/two'")
        self.browser.wait_for(IS_IN)
        self.wait_for_texts(self.second, "Hello Bob", "Hello Ada")
        self.assertEqual(self.browser.run(PEOPLE), ["Ada", "Bob"])

    def test_what_others_write_is_text(self):
        self.enter(self.first, "text", "<b>Ada</b>")
        self.enter(self.second, "text", "Bob")
        self.say(self.first, NASTY)
        self.wait_for_texts(self.first, NASTY)
        self.wait_for_texts(self.second, NASTY)
        self.assertEqual(self.browser.run(PEOPLE), ["<b>Ada</b>", "Bob"])
        found = "return document.querySelectorAll('#talk script, #talk img, #talk b').length"
        self.assertEqual(self.browser.run(found), 0)
        self.say(self.first, "see https://example.com/?a=1&b=<2>, or javascript:alert(1)")
        self.browser.switch_to(self.second)
        self.browser.wait_for("return document.querySelectorAll('.text a').length === 1")
        self.assertEqual(self.browser.run("return document.querySelector('.text a').href"),
                         "https://example.com/?a=1&b=")
        self.assertEqual(self.browser.run("return document.title"), "text - Chat")

    def test_both_tabs_find_a_server_that_was_killed_and_started_again(self):
        self.enter(self.first, "restart", "Ada")
        self.enter(self.second, "restart", "Bob")
        self.say(self.first, "before")
        self.wait_for_texts(self.second, "before")
        self.server.kill()
        for tab in (self.first, self.second):
            self.browser.switch_to(tab)
            self.browser.wait_for(IS_RETRYING)
        self.look("reconnecting")
        # Messages written meanwhile wait; an unfinished one stays where it is.
        self.say(self.second, "while it was away")
        self.browser.type("a draft")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.pending').length"), 1)
        self.look("waiting")
        type(self).server = Server("chat.ini", port=self.server.port)
        for tab in (self.first, self.second):
            self.browser.switch_to(tab)
            self.browser.wait_for(IS_IN, timeout=40)
        self.wait_for_texts(self.second, "before", "while it was away")
        self.wait_for_texts(self.first, "before", "while it was away")
        self.browser.wait_for(PEOPLE + ".join() === 'Ada,Bob'")
        self.browser.switch_to(self.second)
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "a draft")
        self.assertEqual(self.browser.run("return document.querySelectorAll('.pending').length"), 0)
        self.say(self.first, "after")
        self.wait_for_texts(self.second, "before", "while it was away", "after")

    def test_a_tab_that_is_loaded_again_is_in_the_room_with_what_was_said(self):
        self.enter(self.first, "reload", "Ada")
        self.say(self.first, "once")
        self.wait_for_texts(self.first, "once")
        self.browser.type("not finished")
        self.browser.open(self.server.url("/room/reload"))
        self.browser.wait_for(IS_IN)
        self.wait_for_texts(self.first, "once")
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "not finished")
        # A new tab proposes the name, and is the same person.
        self.browser.switch_to(self.second)
        self.browser.open(self.server.url("/room/reload"))
        self.browser.wait_for("return document.activeElement.id === 'name'")
        self.assertEqual(self.browser.run("return document.activeElement.value"), "Ada")
        self.browser.press_enter()
        self.browser.wait_for(IS_IN)
        self.assertEqual(self.browser.run(PEOPLE), ["Ada"])

    def test_a_name_that_is_taken_can_be_changed(self):
        other = raw(self.server, "taken", "Ada")
        self.addCleanup(other.socket.close)
        self.browser.switch_to(self.first)
        self.browser.open(self.server.url("/room/taken"))
        self.browser.type("ada")
        self.browser.press_enter()
        self.browser.wait_for("return document.getElementById('entry_error').textContent.includes('in the room already')")
        self.look("taken")
        # The name is selected, so typed text replaces it.
        self.browser.type("Bob")
        self.browser.press_enter()
        self.browser.wait_for(IS_IN)
        self.assertEqual(self.browser.run(PEOPLE), ["Ada", "Bob"])
        self.browser.run("document.getElementById('rename').click()")
        self.browser.type("Carl")
        self.browser.press_enter()
        self.browser.wait_for(PEOPLE + ".join() === 'Ada,Carl'")

    def test_a_message_that_is_refused_comes_back_to_be_changed(self):
        self.enter(self.first, "refused", "Ada")
        for number in range(20):
            self.say(self.first, f"message {number}")
        self.browser.wait_for("return !document.getElementById('notice').hidden")
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "message 19")
        self.assertEqual(self.browser.run(TEXTS)[-1], "message 18")
        self.look("refused")

    def test_the_list_stays_at_the_end_unless_somebody_reads_what_was_before(self):
        self.enter(self.first, "scroll", "Ada")
        other = raw(self.server, "scroll", "Other")
        self.addCleanup(other.socket.close)
        for number in range(18):
            say_raw(other, f"line {number} " + "and_more_" * 40)
        self.browser.wait_for(TEXTS + ".length === 18")
        self.assertTrue(self.browser.run(AT_THE_END))
        self.assertLessEqual(self.browser.run(LIST_OVERFLOW), 0)
        self.browser.run("document.getElementById('messages').scrollTop = 0")
        time.sleep(0.2)
        say_raw(other, "news")
        self.browser.wait_for("return !document.getElementById('to_end').hidden")
        self.assertEqual(self.browser.run("return document.getElementById('messages').scrollTop"), 0)
        self.look("scrolled")
        self.browser.run("document.getElementById('to_end').click()")
        self.browser.wait_for(AT_THE_END)
        self.assertTrue(self.browser.run("return document.getElementById('to_end').hidden"))

    def test_a_room_is_opened_by_its_name(self):
        self.browser.switch_to(self.first)
        self.browser.open(self.server.url("/"))
        self.look("empty")
        self.browser.run("document.getElementById('room').focus()")
        self.browser.type("kitchen")
        self.browser.press_enter()
        self.browser.wait_for("return location.pathname === '/room/kitchen'")
        self.look("entry")
        self.browser.open(self.server.url("/open?room=a+b"))
        self.assertIn("Letters", self.browser.run("return document.body.innerText").title())
        self.look("wrong")
        self.browser.open(self.server.url("/nowhere"))
        self.look("nowhere")

    def test_dark_mode_is_dark(self):
        background = "return getComputedStyle(document.body).backgroundColor"
        self.enter(self.first, "dark", "Ada")
        light = self.browser.run(background)
        self.browser.prefer_color_scheme("dark")
        self.addCleanup(self.browser.prefer_color_scheme, "light")
        self.assertNotEqual(self.browser.run(background), light)
        self.look("dark")


class ChatOnAPhone(ChatInABrowser):
    # The narrowest window that Chromium makes is wider: its screen is set instead.
    width, height = 360, 740

    def setUp(self):
        for tab in (self.first, self.second):
            self.browser.switch_to(tab)
            self.browser.emulate_phone(self.width, self.height)
        super().setUp()

    def test_the_people_are_behind_a_button(self):
        self.enter(self.first, "people", "Ada")
        shown = "return getComputedStyle(document.getElementById('people')).display !== 'none'"
        self.assertFalse(self.browser.run(shown))
        self.browser.run("document.getElementById('people_button').click()")
        self.assertTrue(self.browser.run(shown))
        self.look("people")

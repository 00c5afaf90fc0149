"""The tutorial's page in headless Chromium, on a desk and on a phone."""

import os

from support.browser import Browser
from support.server import ServerTest

DONE = "return document.getElementById('output').innerText.includes('DISCONNECTED')"
LINES = "return Array.from(document.querySelectorAll('#output li')).map(e => e.textContent)"
EXPECTED = ["CONNECTED", "SENT: Aiopyramid echo test.", "RESPONSE: Aiopyramid echo test.",
            "DISCONNECTED"]


class TutorialInABrowser(ServerTest):
    ini = "tutorial.ini"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(Browser(390, 844))

    def screenshot(self, name):
        """Keeps a screenshot, if AIOPYR_SCREENSHOTS names a folder."""
        folder = os.environ.get("AIOPYR_SCREENSHOTS")
        if folder:
            with open(os.path.join(folder, name + ".png"), "wb") as file:
                file.write(self.browser.screenshot())

    def test_page_connects_sends_receives_and_disconnects(self):
        self.browser.open(self.server.url("/"))
        self.browser.wait_for(DONE)
        self.assertEqual(self.browser.run("return document.title"), "aiotutorial websocket test")
        self.assertEqual(self.browser.run(LINES), EXPECTED)
        self.screenshot("tutorial")

    def test_every_endpoint_echoes_what_is_typed_as_text(self):
        self.browser.open(self.server.url("/?sleep=0"))
        for endpoint in ("/echo-class", "/echo-uwsgi", "/echo-uwsgi-class", "/echo"):
            with self.subTest(endpoint=endpoint):
                self.browser.wait_for(DONE)
                self.browser.run(
                    "document.getElementById('message').value = '<b>\u00fc</b>';"
                    "document.getElementById('endpoint').value = arguments[0];"
                    "document.getElementById('run').click()", endpoint)
                self.browser.wait_for(DONE)
                self.assertEqual(self.browser.run(LINES)[2], "RESPONSE: <b>\u00fc</b>")
                self.assertEqual(self.browser.run("return document.querySelectorAll('li b').length"),
                                 0)

    def test_browser_and_server_compress_for_each_other(self):
        self.browser.open(self.server.url("/?sleep=0"))
        self.browser.run("""
            window.got = [];
            const ws = new WebSocket(location.origin.replace("http", "ws") + "/echo-deflate");
            ws.onopen = () => [0, 1, 2].forEach(turn => ws.send("\u00fc" + turn + "x".repeat(5000)));
            ws.onmessage = event => {
              window.got.push(event.data);
              if (window.got.length == 3) ws.close();
            };
            ws.onclose = event => { window.done = [ws.extensions, event.code]; };
        """)
        extensions, code = self.browser.wait_for("return window.done")
        self.assertIn("permessage-deflate", extensions)
        self.assertEqual(code, 1005)
        self.assertEqual(self.browser.run("return window.got"),
                         [f"\u00fc{turn}" + "x" * 5000 for turn in range(3)])

    def test_page_fits_a_phone(self):
        self.browser.open(self.server.url("/?sleep=0"))
        self.browser.wait_for(DONE)
        self.assertLessEqual(
            self.browser.run("return document.documentElement.scrollWidth - innerWidth"), 0)

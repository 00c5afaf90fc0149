"""The wiki in headless Chromium, on a desk and on a phone: everything by clicking and typing."""

import os

from support.browser import Browser
from support.wiki import WikiTest

OVERFLOW = "return document.documentElement.scrollWidth - innerWidth"
IS_STYLED = "return getComputedStyle(document.querySelector('main')).borderTopStyle"
TEXT = """The wiki keeps what you write. FrontPage is where it begins, and YourPage is not there yet.

- lists have items
- <b>tags</b> & "quotes" are text

Two lines
of one paragraph, and a_very_long_word_""" + "without_end_" * 20


class WikiInABrowser(WikiTest):
    width, height = 1000, 900

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(Browser(cls.width, cls.height))

    def look(self, name):
        """Checks a page, as it has to be at any width; saves a picture in the folder AIOPYR_SCREENSHOTS."""
        self.assertLessEqual(self.browser.run(OVERFLOW), 0)
        self.assertNotEqual(self.browser.run(IS_STYLED), "")
        self.assertIn("system-ui", self.browser.run("return getComputedStyle(document.body).fontFamily"))
        folder = os.environ.get("AIOPYR_SCREENSHOTS")
        if folder:
            with open(os.path.join(folder, f"wiki-{self.width}-{name}.png"), "wb") as file:
                file.write(self.browser.screenshot())

    def open(self, path):
        self.browser.open(self.server.url(path))

    def click(self, selector, then):
        self.browser.run("document.querySelector(arguments[0]).click()", selector)
        self.browser.wait_for(then)

    def fill(self, **values):
        for name, value in values.items():
            self.browser.run("document.getElementsByName(arguments[0])[0].value = arguments[1]",
                             name, value)

    def heading(self, text):
        return f"return document.querySelector('h1')?.textContent === '{text}'"

    def test_a_visitor_logs_in_writes_a_page_and_leaves(self):
        self.open("/")
        self.browser.wait_for(self.heading("FrontPage"))
        self.look("front")
        # A word without a page, which asks for a login first, and then leads on.
        self.click("a.missing", self.heading("Login"))
        self.fill(login="basic", password="wrong")
        self.click("main button", "return document.querySelector('.alert')")
        self.look("login")
        self.fill(login="basic", password="basic")
        self.click("main button", self.heading("A new page"))
        self.look("new")
        self.fill(body=TEXT)
        self.click("main button", self.heading("YourPage"))
        self.look("view")
        page = self.browser.run("return document.querySelector('article').innerText")
        self.assertIn('<b>tags</b> & "quotes" are text', page)
        self.assertEqual(self.browser.run("return document.querySelectorAll('article b').length"), 0)
        self.assertEqual(self.browser.run("return document.querySelectorAll('article li').length"), 2)
        # Somebody else is faster.
        self.click("footer a", self.heading("Edit a page"))
        other = self.visitor("editor")
        self.assertEqual(other.submit("/YourPage/edit_page", body="An editor was here.").status, 303)
        self.fill(body="What I wrote meanwhile.")
        self.click("main button", "return document.querySelector('pre')")
        self.look("conflict")
        self.click("main button", self.heading("YourPage"))
        self.click("footer a + a", self.heading("History of YourPage"))
        self.browser.run("document.querySelector('details').open = true")
        self.look("history")
        self.assertEqual(self.browser.run("return document.querySelectorAll('details').length"), 3)
        self.open("/FrontPage/edit_page")
        self.browser.wait_for(self.heading("403 Forbidden"))
        self.look("forbidden")
        self.click("nav button", self.heading("FrontPage"))
        self.assertEqual(self.browser.run("return document.querySelector('nav .button').textContent"),
                         "Login")

    def test_dark_mode_is_dark(self):
        background = "return getComputedStyle(document.body).backgroundColor"
        self.open("/FrontPage")
        light = self.browser.run(background)
        self.browser.prefer_color_scheme("dark")
        self.addCleanup(self.browser.prefer_color_scheme, "light")
        self.assertNotEqual(self.browser.run(background), light)
        self.look("dark")


class WikiOnAPhone(WikiInABrowser):
    # The narrowest window that Chromium makes is wider: its screen is set instead.
    width, height = 390, 844

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser.emulate_phone(cls.width, cls.height)

"""The job board in headless Chromium, on a desk and on a phone, light and dark: by the keyboard alone."""

import os

from support.browser import Browser
from support.jobs import DESCRIPTION, JobsTest

OVERFLOW = "return document.documentElement.scrollWidth - innerWidth"
ACTIVE = """
const active = document.activeElement;
return active.name || active.textContent.trim();
"""
OUTLINE = "return getComputedStyle(document.activeElement).outlineStyle"
# The names of what a visitor can come to and hears nothing of.
UNLABELLED = """
return [...document.querySelectorAll("input, textarea, select")].filter(field =>
  field.type !== "hidden" && !(field.labels.length && field.labels[0].textContent.trim())).map(field => field.name);
"""
# Lists the ids by which fields name their descriptions, of those that the page lacks.
LOOSE_ENDS = """
return [...document.querySelectorAll("[aria-describedby]")].flatMap(field =>
  field.getAttribute("aria-describedby").trim().split(/\\s+/)).filter(id => !document.getElementById(id));
"""


class JobsInABrowser(JobsTest):
    width, height = 1000, 900
    scheme = "light"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = cls.enterClassContext(Browser(cls.width, cls.height))
        cls.browser.prefer_color_scheme(cls.scheme)

    def look(self, name):
        """Checks a page, as it has to be at any width; saves a picture in the folder AIOPYR_SCREENSHOTS."""
        self.assertLessEqual(self.browser.run(OVERFLOW), 0, name)
        self.assertEqual(self.browser.run(UNLABELLED), [], name)
        self.assertEqual(self.browser.run(LOOSE_ENDS), [], name)
        self.assertEqual(self.browser.run("return document.querySelectorAll('h1').length"), 1, name)
        folder = os.environ.get("AIOPYR_SCREENSHOTS")
        if folder:
            with open(os.path.join(folder, f"jobs-{self.width}-{self.scheme}-{name}.png"), "wb") as file:
                file.write(self.browser.screenshot())

    def open(self, path):
        self.browser.open(self.server.url(path))

    def wait_for_heading(self, text):
        self.browser.wait_for(f"return document.querySelector('h1')?.textContent.trim() === {text!r}")

    def tab_to(self, name):
        """Presses Tab until the focus is on a field of that name, or on a link or button of that text."""
        for _ in range(40):
            self.browser.press_tab()
            if self.browser.run(ACTIVE) == name:
                self.assertNotEqual(self.browser.run(OUTLINE), "none", f"the focus on {name} is not seen")
                return
        self.fail(f"Tab does not come to {name}")

    def type(self, **fields):
        """Types into fields, which come in this order."""
        for name, text in fields.items():
            self.tab_to(name)
            self.browser.run("document.activeElement.select()")
            self.browser.type(text)

    def enter(self, name, heading):
        self.tab_to(name)
        self.browser.press_enter()
        self.wait_for_heading(heading)

    def test_a_visitor_signs_up_posts_a_job_edits_and_deletes_it(self):
        self.open("/")
        self.look("list")
        self.browser.press_tab()
        self.assertEqual(self.browser.run(ACTIVE), "To the content")
        self.enter("Sign up", "Sign up")
        self.look("signup")
        self.type(name="emmy noether", email="nobody", password="short")
        self.tab_to("Sign up")
        self.browser.press_enter()
        self.browser.wait_for("return document.querySelector('[role=alert]')")
        self.look("signup-errors")
        self.assertTrue(self.browser.run("return document.title").startswith("Error: "))
        # A link of the summary leads to its field.
        self.tab_to("E-mail")
        self.browser.press_enter()
        self.browser.wait_for("return document.activeElement.id === 'email'")
        self.open("/signup")
        self.type(name="emmy", email="emmy@example.com", password="a long password")
        self.browser.press_enter()
        self.browser.wait_for("return document.querySelector('[role=status]')?.textContent === 'Welcome, emmy!'")
        self.look("welcome")
        self.enter("Post a job", "Post a job")
        self.type(title="Mathematician", company="Invariants", place="Bryn Mawr", salary="61000",
                  description=DESCRIPTION + " a_very_long_word_" + "without_end_" * 20)
        self.look("new")
        self.enter("Save", "Mathematician")
        self.look("ad")
        self.enter("Edit", "Edit the job")
        self.type(title="Mathematician <b>abstract</b>")
        self.enter("Save", "Mathematician <b>abstract</b>")
        self.assertEqual(self.browser.run("return document.querySelectorAll('main b').length"), 0)
        self.enter("Attachment", "Attachment")
        self.look("attachment")
        self.enter("Cancel", "Mathematician <b>abstract</b>")
        self.enter("Apply", "Apply")
        self.look("apply")
        self.enter("Cancel", "Mathematician <b>abstract</b>")
        self.enter("Delete", "Delete this job?")
        self.look("delete")
        self.enter("Delete", "Jobs")
        self.look("deleted")
        self.tab_to("Log out")
        self.browser.press_enter()
        self.browser.wait_for("return document.querySelector('[role=status]')?.textContent === 'You are logged out.'")

    def test_a_search_by_the_keyboard(self):
        self.open("/?currency=USD")
        self.look("dollars")
        self.type(q="bread")
        self.browser.press_enter()
        self.wait_for_heading('Jobs for "bread"')
        self.look("found")
        self.enter("Baker", "Baker")
        self.assertIn("USD", self.browser.run("return document.querySelector('.salary').textContent"))

    def test_error_pages_look_like_the_others(self):
        for path, heading in (("/jobs/999", "404 Not Found"), ("/?q=" + "x" * 201, "400 Bad Request"),
                              ("/?q=unicorn", 'Jobs for "unicorn"'), ("/login", "Log in")):
            self.open(path)
            self.wait_for_heading(heading)
            self.look(heading[:3])

    def test_colors_follow_the_system(self):
        background = "return getComputedStyle(document.body).backgroundColor"
        self.open("/")
        seen = self.browser.run(background)
        self.browser.prefer_color_scheme("dark" if self.scheme == "light" else "light")
        self.addCleanup(self.browser.prefer_color_scheme, self.scheme)
        self.assertNotEqual(self.browser.run(background), seen)


class JobsOnAPhone(JobsInABrowser):
    # The narrowest window that Chromium makes is wider: its screen is set instead.
    width, height = 390, 844
    scheme = "dark"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser.emulate_phone(cls.width, cls.height)

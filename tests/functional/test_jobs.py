"""The job board's accounts and ads: every route and rule, on PostgreSQL, with two processes."""

import re
import urllib.parse

from support.jobs import DESCRIPTION, JobsTest
from support.visitor import Forms

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Accounts(JobsTest):
    def sign_up(self, visitor, **fields):
        return visitor.submit("/signup", **{"name": "emmy", "email": "emmy@example.com",
                                            "password": "a long one", **fields})

    def test_who_signs_up_is_logged_in(self):
        visitor = self.visitor()
        self.assertRedirected(self.sign_up(visitor), "/")
        page = visitor.get("/").text
        self.assertIn("Welcome, emmy!", page)
        self.assertIn("Log out", page)
        self.assertNotIn("Welcome", visitor.get("/").text)
        self.assertTrue(self.sql("select password_hash from users where name = 'emmy'").startswith("$argon2id$"))
        self.assertTrue(visitor.attributes["session"]["httponly"])
        self.assertEqual(visitor.attributes["session"]["samesite"].lower(), "lax")

    def test_errors_are_next_to_their_fields_and_what_was_typed_is_kept(self):
        page = self.sign_up(self.visitor(), name="a b", email="nobody", password="short")
        self.assertEqual(page.status, 400)
        for name, reason in (("name", "letters, digits"), ("email", "address such as"),
                             ("password", "at least 8")):
            self.assertRegex(page.text, rf'id="{name}-error">[^<]*{reason}')
            self.assertRegex(page.text, rf'<a href="#{name}">')
            self.assertRegex(page.text, rf'id="{name}"[^>]*aria-invalid="true"[^>]*"{name}-hint {name}-error"')
        fields = Forms(page.text).forms[-1][1]
        self.assertEqual((fields["name"], fields["email"], fields["password"]), ("a b", "nobody", ""))

    def test_nothing_is_taken_for_granted(self):
        for fields in ({"name": ""}, {"name": "x"}, {"name": "x" * 41}, {"email": "a@b\r\nBcc: c@d"},
                       {"email": "@"}, {"email": "a@"}, {"email": "a@b@c"}, {"email": "a b@c"},
                       {"email": "<a@b>"}, {"password": "x" * 201}, {"name": "nul\0nul"}):
            with self.subTest(fields):
                page = self.sign_up(self.visitor(), **fields)
                self.assertEqual(page.status, 400)
                self.assertIn("Please correct this", page.text)
        self.assertEqual(self.visitor().post("/signup", {}).status, 400)

    def test_a_name_is_taken_once_whatever_its_case(self):
        for name in ("ada", "Ada", "ADA"):
            page = self.sign_up(self.visitor(), name=name)
            self.assertEqual(page.status, 400)
            self.assertIn("This name is taken", page.text)
        self.assertEqual(self.sql("select count(*) from users where lower(name) = 'ada'"), "1")

    def test_login_leads_to_where_the_visitor_wanted_to_go(self):
        visitor = self.visitor()
        answer = visitor.get("/jobs/new")
        location = urllib.parse.urlsplit(answer.headers["location"])
        self.assertEqual((answer.status, location.path), (303, "/login"))
        self.assertEqual(urllib.parse.parse_qs(location.query)["next"], [self.server.url("/jobs/new")])
        answer = visitor.submit(f"/login?{location.query}", name="ADA", password="adas-password")
        self.assertRedirected(answer, "/jobs/new")
        self.assertEqual(visitor.get("/jobs/new").status, 200)

    def test_a_visitor_can_log_in_behind_a_very_long_url(self):
        for length, path in ((1900, "/jobs/new?x=" + "y" * 1900), (2500, "/")):
            visitor = self.visitor()
            login = visitor.get("/jobs/new?x=" + "y" * length).headers["location"]
            answer = visitor.submit(login.removeprefix(self.server.url("")), name="ada", password="adas-password")
            self.assertRedirected(answer, path)

    def test_next_leads_nowhere_else(self):
        for given in ("http://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
                      "/a\r\nSet-Cookie: x=y", self.server.url("").replace("127", "evil.127")):
            answer = self.visitor().submit("/login", name="ada", password="adas-password", next=given)
            self.assertIn(answer.status, (303, 400))
            if answer.status == 303:
                self.assertTrue(answer.headers["location"].startswith(self.server.url("/")))

    def test_a_wrong_password_and_an_unknown_name_look_alike(self):
        pages = [self.visitor().submit("/login", name=name, password="wrong wrong") for name in ("ada", "nobody")]
        self.assertEqual([page.status for page in pages], [400, 400])
        without_token = [re.sub(r'(csrf_token" )value="\w+"', r"\1", page.text).replace("nobody", "ada")
                         for page in pages]
        self.assertEqual(*without_token)

    def test_logout_is_a_form(self):
        visitor = self.visitor("ada")
        self.assertRedirected(visitor.get("/logout"), "/")
        self.assertIn("Log out", visitor.get("/").text)
        self.assertRedirected(visitor.submit("/", index=0), "/")
        self.assertIn("You are logged out.", visitor.get("/").text)
        self.assertEqual(visitor.get("/jobs/new").status, 303)

    def test_login_and_logout_change_the_token(self):
        visitor = self.visitor()
        tokens = [visitor.token()]
        visitor.login("ada")
        tokens.append(visitor.token())
        visitor.submit("/", index=0)
        tokens.append(visitor.token())
        self.assertEqual(len(set(tokens)), 3)

    def test_a_forged_session_is_nobodys(self):
        good = self.visitor("ada").cookies["session"]
        for cookie in (good[:-1], good.swapcase(), "", "x", good * 2):
            visitor = self.visitor()
            visitor.cookies["session"] = cookie
            self.assertEqual(visitor.get("/").status, 200)
            self.assertEqual(visitor.get("/jobs/new").status, 303)


class Ads(JobsTest):
    def test_an_ad_is_posted_edited_and_deleted(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad(title="Lamp lighter", salary="12000", description="First line.\r\n\r\nSecond line.")
        page = visitor.get(path).text
        for text in ("Your job is posted.", "<h1>Lamp lighter</h1>", "12,000 EUR a year", "First line.\n\nSecond",
                     "Posted by ada"):
            self.assertIn(text, page)
        fields = Forms(visitor.get(path + "/edit").text).forms[-1][1]
        self.assertEqual((fields["title"], fields["salary"]), ("Lamp lighter", "12000"))
        self.assertRedirected(visitor.submit(path + "/edit", title="Lamp lighter (night)", salary=""), path)
        page = visitor.get(path).text
        self.assertIn("Your changes are saved.", page)
        self.assertIn("Lamp lighter (night)", page)
        self.assertNotIn("EUR", page)
        self.assertIn("removed for good", visitor.get(path + "/delete").text)
        self.assertEqual(visitor.get(path).status, 200)
        self.assertRedirected(visitor.submit(path + "/delete"), "/")
        self.assertIn("Your job is deleted.", visitor.get("/").text)
        self.assertEqual(visitor.get(path).status, 404)

    def test_errors_are_next_to_their_fields_and_nothing_is_saved(self):
        visitor = self.visitor("ada")
        before = self.sql("select count(*) from ads")
        for fields, reason in (({"title": " "}, "fill this in"), ({"title": "x" * 101}, "at most 100"),
                               ({"description": "short"}, "at least 20"),
                               ({"description": "\u20ac" * 10_001}, "at most 10000"),
                               ({"salary": "much"}, "whole number"), ({"salary": "-1"}, "whole number"),
                               ({"salary": "99999999999"}, "whole number"), ({"salary": "1e3"}, "whole number"),
                               ({"company": "a\0b"}, "cannot be shown"), ({"place": "a\x1bb"}, "cannot be shown")):
            with self.subTest(fields):
                page = visitor.submit("/jobs/new", **{"title": "kept title", "company": "c", "place": "p",
                                                      "description": DESCRIPTION, **fields})
                self.assertEqual(page.status, 400)
                name = next(iter(fields))
                self.assertRegex(page.text, rf'id="{name}-error">[^<]*{reason}')
                if name != "title":
                    self.assertIn("kept title", page.text)
        self.assertEqual(self.sql("select count(*) from ads"), before)
        # Ten thousand characters are allowed, however many bytes they take.
        visitor.post_ad(description="\u20ac" * 10_000)

    def test_an_edit_that_is_refused_changes_nothing(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad()
        self.assertEqual(visitor.submit(path + "/edit", title="other", place="").status, 400)
        self.assertIn("<h1>Tester</h1>", visitor.get(path).text)

    def test_only_the_owner_changes_an_ad(self):
        path = self.visitor("ada").post_ad()
        grace, anonymous = self.visitor("grace"), self.visitor()
        self.assertNotIn(path + "/edit", Forms(grace.get(path).text).links)
        for below in ("/edit", "/delete", "/attachment/edit"):
            with self.subTest(below):
                page = grace.get(path + below)
                self.assertEqual(page.status, 403)
                self.assertIn("only who has posted a job changes it", page.text)
                self.assertEqual(anonymous.get(path + below).status, 303)
        for below in ("/edit", "/delete", "/attachment/edit", "/attachment/remove"):
            with self.subTest(below):
                self.assertEqual(grace.post(path + below, {}).status, 403)
                answer = anonymous.post(path + below, {})
                self.assertEqual(answer.status, 303)
                self.assertIn("/login?next=", answer.headers["location"])
        self.assertEqual(anonymous.get(path).status, 200)

    def test_forms_without_their_token_are_400_and_change_nothing(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad()
        other = self.visitor("grace").token()
        for below in ("/edit", "/delete", "/apply", "/attachment/edit", "/attachment/remove"):
            for token in (None, "", "wrong", other):
                with self.subTest(below=below, token=token):
                    answer = visitor.post(path + below, {"title": "forged"}, token)
                    self.assertEqual(answer.status, 400)
                    self.assertIn("<h1>400 Bad CSRF Token</h1>", answer.text)
        for whole in ("/jobs/new", "/login", "/signup", "/logout"):
            self.assertEqual(visitor.post(whole, {}, None).status, 400)
        self.assertIn("<h1>Tester</h1>", visitor.get(path).text)

    def test_text_is_escaped_wherever_it_is_shown(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad(title=ATTACK, company=ATTACK, place=ATTACK, description=ATTACK)
        quoted = urllib.parse.quote(ATTACK)
        pages = [visitor.get(shown) for shown in (path, path + "/edit", path + "/delete", path + "/apply",
                                                  path + "/attachment/edit", "/", f"/?q={quoted}",
                                                  f"/?currency={quoted}&page={quoted}", f"/{quoted}",
                                                  f"/jobs/{quoted}", f"/login?next={quoted}")]
        pages += [visitor.submit("/signup", name=ATTACK, email=ATTACK),
                  visitor.submit("/login", name=ATTACK, password=ATTACK),
                  visitor.submit(path + "/apply", name=ATTACK, email=ATTACK, message=ATTACK),
                  visitor.submit(path + "/edit", title=ATTACK, salary=ATTACK)]
        for page in pages:
            self.assertIn(page.status, (200, 400, 404))
            self.assertNotIn("<script", page.text)
            self.assertNotIn("<img", page.text)
        self.assertEqual(Forms(visitor.get(path + "/edit").text).forms[-1][1]["description"], ATTACK)

    def test_browsers_are_told_to_run_nothing(self):
        page = self.visitor().get("/")
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertEqual(page.headers["x-content-type-options"], "nosniff")
        self.assertEqual(self.visitor().get("/static/jobs.css").status, 200)

    def test_ads_that_there_are_not_are_404(self):
        visitor = self.visitor("ada")
        for path in ("/jobs/0", "/jobs/999999999999999999", "/jobs/9999999999999999999", "/jobs/x", "/jobs/-1",
                     "/jobs/1x", "/jobs/", "/jobs/%31%00", "/nothing"):
            for below in ("", "/edit", "/delete", "/apply", "/attachment"):
                self.assertEqual(visitor.get(path + below).status, 404, path + below)

    def test_messages_that_nobody_reads_do_not_fill_the_session(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad()
        action, fields = Forms(visitor.get(path + "/edit").text).forms[-1]
        for _ in range(80):
            self.assertEqual(visitor.request(action, "POST", fields).status, 303)
        self.assertEqual(visitor.get(path).text.count("Your changes are saved."), 1)

"""The job board: every route and rule of it, on PostgreSQL, with two processes."""

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


class Lists(JobsTest):
    @classmethod
    def migrate(cls):
        super().migrate()
        cls.postgres.execute(
            "insert into ads (owner_id, title, company, place, description)"
            " select (select id from users where name = 'grace'), 'Keeper ' || n, 'Lighthouses', 'Brest',"
            " 'Keeps lamp number ' || n from generate_series(1, 30) n", "jobs")

    def titles(self, path):
        page = self.visitor().get(path)
        self.assertEqual(page.status, 200, page.text)
        return re.findall(r'<h2><a href="[^"]*">([^<]*)</a></h2>', page.text)

    def test_the_newest_come_first_page_by_page(self):
        self.assertEqual(self.titles("/"), [f"Keeper {n}" for n in range(30, 20, -1)])
        self.assertEqual(self.titles("/?page=3"), [f"Keeper {n}" for n in range(10, 0, -1)])
        self.assertEqual(len(self.titles("/?page=4")), 5)
        page = self.visitor().get("/?page=2&currency=USD").text
        self.assertIn("35 jobs, page 2 of 4", page)
        links = Forms(page).links
        self.assertIn("/?q=&currency=USD&page=1", links)
        self.assertIn("/?q=&currency=USD&page=3", links)

    def test_odd_page_numbers_show_a_page(self):
        first, last = self.titles("/"), self.titles("/?page=4")
        for page in ("0", "-1", "x", "", "1.5", "%00", "1x", "%202", "%2B2"):
            self.assertEqual(self.titles(f"/?page={page}"), first, page)
        for page in ("5", "999999999999", "99999999999999999999999999"):
            self.assertEqual(self.titles(f"/?page={page}"), last, page)

    def test_search_finds_words_in_all_their_forms(self):
        self.assertEqual(self.titles("/?q=baking"), ["Baker"])
        self.assertEqual(self.titles("/?q=compilers"), ["Compiler writer"])
        self.assertEqual(self.titles("/?q=keepers"), [f"Keeper {n}" for n in range(30, 20, -1)])
        self.assertEqual(self.titles("/?q=%22read+its+release%22"), ["Database engineer"])
        self.assertEqual(self.titles("/?q=lamp+-lighthouses"), ["Night watch"])
        # A word in the title counts more than one in the description.
        self.assertEqual(self.titles("/?q=database")[0], "Database engineer")

    def test_odd_words_are_searched_for_like_others(self):
        for words in ("'", '"', "&&|!", "%25", "\\", "the", "-", "a:*", "<->", "\u20ac", "' or 1=1--", "x" * 200):
            self.assertEqual(self.titles("/?q=" + urllib.parse.quote(words, safe="%")), [], words)
        self.assertEqual(self.visitor().get("/?q=" + "x" * 201).status, 400)
        self.assertEqual(self.visitor().get("/?q=%ff").status, 400)

    def test_a_search_without_result_says_so(self):
        page = self.visitor().get("/?q=unicorns").text
        self.assertIn("Nothing was found.", page)
        self.assertIn("0 jobs", page)
        self.assertEqual(self.titles("/?q=keeper&page=99"), self.titles("/?q=keeper&page=3"))


class Api(JobsTest):
    def test_lists_and_searches(self):
        answer = self.visitor().get("/api/jobs").json()
        self.assertEqual((answer["count"], answer["page"], answer["pages"]), (5, 1, 1))
        self.assertEqual({job["title"] for job in answer["jobs"]},
                         {"Baker", "Database engineer", "Compiler writer", "Night watch", "C++ developer"})
        found = self.visitor().get("/api/jobs?q=postgresql").json()
        self.assertEqual([job["title"] for job in found["jobs"]], ["Database engineer"])
        beyond = self.visitor().get("/api/jobs?page=7").json()
        self.assertEqual((beyond["page"], beyond["jobs"]), (7, []))

    def test_an_ad_has_all_its_values(self):
        listed = self.visitor().get("/api/jobs?q=bread").json()["jobs"][0]
        job = self.visitor().get(f"/api/jobs/{listed['id']}")
        self.assertEqual(job.headers["content-type"], "application/json")
        self.assertEqual(job.json(), listed)
        self.assertEqual((listed["company"], listed["salary"]), ("Corner Bakery", 31000))
        self.assertRegex(listed["posted_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(listed["url"], self.server.url(f"/jobs/{listed['id']}"))
        self.assertIsNone(listed["attachment_url"])
        self.assertNotIn("set-cookie", job.headers)

    def test_who_has_it_already_is_told_so(self):
        visitor = self.visitor("ada")
        path = visitor.post_ad()
        for url in ("/api/jobs", "/api" + path):
            answer = visitor.get(url)
            etag = answer.headers["etag"]
            self.assertRegex(etag, r'^"[0-9a-f]{64}"$')
            same = visitor.get(url, **{"If-None-Match": f'"other", {etag}'})
            self.assertEqual((same.status, same.body, same.headers["etag"]), (304, b"", etag))
            self.assertEqual(visitor.get(url, **{"If-None-Match": '"other"'}).status, 200)
        visitor.submit(path + "/edit", title="Changed")
        self.assertEqual(visitor.get("/api" + path, **{"If-None-Match": etag}).status, 200)

    def test_errors_are_json(self):
        for path, status in (("/api/jobs/999999", 404), ("/api/jobs/x", 404), ("/api/jobs?page=0", 400),
                             ("/api/jobs?page=x", 400), ("/api/jobs?page=", 400), ("/api/jobs?q=" + "x" * 201, 400)):
            answer = self.visitor().get(path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (status, "application/json"), path)
            self.assertTrue(answer.json()["title"].startswith(str(status)))

"""The wiki: Pyramid's tutorial application, with every URL and rule of it."""

import os
import sqlite3
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from support.paths import CONFIGS
from support.server import Server, run_to_its_end
from support.visitor import Forms
from support.wiki import Visitor, WikiTest

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Pages(WikiTest):
    def test_root_leads_to_the_front_page(self):
        self.assertRedirected(self.visitor().get("/"), "/FrontPage")

    def test_pages_show_their_text_and_their_creator(self):
        for name, creator in (("FrontPage", "editor"), ("BackPage", "basic")):
            page = self.visitor().get("/" + name)
            self.assertEqual(page.status, 200)
            self.assertEqual(page.headers["content-type"], "text/html; charset=UTF-8")
            self.assertIn(f"<h1>{name}</h1>", page.text)
            self.assertIn(f"<strong>{creator}</strong>", page.text)

    def test_missing_page_is_404_with_a_way_to_write_it(self):
        page = self.visitor().get("/SomePage")
        self.assertEqual(page.status, 404)
        self.assertIn("404 Not Found", page.text)
        self.assertIn("/add_page/SomePage", Forms(page.text).links)

    def test_names_that_no_page_can_have_are_404(self):
        visitor = self.visitor("editor")
        for name in ("a%20b", "a.b", "%3Cb%3E", "a%22b", "a%00b", "x" * 81, "login", "logout",
                     "static", "add_page"):
            with self.subTest(name=name):
                self.assertEqual(visitor.get("/add_page/" + name).status, 404)
                self.assertEqual(visitor.post("/add_page/" + name, {"body": "x"}).status, 404)

    def test_wiki_words_link_to_pages_or_to_where_they_are_written(self):
        visitor = self.visitor("editor")
        text = "Hello CruelWorld, FrontPage and plain Words."
        self.assertRedirected(visitor.submit("/add_page/IDoExist", body=text), "/IDoExist")
        page = visitor.get("/IDoExist")
        links = Forms(page.text).links
        self.assertIn("/add_page/CruelWorld", links)
        self.assertIn("/FrontPage", links)
        self.assertEqual(page.text.count("Words"), 1)
        self.assertNotIn("/add_page/Words", links)

    def test_text_is_escaped_wherever_it_is_shown(self):
        visitor = self.visitor("editor")
        visitor.submit("/add_page/AttackPage", body=ATTACK)
        for path in ("/AttackPage", "/AttackPage/edit_page", "/AttackPage/history"):
            with self.subTest(path=path):
                page = visitor.get(path).text
                self.assertNotIn("<script", page)
                self.assertNotIn("<img", page)
                self.assertIn("&lt;script&gt;", page)
        fields = Forms(visitor.get("/AttackPage/edit_page").text).forms[-1][1]
        self.assertEqual(fields["body"], ATTACK)

    def test_what_is_asked_for_is_escaped_too(self):
        attack = urllib.parse.quote(ATTACK, safe="")
        for path in (f"/{attack}", f"/add_page/{attack}", f"/login?next={attack}",
                     f"/x/y/{attack}", f"/FrontPage?{attack}"):
            with self.subTest(path=path):
                page = self.visitor().get(path)
                self.assertIn(page.status, (200, 404))
                self.assertNotIn("<script", page.text)
                self.assertNotIn("<img", page.text)
        page = self.visitor().post("/login", {"login": ATTACK, "password": ATTACK})
        self.assertEqual(page.status, 400)
        self.assertNotIn("<script", page.text)

    def test_text_comes_back_as_it_was_written(self):
        visitor = self.visitor("editor")
        text = "\n\u00e4\u20ac\U0001F600 & <b>\r\n  two  lines\r\n\r\n- item\r\n"
        visitor.submit("/add_page/TextPage", body=text)
        fields = Forms(visitor.get("/TextPage/edit_page").text).forms[-1][1]
        self.assertEqual(fields["body"], text.replace("\r\n", "\n"))

    def test_browsers_are_told_to_run_nothing(self):
        page = self.visitor().get("/FrontPage")
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertEqual(page.headers["x-content-type-options"], "nosniff")

    def test_stylesheet_is_a_static_file(self):
        page = self.visitor().get("/FrontPage").text
        self.assertIn('href="/static/wiki.css"', page)
        sheet = self.visitor().get("/static/wiki.css")
        self.assertEqual(sheet.status, 200)
        self.assertTrue(sheet.headers["content-type"].startswith("text/css"))
        self.assertIn("max-age=3600", sheet.headers["cache-control"])
        self.assertEqual(self.visitor().get("/static/../wiki.css").status, 404)


class Permissions(WikiTest):
    def test_anonymous_visitors_are_sent_to_the_login_and_back(self):
        visitor = self.visitor()
        for path in ("/FrontPage/edit_page", "/BackPage/edit_page", "/add_page/NewPage"):
            with self.subTest(path=path):
                answer = visitor.get(path)
                self.assertEqual(answer.status, 303)
                location = urllib.parse.urlsplit(answer.headers["location"])
                self.assertEqual(location.path, "/login")
                self.assertEqual(urllib.parse.parse_qs(location.query)["next"],
                                 [self.server.url(path)])
        login = visitor.submit(location.path + "?" + location.query, login="basic", password="basic")
        self.assertRedirected(login, "/add_page/NewPage")

    def test_anonymous_visitors_change_nothing(self):
        visitor = self.visitor()
        for path in ("/FrontPage/edit_page", "/add_page/AnonymousPage"):
            answer = visitor.post(path, {"body": "anonymous"})
            self.assertEqual(answer.status, 303)
            self.assertIn("/login", answer.headers["location"])
        self.assertNotIn("anonymous", visitor.get("/FrontPage").text)
        self.assertEqual(visitor.get("/AnonymousPage").status, 404)

    def test_basic_user_edits_what_it_has_created_only(self):
        visitor = self.visitor("basic")
        self.assertEqual(visitor.get("/BackPage/edit_page").status, 200)
        forbidden = visitor.get("/FrontPage/edit_page")
        self.assertEqual(forbidden.status, 403)
        self.assertIn("403 Forbidden", forbidden.text)
        self.assertEqual(visitor.post("/FrontPage/edit_page", {"body": "no"}).status, 403)
        self.assertNotIn("<p>no</p>", visitor.get("/FrontPage").text)

    def test_editors_edit_everything(self):
        visitor = self.visitor("editor")
        for name in ("FrontPage", "BackPage"):
            page = visitor.get(f"/{name}/edit_page")
            self.assertEqual(page.status, 200)
            self.assertIn(f"Editing <strong>{name}</strong>", page.text)

    def test_both_roles_add_pages(self):
        for name in ("basic", "editor"):
            visitor = self.visitor(name)
            path = f"/add_page/PageOf{name.title()}"
            self.assertIn("Editing", visitor.get(path).text)
            self.assertRedirected(visitor.submit(path, body="text"), f"/PageOf{name.title()}")
            self.assertIn(f"<strong>{name}</strong>", visitor.get(f"/PageOf{name.title()}").text)

    def test_adding_an_existing_page_leads_to_editing_it(self):
        self.assertRedirected(self.visitor("editor").get("/add_page/FrontPage"),
                              "/FrontPage/edit_page")

    def test_editing_a_missing_page_is_404(self):
        self.assertEqual(self.visitor("editor").get("/MissingPage/edit_page").status, 404)

    def test_a_forged_cookie_is_nobodys(self):
        good = self.visitor("editor").cookies["auth_tkt"]
        for cookie in (good[:-1], "0" * len(good), good.swapcase(), "", "x", good * 15):
            visitor = self.visitor()
            visitor.cookies["auth_tkt"] = cookie
            self.assertEqual(visitor.get("/FrontPage").status, 200)
            self.assertEqual(visitor.get("/FrontPage/edit_page").status, 303)


class Login(WikiTest):
    def test_login_without_next_leads_home(self):
        visitor = self.visitor()
        answer = visitor.post("/login", {"login": "basic", "password": "basic"})
        self.assertRedirected(answer, "/")
        self.assertIn("Logout", visitor.get("/FrontPage").text)
        self.assertTrue(visitor.attributes["auth_tkt"]["httponly"])
        self.assertEqual(visitor.attributes["auth_tkt"]["samesite"].lower(), "lax")

    def test_next_leads_on_within_the_site(self):
        for given, path in (("WikiPage", "/WikiPage"), ("/FrontPage/edit_page",) * 2,
                            ("/a?b=c", "/a?b=c"), (self.server.url("/BackPage"), "/BackPage")):
            with self.subTest(next=given):
                answer = self.visitor().post(
                    "/login", {"login": "basic", "password": "basic", "next": given})
                self.assertRedirected(answer, path)

    def test_next_leads_nowhere_else(self):
        site = self.server.url("")
        for given in ("http://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil",
                      "https:evil.example", "javascript:alert(1)", site + ".evil.example/",
                      site + "@evil.example/", "/\t/evil.example", "/a\r\nSet-Cookie: x=y", "",
                      "///evil.example", "http:///evil.example", " //evil.example", "%2F%2Fevil",
                      site + "//evil.example"):
            with self.subTest(next=given):
                answer = self.visitor().post(
                    "/login", {"login": "basic", "password": "basic", "next": given})
                self.assertEqual(answer.status, 303)
                self.assertTrue(answer.headers["location"].startswith(site + "/"),
                                answer.headers["location"])
                self.assertFalse(answer.headers["location"].startswith(site + "//"))
                self.assertNotIn("x=y", str(answer.headers.get("set-cookie")))

    def test_visitor_comes_back_to_the_page_that_it_came_from(self):
        page = self.visitor().get("/login", Referer=self.server.url("/BackPage"))
        self.assertEqual(Forms(page.text).forms[-1][1]["next"], self.server.url("/BackPage"))
        page = self.visitor().get("/login", Referer="http://evil.example/")
        self.assertEqual(Forms(page.text).forms[-1][1]["next"], self.server.url("/"))

    def test_wrong_password_or_name_is_400_and_the_form_again(self):
        for login, password in (("basic", "incorrect"), ("nobody", "basic"), ("", ""),
                                ("basic", "basic\0"), ("basic ", "basic"), ("\u00fc", "\u00fc")):
            with self.subTest(login=login):
                visitor = self.visitor()
                page = visitor.post("/login", {"login": login, "password": password,
                                               "next": "/BackPage"})
                self.assertEqual(page.status, 400)
                self.assertIn("Failed login", page.text)
                action, fields = Forms(page.text).forms[-1]
                self.assertEqual(action, "/login")
                self.assertEqual(fields["login"], login)
                self.assertEqual(fields["next"], self.server.url("/BackPage"))
                self.assertEqual(fields["password"], "")
                self.assertNotIn("auth_tkt", visitor.cookies)

    def test_unknown_names_cost_the_server_what_wrong_passwords_cost(self):
        visitor = self.visitor()
        visitor.get("/login")

        def cost(login):
            before = self.server.worker_cpu_seconds()
            for _ in range(4):
                visitor.post("/login", {"login": login, "password": "wrong"})
            return self.server.worker_cpu_seconds() - before

        self.assertGreater(cost("nobody"), cost("basic") / 2)

    def test_fields_that_are_missing_are_400(self):
        self.assertEqual(self.visitor().post("/login", {"login": "basic"}).status, 400)
        self.assertEqual(self.visitor().post("/login", {}).status, 400)

    def test_logout_is_a_form(self):
        visitor = self.visitor("basic")
        self.assertRedirected(visitor.get("/logout"), "/")
        self.assertIn("Logout", visitor.get("/FrontPage").text)
        self.assertRedirected(visitor.submit("/FrontPage", index=0), "/")
        self.assertNotIn("auth_tkt", visitor.cookies)
        page = visitor.get("/FrontPage").text
        self.assertNotIn("Logout", page)
        self.assertIn("Login", page)

    def test_other_requests_are_served_while_passwords_are_checked(self):
        visitor = self.visitor()
        visitor.get("/login")
        token = visitor.token()
        with ThreadPoolExecutor(12) as pool:
            logins = [pool.submit(visitor.post, "/login", {"login": "basic", "password": "wrong"},
                                  token) for _ in range(12)]
            self.assertEqual(Visitor(self.server).get("/").status, 303)
            self.assertFalse(all(login.done() for login in logins))
            self.assertEqual([login.result().status for login in logins], [400] * 12)


class CrossSite(WikiTest):
    def test_wrong_or_missing_tokens_are_400_and_change_nothing(self):
        visitor = self.visitor("editor")
        before = visitor.get("/FrontPage").text
        for token in (None, "", "wrong", visitor.cookies["csrf_token"][:-1],
                      visitor.cookies["csrf_token"] + "0"):
            for path, fields in (("/FrontPage/edit_page", {"body": "forged"}),
                                 ("/add_page/ForgedPage", {"body": "forged"}),
                                 ("/logout", {}),
                                 ("/login", {"login": "basic", "password": "basic"})):
                with self.subTest(token=token, path=path):
                    answer = visitor.post(path, fields, token)
                    self.assertEqual(answer.status, 400, answer.text)
        self.assertEqual(visitor.get("/FrontPage").text, before)
        self.assertEqual(visitor.get("/ForgedPage").status, 404)

    def test_a_token_in_the_query_does_not_count(self):
        visitor = self.visitor("editor")
        path = "/FrontPage/edit_page?csrf_token=" + visitor.cookies["csrf_token"]
        self.assertEqual(visitor.post(path, {"body": "forged"}, None).status, 400)

    def test_a_header_will_do(self):
        visitor = self.visitor("editor")
        answer = visitor.request("/FrontPage/edit_page", "POST", {"body": "by a script"},
                                 {"X-CSRF-Token": visitor.cookies["csrf_token"]})
        self.assertRedirected(answer, "/FrontPage")

    def test_login_and_logout_change_the_token(self):
        visitor = self.visitor()
        visitor.get("/login")
        tokens = [visitor.cookies["csrf_token"]]
        visitor.login("basic")
        tokens.append(visitor.cookies["csrf_token"])
        visitor.submit("/FrontPage", index=0)
        tokens.append(visitor.cookies["csrf_token"])
        self.assertEqual(len(set(tokens)), 3)


class Edits(WikiTest):
    def test_an_edit_replaces_the_text_and_keeps_the_one_before(self):
        visitor = self.visitor("editor")
        visitor.submit("/add_page/EditPage", body="the first text")
        self.assertRedirected(visitor.submit("/EditPage/edit_page", body="the second text"),
                              "/EditPage")
        page = visitor.get("/EditPage").text
        self.assertIn("the second text", page)
        self.assertNotIn("the first text", page)
        history = visitor.get("/EditPage/history").text
        self.assertLess(history.index("the second text"), history.index("the first text"))

    def test_the_second_of_two_editors_gets_both_texts_back(self):
        editor, basic = self.visitor("editor"), self.visitor("basic")
        basic.submit("/add_page/SharedPage", body="begin")
        _, first = Forms(editor.get("/SharedPage/edit_page").text).forms[-1]
        action, second = Forms(basic.get("/SharedPage/edit_page").text).forms[-1]
        self.assertEqual(editor.request(action, "POST", {**first, "body": "from editor"}).status, 303)
        conflict = basic.request(action, "POST", {**second, "body": "from basic <&>"})
        self.assertEqual(conflict.status, 409)
        self.assertIn("from editor", conflict.text)
        self.assertIn("from editor", basic.get("/SharedPage").text)
        # The shown form can be sent again, and names the revision that it is of.
        action, again = Forms(conflict.text).forms[-1]
        self.assertEqual(again["body"], "from basic <&>")
        self.assertRedirected(basic.request(action, "POST", again), "/SharedPage")
        history = basic.get("/SharedPage/history").text
        for text in ("begin", "from editor", "from basic &lt;&amp;&gt;"):
            self.assertIn(text, history)

    def test_a_page_that_two_add_is_added_once(self):
        editor, basic = self.visitor("editor"), self.visitor("basic")
        self.assertEqual(editor.post("/add_page/TwicePage", {"body": "from editor"}).status, 303)
        conflict = basic.post("/add_page/TwicePage", {"body": "from basic"})
        self.assertEqual(conflict.status, 409)
        self.assertIn("from editor", conflict.text)
        self.assertEqual(Forms(conflict.text).forms[-1][1]["body"], "from basic")
        self.assertIn("please copy your text", conflict.text)

    def test_a_form_without_its_text_or_with_an_odd_revision_is_400(self):
        visitor = self.visitor("editor")
        before = visitor.get("/FrontPage").text
        self.assertEqual(visitor.post("/FrontPage/edit_page", {}).status, 400)
        for revision in ("x", "", "1e9", "99999999999999999999"):
            self.assertEqual(visitor.post("/FrontPage/edit_page",
                                          {"body": "x", "revision": revision}).status, 400)
        self.assertEqual(visitor.get("/FrontPage").text, before)


class TwoProcesses(WikiTest):
    more_options = ("--master", "--processes", "2")

    def test_no_acknowledged_edit_is_lost(self):
        self.visitor("editor").submit("/add_page/BusyPage", body="begin")

        def edit(name):
            visitor = self.visitor("editor")
            acknowledged = []
            for i in range(8):
                line = f"{name}{i}"
                action, fields = Forms(visitor.get("/BusyPage/edit_page").text).forms[-1]
                answer = visitor.request(action, "POST",
                                         {**fields, "body": fields["body"] + "\n" + line})
                self.assertIn(answer.status, (303, 409), answer.text)
                if answer.status == 303:
                    acknowledged.append(line)
            return acknowledged

        with ThreadPoolExecutor(4) as pool:
            acknowledged = sum(pool.map(edit, "abcd"), [])
        page = Forms(self.visitor("editor").get("/BusyPage/edit_page").text).forms[-1][1]["body"]
        self.assertEqual(sorted(page.split("\n")), sorted(["begin", *acknowledged]))
        self.assertGreaterEqual(len(acknowledged), 8)

    def test_of_many_who_add_a_page_one_does(self):
        visitors = [self.visitor("editor") for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(
                lambda number: visitors[number].post("/add_page/RacePage", {"body": f"of {number}"}),
                range(8)))
        self.assertEqual(sorted(answer.status for answer in answers), [303] + [409] * 7)

    def test_edits_of_different_pages_do_not_fail_each_other(self):
        visitors = [self.visitor("editor") for _ in range(8)]

        def add(number):
            return visitors[number].post(f"/add_page/MyPage{number}", {"body": "x"}).status

        with ThreadPoolExecutor(8) as pool:
            self.assertEqual(list(pool.map(add, range(8))), [303] * 8)


class Storage(WikiTest):
    def test_what_was_acknowledged_is_there_after_a_crash(self):
        options = ("--aiopyr-set", f"sqlite.path={self.folder}/crash.sqlite")
        server = Server("wiki.ini", options)
        try:
            visitor = Visitor(server).login("editor")
            self.assertEqual(visitor.submit("/FrontPage/edit_page", body="to stay").status, 303)
        finally:
            server.kill()
        visitor.server = Server("wiki.ini", options)
        self.addCleanup(visitor.server.stop)
        page = visitor.get("/FrontPage").text
        self.assertIn("to stay", page)
        # So is the login: the cookie is signed with the secret of the settings.
        self.assertIn("Logout", page)

    def test_passwords_are_hashed(self):
        connection = sqlite3.connect(self.database)
        self.addCleanup(connection.close)
        users = connection.execute("SELECT name, role, password_hash FROM users").fetchall()
        self.assertEqual([user[:2] for user in users], [("editor", "editor"), ("basic", "basic")])
        for user in users:
            self.assertTrue(user[2].startswith("$argon2id$"), user[2])

    def test_settings_that_are_missing_stop_the_start(self):
        with open(os.path.join(CONFIGS, "wiki.ini")) as file:
            lines = file.read().replace("%d", CONFIGS + "/").splitlines()
        for setting in ("sqlite.path", "auth.secret"):
            ini = os.path.join(self.folder, "missing.ini")
            with open(ini, "w") as file:
                file.write("\n".join(line for line in lines if setting not in line))
            code, log = run_to_its_end("--ini", ini, env={"AIOPYR_PORT": "0"})
            self.assertNotEqual(code, 0)
            self.assertIn(f"the app needs the setting {setting}", log)

    def test_a_database_that_cannot_be_used_stops_the_start(self):
        path = os.path.join(self.folder, "no", "such", "folder", "wiki.sqlite")
        code, log = run_to_its_end("--ini", os.path.join(CONFIGS, "wiki.ini"), "--aiopyr-set",
                                   f"sqlite.path={path}", env={"AIOPYR_PORT": "0"})
        self.assertNotEqual(code, 0)
        self.assertIn(f"the database {path} cannot be used", log)

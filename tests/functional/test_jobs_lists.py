"""The job board's lists: pages, search, and the same for programs."""

import re
import urllib.parse

from support.jobs import JobsTest
from support.visitor import Forms


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
        self.assertEqual(self.visitor().get("/?q=" + urllib.parse.quote("\u732b" * 200)).status, 200)
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

"""Traversal of the tree of examples/features, whose resources wait while they look for a child."""

import time

from support.http import fetch, fetch_all
from support.patience import patient
from support.server import ServerTest


class Traversal(ServerTest):
    ini = "features.ini"

    def find(self, path):
        answer = fetch(self.server, path)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def test_root_is_the_context_of_the_bare_path(self):
        self.assertEqual(
            self.find("/tree/"), {"context": "/", "view_name": "", "subpath": [], "traversed": []}
        )

    def test_path_leads_to_the_context(self):
        self.assertEqual(
            self.find("/tree/cat/dog"),
            {"context": "/cat/dog", "view_name": "", "subpath": [], "traversed": ["cat", "dog"]},
        )

    def test_what_is_no_child_is_the_view_name(self):
        self.assertEqual(
            self.find("/tree/cat/mouse/a/b%20c"),
            {"context": "/cat", "view_name": "mouse", "subpath": ["a", "b c"], "traversed": ["cat"]},
        )
        self.assertEqual(self.find("/tree/cat/@@dog")["view_name"], "dog")

    def test_virtual_root_comes_before_the_path(self):
        answer = fetch(self.server, "/tree/dog", headers={"X-Vhm-Root": "/cat"})
        self.assertEqual(answer.json()["context"], "/cat/dog")

    def test_loop_is_free_while_resources_wait(self):
        begin = time.monotonic()
        answers = fetch_all(self.server, ["/tree/cat/dog"] * 40)
        self.assertEqual({answer.json()["context"] for answer in answers}, {"/cat/dog"})
        self.assertGreaterEqual(time.monotonic() - begin, 0.1)
        self.assertLess(time.monotonic() - begin, patient(2))

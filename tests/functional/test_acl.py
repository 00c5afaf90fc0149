"""Permissions of examples/features: folders with ACLs, and users with groups."""

from support.http import fetch
from support.server import ServerTest


class Acl(ServerTest):
    ini = "features.ini"

    def status_for(self, path, user=None):
        headers = {}
        if user is not None:
            cookie = fetch(self.server, f"/login?user={user}").headers["set-cookie"]
            headers["Cookie"] = cookie.split(";")[0]
        return fetch(self.server, path, headers=headers).status

    def test_everyone_may_see_what_is_public(self):
        for user in (None, "ringo", "george"):
            self.assertEqual(self.status_for("/acl/public", user), 200, user)

    def test_only_editors_may_see_what_is_private(self):
        self.assertEqual(self.status_for("/acl/private", "george"), 200)
        self.assertEqual(self.status_for("/acl/private", "ringo"), 403)
        self.assertEqual(self.status_for("/acl/private", "nobody"), 403)
        self.assertEqual(self.status_for("/acl/private"), 403)

    def test_page_of_a_refusal_does_not_show_the_acl(self):
        page = fetch(self.server, "/acl/private").text
        self.assertIn("403", page)
        self.assertNotIn("group:editors", page)

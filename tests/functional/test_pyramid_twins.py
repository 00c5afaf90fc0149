"""The same app in Python's Pyramid and in C++ gets the same requests; the answers are compared.

A thousand requests are made at random. The seed is printed, and a run is repeated with
`AIOPYR_TWIN_SEED=N`; `AIOPYR_TWIN_REQUESTS=N` makes another number of them. A table of
docs/coming-from-pyramid.md has the differences that are on purpose; tests/support/twins/requests.py does
not ask for them, or leaves them out of the comparison.
"""

import json
import os
import random
import time
import unittest

from support.http import fetch
from support.paths import BUILD
from support.server import ServerTest, plugin_options
from support.twins.requests import AiopyrClient, Maker, PyramidClient

try:
    from support.twins import pyramid_twin
except ImportError:  # `make deps` installs it
    pyramid_twin = None

REQUESTS = int(os.environ.get("AIOPYR_TWIN_REQUESTS", 1000))
SEED = int(os.environ.get("AIOPYR_TWIN_SEED", time.time_ns() % 1_000_000_000))
# The most differences that are shown.
MOST_SHOWN = 5

TWEEN_PLACES = ["EXCVIEW"]
TWEEN_ENDS = ["INGRESS", "MAIN"]
DERIVER_PLACES = ["secured_view", "csrf_view", "owrapped_view", "http_cached_view", "decorated_view",
                  "rendered_view"]
DERIVER_ENDS = ["INGRESS", "VIEW"]


def setUpModule():
    if pyramid_twin is None:
        raise unittest.SkipTest("python3-pyramid is not installed")
    print(f"note: AIOPYR_TWIN_SEED={SEED}", flush=True)


def asks_for_early_place(name, wishes):
    """Returns whether a deriver asks to be under INGRESS or over secured_view, itself or through others."""
    by_name = {wish["name"]: wish for wish in wishes}
    if "INGRESS" in by_name[name].get("under", ()):
        return True
    seen, todo = set(), [name]
    while todo:
        for over in by_name.get(todo.pop(), {}).get("over", ()):
            if over == "secured_view":
                return True
            if over not in seen:
                seen.add(over)
                todo.append(over)
    return False


class PyramidTwins(ServerTest):
    options = plugin_options(
        "--http-socket", "127.0.0.1:{port}", "--aiopyr", "8",
        "--aiopyr-app", os.path.join(BUILD, "tests", "pyramid_twin.so"))

    def setUp(self):
        super().setUp()
        self.make = Maker(random.Random(f"{SEED} {self.id()}"))

    def check(self, differing, asked):
        shown = "\n".join(differing[:MOST_SHOWN])
        self.assertFalse(differing, f"{len(differing)} of {asked} differ (AIOPYR_TWIN_SEED={SEED}):\n{shown}")

    def test_requests_at_random_are_answered_alike(self):
        python = PyramidClient(pyramid_twin.make_app())
        native = AiopyrClient(self.server)
        self.addCleanup(native.close)
        differing = []
        for _ in range(REQUESTS):
            request = self.make.request()
            wanted, found = python.ask(request), native.ask(request)
            if wanted != found:
                differing.append(f"{request}\n  Pyramid: {wanted}\n  aiopyr:  {found}")
        self.check(differing, REQUESTS)

    def orders(self, path, cases):
        answer = fetch(self.server, path, "POST", json.dumps(cases), {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def check_orders(self, path, cases, wanted):
        differing = [
            f"{wishes}\n  Pyramid: {order}\n  aiopyr:  {found}"
            for wishes, order, found in zip(cases, wanted, self.orders(path, cases))
            if order != found
        ]
        self.check(differing, len(cases))

    def test_tweens_are_in_the_same_order(self):
        cases = [self.make.wishes(TWEEN_PLACES, TWEEN_ENDS) for _ in range(REQUESTS // 4)]
        self.check_orders("/tweens", cases, [pyramid_twin.tween_order(wishes) for wishes in cases])

    def test_view_derivers_are_in_the_same_order(self):
        pyramid = pyramid_twin.Derivers()
        cases, wanted = [], []
        while len(cases) < REQUESTS // 4:
            wishes = self.make.wishes(DERIVER_PLACES, DERIVER_ENDS)
            order = pyramid.order(wishes)
            if order is not None:
                cases.append(wishes)
                wanted.append(["timed_view", *order])
        self.check_orders("/derivers", cases, wanted)

    def test_what_pyramid_refuses_moves_no_deriver_before_permissions(self):
        pyramid = pyramid_twin.Derivers()
        cases = []
        while len(cases) < REQUESTS // 4:
            wishes = self.make.wishes(DERIVER_PLACES, DERIVER_ENDS)
            if pyramid.all_names(wishes) is None:
                cases.append(wishes)
        differing = []
        for wishes, order in zip(cases, self.orders("/derivers", cases)):
            early = order[:order.index("secured_view")] if order else []
            unasked = [wish["name"] for wish in wishes
                       if wish["name"] in early and not asks_for_early_place(wish["name"], wishes)]
            if unasked:
                differing.append(f"{wishes}\n  aiopyr: {order}, where {unasked} did not ask")
        self.check(differing, len(cases))


if __name__ == "__main__":
    unittest.main()

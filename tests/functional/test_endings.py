"""Each way in which uWSGI has workers end: what is in flight is finished, and everybody is told."""

import unittest
from concurrent.futures import ThreadPoolExecutor

from support.endings import DISORDER, WAYS, Ending


class Endings(unittest.TestCase):
    """Most of each is waiting for the master, so they all run at once."""

    @classmethod
    def setUpClass(cls):
        pool = ThreadPoolExecutor(16)
        cls.addClassCleanup(pool.shutdown)
        cls.endings = {name: pool.submit(Ending, way) for name, way in WAYS.items()}

    def check(self, name):
        ending, way = self.endings[name].result(), WAYS[name]
        self.assertEqual(ending.answers, [(200, "told")] * 3)
        self.assertEqual(ending.codes, [way.code] * 4)
        self.assertEqual(ending.exit_code, way.exits, ending.log)
        for sign in DISORDER:
            self.assertNotIn(sign, ending.log)


def add_test(name):
    def test(self):
        self.check(name)
    setattr(Endings, "test_" + "".join(c if c.isalnum() else "_" for c in name), test)


for way_name in WAYS:
    add_test(way_name)

if __name__ == "__main__":
    unittest.main()

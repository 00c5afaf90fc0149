"""Asks HTTP servers with the HTTP client, by a program of its own."""

import json
import os
import subprocess

from support.paths import BUILD
from support.patience import patient

ASKER = os.path.join(BUILD, "tests", "http_asker")


def start_asking(urls, **what):
    return subprocess.Popen([ASKER, json.dumps({"urls": urls, **what})], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def results_of(process, timeout=60):
    out, err = process.communicate(timeout=patient(timeout))
    assert process.returncode == 0, (process.returncode, err.decode())
    return [json.loads(line) for line in out.splitlines()]


def ask(urls, **what):
    return results_of(start_asking(urls, **what))

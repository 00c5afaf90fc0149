"""HTTP by Python's own client and by curl."""

import http.client
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from support.patience import patient


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict = field(default_factory=dict)  # names in lower case; of repeated ones the last

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


def fetch(server, path="/", method="GET", body=None, headers=None, timeout=15):
    """Sends one request on a connection of its own."""
    connection = http.client.HTTPConnection(*server.address, timeout=patient(timeout))
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(), names)
    finally:
        connection.close()


def fetch_all(server, paths, timeout=30):
    """Sends many requests at a time."""
    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(lambda path: fetch(server, path, timeout=timeout), paths))


def curl(server, path, *options, scheme="http", data=None, timeout=20):
    """Returns curl's final answer; interim ones (100 Continue) are in `headers` as "interim"."""
    timeout = patient(timeout)
    command = ["curl", "-sS", "-k", "-i", "--path-as-is", "--globoff", "--max-time", str(timeout)]
    done = subprocess.run(
        [*command, *options, server.url(path, scheme)],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=timeout + 5,
    )
    interim = []
    rest = done.stdout
    while True:
        head, separator, rest = rest.partition(b"\r\n\r\n")
        if not separator:
            raise AssertionError(f"curl: {done.stderr.decode()} {done.stdout[:200]!r}")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        if status >= 200:
            break
        interim.append(status)
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    headers["interim"] = interim
    return Answer(status, rest, headers)

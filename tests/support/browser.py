"""Headless Chromium, driven by chromedriver over plain WebDriver calls."""

import base64
import json
import subprocess
import tempfile
import time
import urllib.request

from support.patience import patient
from support.ports import reserve_port
from support.server import wait_until

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--ignore-certificate-errors",
]


class Browser:
    def __init__(self, width=1000, height=800):
        self._port = reserve_port()
        self._profile = tempfile.TemporaryDirectory(prefix="aiopyr-chromium-", ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(
            ["chromedriver", f"--port={self._port}", "--silent"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._is_ready, 20, "chromedriver did not start")
            options = {"args": [*ARGUMENTS, f"--user-data-dir={self._profile.name}",
                                f"--window-size={width},{height}"]}
            value = self._call("POST", "/session", {
                "capabilities": {"alwaysMatch": {"browserName": "chrome",
                                                 "goog:chromeOptions": options}}
            })
            self._session = f"/session/{value['sessionId']}"
        except BaseException:
            self._driver.kill()
            self._driver.wait()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait(patient(10))
            self._profile.cleanup()

    def open(self, url):
        self._call("POST", self._session + "/url", {"url": url})

    def run(self, script, *arguments):
        """Returns the value that a function body returns in the page."""
        return self._call("POST", self._session + "/execute/sync",
                          {"script": script, "args": list(arguments)})

    def wait_for(self, script, timeout=15):
        deadline = time.monotonic() + patient(timeout)
        while not (value := self.run(script)):
            if time.monotonic() > deadline:
                raise AssertionError(f"the page never came to {script!r}: "
                                     + self.run("return document.body.innerText"))
            time.sleep(0.05)
        return value

    def new_tab(self):
        """Opens a tab; scripts run in it from now on. Returns its handle, for switch_to()."""
        handle = self._call("POST", self._session + "/window/new", {"type": "tab"})["handle"]
        self.switch_to(handle)
        return handle

    def switch_to(self, tab):
        self._call("POST", self._session + "/window", {"handle": tab})

    def tab(self):
        return self._call("GET", self._session + "/window")

    def type(self, text):
        """Types into the element that has the focus."""
        self._devtools("Input.insertText", text=text)

    def press_enter(self):
        self._press("Enter", 13, text="\r")

    def press_tab(self):
        self._press("Tab", 9)

    def _press(self, key, code, **more):
        for kind in ("keyDown", "keyUp"):
            self._devtools("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **more)

    def screenshot(self):
        """Returns the bytes of a PNG."""
        return base64.b64decode(self._call("GET", self._session + "/screenshot"))

    def prefer_color_scheme(self, scheme):
        """Emulates a visitor whose system is "light" or "dark"."""
        self._devtools("Emulation.setEmulatedMedia",
                       features=[{"name": "prefers-color-scheme", "value": scheme}])

    def emulate_phone(self, width, height):
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                       deviceScaleFactor=2, mobile=True)

    def _devtools(self, command, **parameters):
        self._call("POST", self._session + "/goog/cdp/execute",
                   {"cmd": command, "params": parameters})

    def _is_ready(self):
        try:
            return self._call("GET", "/status")["ready"]
        except OSError:
            return False

    def _call(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=patient(60)) as response:
            return json.load(response)["value"]

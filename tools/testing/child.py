"""Runs a runner as a child process that reports over a pipe of its own.

Its stdout and stderr stay free for what the tests print; they go to a file and are shown when the
runner does not end well.
"""

import os
import select
import signal
import subprocess
import tempfile


class Child:
    """A process of `make_command(fd)`, which writes its report to descriptor fd."""

    def __init__(self, make_command):
        self._report, write_end = os.pipe()
        self._output = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                make_command(write_end),
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                pass_fds=[write_end],
                start_new_session=True,
            )
        finally:
            os.close(write_end)
        self._hung = False
        self._end_of_report = b""

    def chunks(self, timeout):
        """Yields the report as it comes; kills a child that is silent for `timeout` s."""
        while True:
            ready, _, _ = select.select([self._report], [], [], timeout)
            if not ready:
                self._hung = True
                break
            chunk = os.read(self._report, 65536)
            if not chunk:
                break
            self._end_of_report = (self._end_of_report + chunk)[-200:]
            yield chunk
        os.close(self._report)
        if self._hung:
            os.killpg(self._process.pid, signal.SIGKILL)

    def exit_problem(self):
        """Waits for the end; returns None, or a description of the failure."""
        code = self._process.wait()
        if self._hung:
            return "hung, and was killed"
        if code < 0:
            return f"died of {signal.Signals(-code).name}"
        return f"exit code {code}" if code else None

    def early_end(self, problem, current):
        """Describes that the report ended before its end, and where."""
        during = f" during: {current}" if current else ""
        if problem:
            return problem + during
        rest = self._end_of_report.decode(errors="replace").strip()
        return f"the report ends early, though the exit code is 0{during}; it ends with: {rest!r}"

    def output(self, lines=60):
        """Returns the end of the child's output."""
        self._output.seek(0)
        text = self._output.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])

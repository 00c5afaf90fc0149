"""Runs a Catch2 binary through its XML reporter."""

import os
import xml.etree.ElementTree as ElementTree

from testing.child import Child


def run(binary, name_filter, timeout, tally):
    tally.start_runner(binary)
    if not os.access(binary, os.X_OK):
        tally.end_runner("there is no such program")
        return
    pattern = [f"*{name_filter}*"] if name_filter else []
    path = os.path.abspath(binary)
    child = Child(lambda fd: [path, *pattern, "-r", "xml", "-d", "yes", "-o", f"/dev/fd/{fd}"])
    report = Report(tally)
    for chunk in child.chunks(timeout):
        report.feed(chunk)
    problem = child.exit_problem()
    # Catch exits with the number of failures, which are already reported: only an end in the middle of the
    # report is new.
    if report.complete and (report.failures or not problem):
        tally.end_runner()
        return
    if not report.complete:
        problem = child.early_end(problem, report.current)
    tally.end_runner(f"{problem}\n{child.output()}")


class Report:
    """Reads Catch2's XML as it grows; reports each test case to the tally."""

    def __init__(self, tally):
        self._tally = tally
        self._parser = ElementTree.XMLPullParser(["start", "end"])
        self.current = None
        self.complete = False
        self.failures = 0

    def feed(self, chunk):
        self._parser.feed(chunk)
        for event, element in self._parser.read_events():
            if event == "start" and element.tag == "TestCase":
                self.current = element.get("name")
            elif event == "end" and element.tag == "TestCase":
                self._end_case(element)
                element.clear()
            elif event == "end" and element.tag in ("Catch", "Catch2TestRun"):
                self.complete = True

    def _end_case(self, case):
        self.current = None
        result = case.find("OverallResult")
        if result is not None and result.get("success") == "true":
            self._tally.passed(case.get("name"), float(result.get("durationInSeconds", 0)))
            return
        self.failures += 1
        self._tally.failed(case.get("name"), "\n".join(describe_failures(case)))


def describe_failures(element, sections=()):
    """Returns one or more lines for each failed assertion below `element`."""
    for child in element:
        where = f"{child.get('filename')}:{child.get('line')}"
        if child.tag == "Section":
            yield from describe_failures(child, (*sections, child.get("name")))
        elif child.tag == "Expression" and child.get("success") == "false":
            yield f"{where}: {' / '.join(sections)}"
            yield f"  {child.get('type')}({text_of(child, 'Original')})"
            yield f"  with expansion {text_of(child, 'Expanded')}"
            yield from describe_failures(child, sections)
        elif child.tag in ("Exception", "FatalErrorCondition", "Failure"):
            yield f"{where}: {child.tag}: {(child.text or '').strip()}"
        elif child.tag == "Info":
            yield f"  info: {(child.text or '').strip()}"


def text_of(element, tag):
    return (element.findtext(tag) or "").strip()

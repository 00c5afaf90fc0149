#!/usr/bin/python3
"""Finds what g++ 12 miscompiles in coroutines: see docs/compilers.md.

  * a condition of `if`, `while`, `for` or `switch` that awaits and declares no variable: where the
    body around it declares none either, the coroutine never begins;
  * a lambda that captures copies within an expression that awaits: they are moved bit by bit, and
    destroyed twice.

    check_coroutines.py FILE...    says the places, and exits with 1 where there are any
"""

import re
import sys

CONDITION = re.compile(r"\b(if|while|for|switch)\s*(?:constexpr\s*)?\(")
AWAIT = re.compile(r"\bco_await\b")
# A declaration with an initializer: `auto message = co_await ws.recv()`.
DECLARATION = re.compile(r"[\w>&*\]]\s*(?:\w+|\])\s*[={]\s*[^=]*\bco_await\b|[\w>&*]\s+\w+\s*=\s*[^=]")
LAMBDA = re.compile(r"(?<![\w\])])\s*\[([^\[\]]*)\]\s*(?=[({<]|mutable|->)")
OPENING, CLOSING = "([{", ")]}"


def blank(match):
    """Replaces the match by as many blanks, and keeps the line ends."""
    return re.sub(r"[^\n]", " ", match.group())


def without_text(source):
    """Returns the source with comments, strings and characters blanked, so that positions stay the same."""
    return re.sub(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'',
                  blank, source, flags=re.DOTALL)


def end_of_group(code, start):
    """Returns where the bracket that opens at `start` is closed; the end if it is not."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] in OPENING) - (code[i] in CLOSING)
        if depth == 0:
            return i
    return len(code)


def without_bodies(code):
    """Returns the code with the contents of braces blanked: they belong to other statements."""
    out, i = [], 0
    while i < len(code):
        if code[i] == "{":
            end = end_of_group(code, i)
            out.append("{" + re.sub(r"[^\n]", " ", code[i + 1:end]) + "}")
            i = end + 1
        else:
            out.append(code[i])
            i += 1
    return "".join(out)


def end_of_expression(code, start):
    """Returns where the expression that begins at `start` ends: at a `;`, or at the end of what encloses
    it."""
    i = start
    while i < len(code):
        if code[i] in OPENING:
            i = end_of_group(code, i)
        elif code[i] in CLOSING or code[i] == ";":
            return i
        i += 1
    return len(code)


def conditions(code):
    """Returns the conditions that await and declare nothing."""
    for match in CONDITION.finditer(code):
        start = match.end() - 1
        condition = without_bodies(code[start + 1:end_of_group(code, start)])
        if match.group(1) == "for":
            parts = condition.split(";")
            condition = parts[1] if len(parts) == 3 else ""
        else:
            condition = condition.split(";")[-1]
        if AWAIT.search(condition) and not DECLARATION.search(condition):
            yield match.start(), ("a condition that awaits: g++ 12 may leave the coroutine without a beginning; "
                                  "keep the value in a variable first")


def captures_copies(captures):
    names = [name.strip() for name in captures.split(",") if name.strip()]
    return any(not name.startswith("&") and name != "this" for name in names)


def lambdas(code):
    """Returns the lambdas that capture copies within an expression that awaits."""
    for match in AWAIT.finditer(code):
        expression = without_bodies(code[match.start():end_of_expression(code, match.end())])
        for found in LAMBDA.finditer(expression):
            if captures_copies(found.group(1)):
                yield match.start() + found.start(1), (
                    "a lambda with copies in an expression that awaits: g++ 12 destroys them twice; "
                    "keep the lambda in a variable first")


def problems(source):
    code = without_text(source)
    found = sorted(set([*conditions(code), *lambdas(code)]))
    return [(code.count("\n", 0, place) + 1, text) for place, text in found]


def main(paths):
    failed = False
    for path in paths:
        with open(path) as file:
            for line, text in problems(file.read()):
                failed = True
                print(f"{path}:{line}: {text}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/python3
"""Serves the job board of examples/jobs with all that it needs: a PostgreSQL of its own, whose data are in
build/jobs, and a stand-in for the exchange rates. Ctrl-C ends all of it; the next start finds the data again.
"""

import contextlib
import getpass
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))

from support.postgres_programs import account, as_account, program, programs_folder  # noqa: E402

FOLDER = os.path.abspath(os.environ.get("AIOPYR_JOBS") or os.path.join(ROOT, "build", "jobs"))
PORT = os.environ.get("AIOPYR_PORT") or "6543"
URL = f"postgresql:///jobs?host={FOLDER}/socket&user=jobs"
RATES = {"base": "EUR", "rates": {"CHF": 0.94, "GBP": 0.84, "JPY": 163.2, "PLN": 4.28, "SEK": 11.3, "USD": 1.08}}


class Failure(Exception):
    """What keeps the demo from running, in a sentence for who has started it."""


class Ending:
    """Ctrl-C, or SIGTERM. It raises KeyboardInterrupt, but waits for that while a program is being started: what
    is not known yet cannot be ended."""

    waits = False
    has_come = False

    @classmethod
    def come(cls, *_):
        # Once: what is begun in the end is to come to its end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        cls.has_come = True
        cls.check()

    @classmethod
    def check(cls):
        if cls.has_come and not cls.waits:
            raise KeyboardInterrupt


class Rates(http.server.BaseHTTPRequestHandler):
    """Answers every request with the rates."""

    def do_GET(self):
        body = json.dumps(RATES).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def rates_service():
    """Serves the rates on loopback, from a thread; gives the URL."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Rates) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/latest"
        server.shutdown()


@contextlib.contextmanager
def running(name, command, end, **how):
    """Runs a program until the end of `with`; its output goes to a file of FOLDER."""
    Ending.waits = True
    process = start(name, command, **how)
    try:
        Ending.waits = False
        Ending.check()
        yield process
    finally:
        process.send_signal(end)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start(name, command, **how):
    try:
        with open(os.path.join(FOLDER, name + ".log"), "ab") as log:
            # In a session of its own: Ctrl-C is for this script, which ends the others in their order.
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                    **how)
    except FileNotFoundError:
        raise Failure(f"the program {command[0]} is missing") from None


def run(command, **how):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, **how)
    if done.returncode != 0:
        raise Failure(f"{os.path.basename(command[0])} has failed:\n{done.stdout}")
    return done.stdout


def wait_for(what, is_there, process):
    """Waits until `is_there()`; raises Failure with the end of the log where the process ends before."""
    deadline = time.monotonic() + 60
    while not is_there():
        if process.poll() is not None or time.monotonic() > deadline:
            with open(os.path.join(FOLDER, what + ".log"), errors="replace") as log:
                raise Failure(f"{what} does not start:\n" + "".join(log.readlines()[-15:]))
        time.sleep(0.05)


def make_folder(name):
    """Makes a folder that belongs to the server's account, unless it is there; returns its path."""
    path = os.path.join(FOLDER, name)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
        if owner := account():
            os.chown(path, owner.pw_uid, owner.pw_gid)
    return path


def prepare():
    """Makes the data of a new server, unless they are there."""
    if not programs_folder():
        raise Failure("PostgreSQL is missing. Install it: apt install postgresql")
    if len(FOLDER) > 80:
        raise Failure(f"{FOLDER} is too long a path for a Unix socket: set AIOPYR_JOBS to a shorter one")
    try:
        for name in ("spool", "mail"):
            os.makedirs(os.path.join(FOLDER, name), exist_ok=True)
    except OSError as error:
        raise Failure(f"{error}: set AIOPYR_JOBS to a folder of your own") from None
    data = make_folder("data")
    if subprocess.run(["test", "-w", data], **as_account()).returncode != 0:
        if not account():
            raise Failure(f"{data} belongs to another user than {getpass.getuser()}: set AIOPYR_JOBS to a folder of "
                          "your own")
        raise Failure(f"the user {account().pw_name}, as whom PostgreSQL runs where you are root, does not get to "
                      f"{data}: start this as another user, or set AIOPYR_JOBS to a folder that all may enter")
    if not os.path.exists(os.path.join(data, "PG_VERSION")):
        print("Making a database in", data)
        try:
            run([program("initdb"), "-D", data, "-U", "jobs", "--auth=trust", "--encoding=UTF8",
                 "--locale=C.UTF-8"], **as_account())
        except BaseException:
            shutil.rmtree(data, ignore_errors=True)  # half of one would be taken for one
            raise
    return data


def postgres(data):
    options = {"listen_addresses": "", "unix_socket_directories": make_folder("socket"),
               "unix_socket_permissions": "0700"}
    return running("postgres", [program("postgres"), "-D", data,
                                *(f"--{name}={value}" for name, value in options.items())],
                   signal.SIGINT, **as_account())


def psql(*arguments, database="jobs"):
    return run([program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", f"{FOLDER}/socket", "-U", "jobs", database,
                *arguments])


def accepts_queries(server):
    """Returns whether this server does, rather than one that another start of this has left behind."""
    try:
        with open(os.path.join(FOLDER, "data", "postmaster.pid"), encoding="utf8") as file:
            is_own = file.readline().strip() == str(server.pid)
    except FileNotFoundError:
        return False
    asking = [program("pg_isready"), "-q", "-h", f"{FOLDER}/socket", "-U", "jobs", "-d", "postgres"]
    return is_own and subprocess.run(asking).returncode == 0


def fill():
    """Applies the migrations, and puts in what there is to see."""
    jobs = os.path.join(ROOT, "examples", "jobs")
    if not psql("-c", "select datname from pg_database where datname = 'jobs'", database="postgres"):
        psql("-c", "create database jobs", database="postgres")
    print(run([os.path.join(ROOT, "build", "aiopyr-migrate"), URL, os.path.join(jobs, "migrations")]), end="")
    psql("-1", "-f", os.path.join(jobs, "demo.sql"))


def uwsgi(rates_url):
    return running("uwsgi", [os.environ.get("UWSGI", "uwsgi"), "--ini", os.path.join(ROOT, "configs", "jobs.ini")],
                   signal.SIGTERM, cwd=ROOT, env={**os.environ, "AIOPYR_PORT": PORT, "AIOPYR_JOBS": FOLDER,
                                                  "AIOPYR_RATES": rates_url})


def answers():
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", PORT), 1):
        return True
    return False


def serve():
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        raise Failure(f"AIOPYR_PORT is a number from 1 to 65535, not {PORT}")
    if answers():
        raise Failure(f"port {PORT} is in use: set AIOPYR_PORT to another one")
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgres(prepare()))
        wait_for("postgres", lambda: accepts_queries(database), database)
        fill()
        server = stack.enter_context(uwsgi(stack.enter_context(rates_service())))
        wait_for("uwsgi", answers, server)
        print(f"The job board is at http://127.0.0.1:{PORT}\n"
              "Users: ada (password adas-password), grace (grace-password). Five jobs are there.\n"
              f"Applications become mails in {FOLDER}/mail/new, logs are in {FOLDER}.\n"
              "Ctrl-C ends it; the data stay for the next time.", flush=True)
        while server.poll() is None and database.poll() is None:
            time.sleep(0.2)
        raise Failure(f"a server has ended by itself: see the logs in {FOLDER}")


def main():
    signal.signal(signal.SIGINT, Ending.come)
    signal.signal(signal.SIGTERM, Ending.come)
    try:
        serve()
    except KeyboardInterrupt:
        print("\nEnded.")
        return 0
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

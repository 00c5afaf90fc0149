"""Applications for the job board's jobs, which the spooler makes mails of."""

import email
import email.policy
import os
import signal
import stat

from support.endings import children_of
from support.jobs import JobsTest
from support.server import wait_until
from support.visitor import Forms


class Applications(JobsTest):
    ad = "/jobs/1"

    def apply(self, visitor=None, **fields):
        return (visitor or self.visitor()).submit(self.ad + "/apply", **{
            "name": "Emmy Noether", "email": "emmy@example.com", "message": "I would like this job. Really.",
            **fields})

    def wait_for_mail(self, before):
        """Returns the message that is new, parsed."""
        new = wait_until(lambda: sorted(self.mails().keys() - before), 30, self.server.log)
        self.assertEqual(len(new), 1)
        return email.message_from_bytes(self.mails()[new[0]], policy=email.policy.default)

    def test_an_application_becomes_one_mail_to_the_owner(self):
        before = self.mails().keys()
        visitor = self.visitor()
        self.assertRedirected(self.apply(visitor, message="Zwei Zeilen, immerhin:\n\u00fc \u20ac \U0001F600"), self.ad)
        title, owner = self.sql("select title, users.email from ads join users on users.id = owner_id "
                                "where ads.id = 1").split("|")
        self.assertIn("Your application is on its way.", visitor.get(self.ad).text)
        mail = self.wait_for_mail(before)
        self.assertEqual((mail["To"], mail["From"]), (owner, "jobs@example.com"))
        self.assertEqual(mail["Subject"], f"Application: {title}")
        self.assertEqual(mail["Reply-To"], "Emmy Noether <emmy@example.com>")
        self.assertIn("Zwei Zeilen, immerhin:\n\u00fc \u20ac \U0001F600", mail.get_content())
        self.assertIsNotNone(mail["Date"].datetime)
        self.assertTrue(mail["Message-ID"])
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(len(self.mails().keys() - before), 1)
        self.assertEqual(self.sql("select count(*) from applications where sent_at is null"), "0")

    def jobs_left(self):
        return [name for name in os.listdir(os.path.join(self.folder, "spool")) if name.startswith("uwsgi_spool")]

    def test_nothing_is_kept_where_the_spooler_takes_nothing(self):
        count = "select count(*) from applications"
        before = self.sql(count)
        spool = os.path.join(self.folder, "spool")
        os.rename(spool, spool + "-away")
        try:
            answer = self.apply()
        finally:
            os.rename(spool + "-away", spool)
        self.assertEqual(answer.status, 503)
        self.assertIn("cannot be sent now", answer.text)
        self.assertEqual(self.sql(count), before)

    def test_nothing_that_is_typed_becomes_a_header(self):
        evil = "Eve\r\nBcc: all@example.com"
        for fields in ({"name": evil}, {"email": "a@b\nBcc: c@d"}, {"email": "a@b, c@d"}, {"name": "a\0b"}):
            self.assertEqual(self.apply(**fields).status, 400)
        # Past the form, from the tables: what is there is not trusted either.
        path = self.visitor("ada").post_ad(title="=?UTF-8?Q?x?= \"quotes\" <a@b>, \u20ac " + "long " * 12)
        self.sql(f"update ads set title = title || E'\\r\\nBcc: all@example.com' where id = {path[6:]}")
        before = self.mails().keys()
        answer = self.visitor().submit(path + "/apply", name="Bcc: x <y@z>,", email="emmy@example.com",
                                       message="long enough, or is it not?\n.\nBcc: all@example.com")
        self.assertEqual(answer.status, 303)
        mail = self.wait_for_mail(before)
        self.assertEqual(set(mail.keys()), {"From", "To", "Reply-To", "Subject", "Date", "Message-ID",
                                            "Auto-Submitted", "MIME-Version", "Content-Type",
                                            "Content-Transfer-Encoding"})
        self.assertIn("=?UTF-8?Q?x?=", str(mail["Subject"]))
        raw = self.mails()[sorted(self.mails().keys() - before)[0]]
        self.assertTrue(raw.isascii())
        self.assertTrue(all(len(line) <= 76 for line in raw.split(b"\n")), raw)
        self.assertNotIn(b"\nBcc", raw)

    def test_errors_are_next_to_their_fields(self):
        page = self.apply(message="short", name="")
        self.assertEqual(page.status, 400)
        self.assertRegex(page.text, r'id="message-error">[^<]*at least 20')
        self.assertIn("emmy@example.com", page.text)

    def test_users_need_not_type_who_they_are(self):
        fields = Forms(self.visitor("grace").get(self.ad + "/apply").text).forms[-1][1]
        self.assertEqual((fields["name"], fields["email"]), ("grace", "grace@example.com"))

    def test_a_mail_that_fails_is_tried_again_and_comes_once(self):
        before = self.mails().keys()
        new = os.path.join(self.folder, "mail", "new")
        os.makedirs(new, exist_ok=True)
        os.rename(new, new + ".away")
        with open(new, "w"):
            pass  # in its place, so that no folder can be made
        try:
            self.assertRedirected(self.apply(), self.ad)
            self.server.wait_for_log("send_application", 30)
            self.assertEqual(self.sql("select count(*) from applications where sent_at is null"), "1")
        finally:
            os.remove(new)
            os.rename(new + ".away", new)
        self.wait_for_mail(before)
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(len(self.mails().keys() - before), 1)

    def test_a_job_of_an_ad_that_is_gone_is_dropped(self):
        owner = self.visitor("ada")
        path = owner.post_ad()
        before = self.mails().keys()
        spooler = next(pid for pid in children_of(self.server.pid) if "spooler" in name_of(pid))
        os.kill(spooler, signal.SIGSTOP)
        try:
            self.assertEqual(self.visitor().submit(path + "/apply", name="E", email="e@x", message="x" * 30).status,
                             303)
            owner.submit(path + "/delete")
        finally:
            os.kill(spooler, signal.SIGCONT)
        wait_until(lambda: not self.jobs_left(), 30, "the job is not done")
        self.assertEqual(self.mails().keys(), before)


def name_of(pid):
    with open(f"/proc/{pid}/cmdline") as file:
        return file.read()


class Sendmail(JobsTest):
    @classmethod
    def start(cls):
        # Fails the first time.
        cls.program = os.path.join(cls.folder, "sendmail")
        with open(cls.program, "w") as file:
            file.write(f"#!/bin/sh\ncat > {cls.folder}/got.$$\n"
                       f"[ -e {cls.folder}/failed ] || {{ touch {cls.folder}/failed; exit 75; }}\n"
                       f"mv {cls.folder}/got.$$ {cls.folder}/sent.$$; echo \"$@\" > {cls.folder}/arguments\n")
        os.chmod(cls.program, os.stat(cls.program).st_mode | stat.S_IXUSR)
        cls.more_options = ("--aiopyr-set", "mail.folder=", "--aiopyr-set", f"mail.sendmail={cls.program} -t -i")
        super().start()

    def sent(self):
        return [name for name in os.listdir(self.folder) if name.startswith("sent.")]

    def test_a_program_gets_the_mail_and_is_asked_again_where_it_fails(self):
        visitor = self.visitor()
        visitor.submit("/jobs/1/apply", name="Emmy", email="emmy@example.com", message="x" * 30)
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "arguments")), 30, self.server.log)
        self.assertIn("mail.sendmail has refused a mail", self.server.log())
        with open(os.path.join(self.folder, "arguments")) as arguments:
            self.assertEqual(arguments.read(), "-t -i\n")
        with open(os.path.join(self.folder, self.sent()[0])) as sent:
            mail = email.message_from_file(sent, policy=email.policy.default)
        self.assertEqual(mail["Reply-To"], "Emmy <emmy@example.com>")
        wait_until(lambda: self.sql("select count(*) from applications where sent_at is null") == "0", 30,
                   "it is not noted")
        self.assertEqual(len(self.sent()), 1)

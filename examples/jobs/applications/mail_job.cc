// The mail to the owner of an ad. The spooler sends it: a visitor does not wait for a mail server,
// and a mail that fails is tried again, after a restart too.
#include "mail_job.h"

#include <string>
#include <utility>

#include "../../shared/settings.h"
#include "applications.h"
#include "delivery.h"
#include "mail.h"
#include <aiopyr/runtime/base/parse_number.h>
#include <aiopyr/uwsgi.h>

namespace jobs {

using namespace aiopyr;

namespace {

constexpr const char* kJob = "send_application";

Mail mail_of(const Application& application, const std::string& from) {
  return {.id = "application-" + std::to_string(application.id),
          .from = from,
          .to = application.owner_email,
          .reply_to_name = application.name,
          .reply_to = application.email,
          .date = application.date,
          .subject = "Application: " + application.title,
          .text = application.name + " <" + application.email + "> applies for \"" +
                  application.title + "\":\n\n" + application.message + "\n"};
}

/// Delivers the mail and notes that in the same transaction: where one of both fails, the job is
/// tried again.
Task<> send_unsent(postgres::Transaction& tx, Delivery delivery, std::int64_t id) {
  const std::optional<Application> application = co_await take_unsent(tx, id);
  if (!application) co_return;
  const Mail mail = mail_of(*application, delivery.from);
  delivery.deliver(mail.id + ".eml", message_of(mail));
  co_await mark_sent(tx, id);
}

Task<> send(std::string url, Delivery delivery, std::int64_t id) {
  postgres::Database db(url);
  const auto sending = [&](postgres::Transaction& tx) { return send_unsent(tx, delivery, id); };
  co_await db.transaction(sending);
  co_await db.close();
}

}  // namespace

void include_mail_job(Configurator& config) {
  const std::string url = shared::required_setting(config, "postgres.url");
  const Delivery delivery = delivery_of(config);
  // In the spooler, which has no loop: run_blocking() makes one. An exception keeps the job.
  uwsgi::spooler(kJob, [url, delivery](const uwsgi::SpoolTask& task) {
    const auto id = parse_number<std::int64_t>(task.vars.at("id")).value_or(0);
    run_blocking(send(url, delivery, id));
    return uwsgi::SpoolResult::kOk;
  });
}

void spool_mail(std::int64_t application_id) {
  uwsgi::spool(kJob, {{"id", std::to_string(application_id)}});
}

}  // namespace jobs

// Work for later, in other processes: messages to mules, jobs of the spooler.
#include <string>

#include "services.h"

namespace services {

using namespace aiopyr;

namespace jobs {

/// Runs in a mule: there is no loop, and it may block.
void on_message(std::string_view message) {
  if (message == "fail") throw std::runtime_error("the mule has failed");
  const std::string key = "mule " + std::to_string(uwsgi::mule_id());
  uwsgi::cache_update(key, message);
}

void clock_program() { uwsgi::cache_update("program", "ran"); }

/// Runs in the spooler. A job that fails is tried again.
uwsgi::SpoolResult send_mail(const uwsgi::SpoolTask& task) {
  uwsgi::cache_inc("mail attempts");
  if (uwsgi::cache_num("mail attempts") < 2) throw std::runtime_error("the mail server is busy");
  uwsgi::cache_update("mail to " + task.vars.at("to"), task.body);
  return uwsgi::SpoolResult::kOk;
}

Task<std::string> tell_mule(Request& request) {
  const auto message = request.params().get<std::string>("message", "");
  const auto farm = request.params().get<std::string>("farm", "");
  if (farm.empty()) {
    uwsgi::mule_msg(message, request.params().get<int>("mule", 0));
  } else {
    uwsgi::farm_msg(farm, message);
  }
  co_return "told";
}

Task<std::string> spool_mail(Request& request) {
  const auto body = request.params().get<std::string>("body", "");
  uwsgi::SpoolOptions options;
  options.body = body;
  uwsgi::spool("send_mail", {{"to", request.params().get<std::string>("to", "")}}, options);
  co_return "spooled";
}

}  // namespace jobs

void include_jobs(Configurator& config) {
  using namespace jobs;
  // With lazy-apps there is no app in mules and spoolers.
  if (asbool(config.registry().settings, "services.without_jobs")) return;
  uwsgi::on_mule_msg(on_message);
  uwsgi::mule("clock", clock_program);
  uwsgi::spooler("send_mail", send_mail);
  config.add_route("mule", "/mule");
  config.add_view(tell_mule, {.route_name = "mule", .renderer = "string"});
  config.add_route("mail", "/mail");
  config.add_view(spool_mail, {.route_name = "mail", .renderer = "string"});
}

}  // namespace services

#include "database.h"

#include "../shared/settings.h"

namespace jobs {

using namespace aiopyr;

postgres::Database& database(const Request& request) {
  return request.registry().get<postgres::Database>();
}

void include_database(Configurator& config) {
  const std::string url = shared::required_setting(config, "postgres.url");
  config.on_worker_start([url](Registry& registry) { registry.emplace<postgres::Database>(url); });
  postgres::add_request_transactions(config);
}

}  // namespace jobs

// Pyramid's wiki tutorial: pages that link each other by their names, users, permissions, forms.
// docs/wiki.md is a tour of it; configs/wiki.ini serves it.
#include "../shared/settings.h"
#include "security.h"
#include "store.h"
#include "views.h"

namespace wiki {

using namespace aiopyr;

namespace {

std::shared_ptr<const Store> open_store(Configurator& config) {
  const std::string path = shared::required_setting(config, "sqlite.path");
  try {
    return std::make_shared<const Store>(path);
  } catch (const std::exception& error) {
    throw ConfigurationError("the database " + path + " cannot be used: " + error.what());
  }
}

}  // namespace

void app(Configurator& config) {
  config.add_request_method("store", [store = open_store(config)](Request&) { return store; });
  config.include(include_security);
  config.include(include_layout);
  config.include(include_login);
  config.include(include_pages);
  config.include(include_errors);
}

}  // namespace wiki

AIOPYR_APP(wiki::app);

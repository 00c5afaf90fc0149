#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/config/app_abi.h>
#include <aiopyr/runtime/web/config/application.h>

namespace aiopyr {

namespace {

std::uint64_t headers_hash(const AbiFingerprint& abi) {
  return std::uint64_t{abi[1]} << 32 | abi[0];
}

std::string as_hash(std::uint64_t number) {
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016llx", static_cast<unsigned long long>(number));
  return digits;
}

void require_same_abi(const AppEntry& entry) {
  if (entry.magic != kAppMagic) {
    throw ConfigurationError("the app's entry point is not one that AIOPYR_APP makes");
  }
  const std::string difference = describe_abi_mismatch(entry.abi, abi_fingerprint());
  if (difference.empty()) return;
  throw ConfigurationError("the app was compiled against another aiopyr (" + difference +
                           "): compile it again with the headers of this plugin");
}

}  // namespace

std::string describe_abi_mismatch(const AbiFingerprint& app, const AbiFingerprint& ours) {
  if (headers_hash(app) != headers_hash(ours)) {
    return "the ABI of its headers is " + as_hash(headers_hash(app)) + ", this plugin's is " +
           as_hash(headers_hash(ours));
  }
  std::string text;
  for (std::size_t i = 0; i < app.size(); ++i) {
    if (app[i] == ours[i]) continue;
    if (!text.empty()) text += ", ";
    text += i < kAbiFacts.size() ? kAbiFacts[i] : "something newer";
    text += " is " + std::to_string(app[i]) + " there and " + std::to_string(ours[i]) + " here";
  }
  return text;
}

Application make_application(const AppEntry& entry, Settings settings, std::string app_folder,
                             Logger logger) {
  require_same_abi(entry);
  auto registry = std::make_shared<Registry>(std::move(settings), std::move(app_folder));
  if (logger) registry->set_logger(std::move(logger));
  // Keeps the class-wide defaults that the app sets for this app only.
  const ClassDefaults::Scope scope(registry->class_defaults);
  Configurator config(registry);
  Application app{entry.make(config), std::move(registry)};
  if (!app.handler) throw ConfigurationError("the app's function returned an empty handler");
  return app;
}

}  // namespace aiopyr

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>

/// The parts of a request that use the registry of its app.
namespace aiopyr {

const Registry& Request::empty_registry() {
  static const Registry kEmpty;
  return kEmpty;
}

const Settings& Request::settings() const noexcept { return registry_.settings; }

const std::string& Request::app_folder() const noexcept { return registry_.app_folder(); }

const std::string& RequestFindings::matched_route() const noexcept {
  static const std::string kNone;
  return route_ == nullptr ? kNone : route_->name;
}

Session& Request::session() {
  if (session_) return *session_;
  const SessionFactory& factory = registry_.security.session_factory;
  if (!factory) {
    throw ConfigurationError(
        "the app has no sessions: give its configurator a session factory (set_session_factory)");
  }
  session_ = factory(*this);
  return *session_;
}

std::any Request::property_value(std::string_view name) {
  const auto& properties = registry_.request_properties;
  const auto property = properties.find(name);
  if (property == properties.end()) {
    throw Error("requests have no property '" + std::string(name) +
                "': add_request_method() adds one");
  }
  if (!property->second.reify) return property->second.get(*this);
  const std::string key = "aiopyr.property." + std::string(name);
  const auto kept = attributes_.find(key);
  if (kept != attributes_.end()) return kept->second;
  return attributes_[key] = property->second.get(*this);
}

void Request::throw_property_type(std::string_view name, const std::any& value,
                                  const std::type_info& wanted) {
  throw Error("the property '" + std::string(name) + "' is a " + type_name(value.type()) +
              ", and was asked for as a " + type_name(wanted));
}

}  // namespace aiopyr

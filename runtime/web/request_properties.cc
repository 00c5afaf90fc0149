#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/web/registry.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr {

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

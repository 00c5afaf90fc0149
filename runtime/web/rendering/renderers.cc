#include <aiopyr/runtime/async/executor/executor_call.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/join.h>
#include <aiopyr/runtime/web/json/json_writer.h>
#include <aiopyr/runtime/web/json/large_json.h>
#include <aiopyr/runtime/web/rendering/renderers.h>

namespace aiopyr {
namespace {

/// Writes a value as text; a large one in a thread.
std::string write_json_aside(const Json& value) {
  return detail::call_aside(detail::is_large(value), [&value] { return write_json(value); });
}

class JsonRenderer final : public Renderer {
 public:
  std::string render(const Json& value, const RenderContext&) const override {
    return write_json_aside(value);
  }
  std::string_view content_type() const noexcept override { return "application/json"; }
};

class StringRenderer final : public Renderer {
 public:
  std::string render(const Json& value, const RenderContext&) const override {
    if (value.is_string()) return value.get<std::string>();
    return value.is_null() ? std::string() : write_json_aside(value);
  }
  std::string_view content_type() const noexcept override { return "text/plain"; }
};

/// Returns ".html" of "templates/home.html"; empty if there is none.
std::string extension_of(const std::string& name) {
  const auto dot = name.rfind('.');
  const auto slash = name.rfind('/');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
  return name.substr(dot);
}

}  // namespace

RendererPtr make_json_renderer() { return std::make_shared<const JsonRenderer>(); }

RendererPtr make_string_renderer() { return std::make_shared<const StringRenderer>(); }

RendererRegistry::RendererRegistry() {
  add("json", [](const RendererInfo&) { return make_json_renderer(); });
  add("string", [](const RendererInfo&) { return make_string_renderer(); });
  add(".html", make_template_renderer);
  add(".mustache", make_template_renderer);
}

void RendererRegistry::add(std::string type, RendererFactory factory) {
  const std::lock_guard lock(mutex_);
  factories_.insert_or_assign(std::move(type), std::move(factory));
  made_.clear();
}

RendererPtr RendererRegistry::get(const std::string& name, const std::string& base_folder,
                                  const Settings& settings) const {
  const std::lock_guard lock(mutex_);
  RendererPtr& renderer = made_[{name, base_folder}];
  if (!renderer) {
    std::string type;
    const RendererFactory& factory = factory_for(name, type);
    renderer = factory({name, type, base_folder, settings});
  }
  return renderer;
}

const RendererFactory& RendererRegistry::factory_for(const std::string& name,
                                                     std::string& type) const {
  for (std::string key : {name, extension_of(name)}) {
    const auto found = factories_.find(key);
    if (found == factories_.end()) continue;
    type = std::move(key);
    return found->second;
  }
  const std::string known =
      join(factories_, ", ", [](const auto& factory) { return factory.first; });
  throw ConfigurationError("There is no renderer for '" + name + "'. Known are: " + known +
                           ". Others are added with add_renderer().");
}

}  // namespace aiopyr

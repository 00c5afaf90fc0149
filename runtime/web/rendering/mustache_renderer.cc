#include <algorithm>
#include <memory>
#include <mutex>

#include <kainjow/mustache.hpp>

#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/rendering/template_source.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(const Json& value);

mustache::data object_data(const Json& value) {
  mustache::data object(mustache::data::type::object);
  for (const auto& [name, member] : value.items()) object[name] = to_data(member);
  return object;
}

mustache::data list_data(const Json& value) {
  mustache::list list;
  list.reserve(value.size());
  for (const Json& item : value) list.push_back(to_data(item));
  return {list};
}

/// Converts a value. Numbers become text as JSON prints them; false, null and an empty string are
/// all false to a section.
mustache::data to_data(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return object_data(value);
    case Json::value_t::array:
      return list_data(value);
    case Json::value_t::string:
      if (value.get_ref<const std::string&>().empty()) return {false};
      return {value.get_ref<const std::string&>()};
    case Json::value_t::boolean:
      return {value.get<bool>()};
    case Json::value_t::null:
    case Json::value_t::discarded:
      return {false};
    default:
      return {value.dump()};
  }
}

Json describe(Request& request) {
  return Json{{"method", request.method()},
              {"path", request.path()},
              {"path_info", request.path_info()},
              {"query_string", request.query_string()},
              {"host", request.host()},
              {"host_url", request.host_url()},
              {"application_url", request.application_url()},
              {"url", request.url()},
              {"scheme", request.scheme()},
              {"remote_addr", request.remote_addr()},
              {"matched_route", request.matched_route()},
              {"view_name", request.view_name()}};
}

/// Returns the data of a template. The view's members override the system values, as in Pyramid.
/// Describing the request costs more than most templates do, so it is omitted if the template does
/// not use it.
mustache::data root_data(const Json& value, const RenderContext& system, bool wants_request) {
  mustache::data root = object_data(value);
  const auto add = [&root](const char* name, const Json& member) {
    if (root.get(name) == nullptr) root[name] = to_data(member);
  };
  if (system.values != nullptr) {
    for (const auto& [name, member] : system.values->items()) add(name.c_str(), member);
  }
  add("renderer_name", std::string(system.renderer_name));
  if (wants_request && system.request != nullptr) add("request", describe(*system.request));
  return root;
}

/// One template, parsed.
class Template {
 public:
  Template(const std::filesystem::path& base, const std::string& name)
      : source_(detail::read_template(base, name)), parsed_(source_.text) {
    parsed_.set_custom_escape([](const std::string& text) { return html_escape(text); });
  }

  [[nodiscard]] bool is_stale() const noexcept { return source_.is_stale(); }
  [[nodiscard]] bool mentions_request() const noexcept {
    return source_.text.find("request") != std::string::npos;
  }
  [[nodiscard]] std::string render(const mustache::data& data) { return parsed_.render(data); }

 private:
  detail::TemplateSource source_;
  mustache::mustache parsed_;
};

class TemplateRenderer final : public Renderer {
 public:
  explicit TemplateRenderer(const RendererInfo& info)
      : base_(info.base_folder),
        name_(info.name),
        reloads_(asbool(info.settings, "reload_templates")),
        template_(std::make_unique<Template>(base_, name_)) {}

  std::string render(const Json& value, const RenderContext& system) const override {
    if (!value.is_object()) {
      throw Error("The view's value for the template " + name_ +
                  " must be a JSON object, not of type " + value.type_name() + ".");
    }
    // Locks, since the engine writes to its own state while it renders. Nothing in here parks.
    const std::lock_guard lock(mutex_);
    if (reloads_ && template_->is_stale()) template_ = std::make_unique<Template>(base_, name_);
    return template_->render(root_data(value, system, template_->mentions_request()));
  }

  std::string_view content_type() const noexcept override { return "text/html"; }

 private:
  std::filesystem::path base_;
  std::string name_;
  bool reloads_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<Template> template_;
};

/// Returns the byte at the end of the engine's "... at 123".
std::size_t position_of(const std::string& error) {
  const auto at = error.rfind(" at ");
  return at == std::string::npos ? 0 : std::stoul("0" + error.substr(at + 4));
}

}  // namespace

void detail::check_template_syntax(const std::filesystem::path& path, const std::string& text) {
  const mustache::mustache parsed(text);
  if (parsed.is_valid()) return;
  const std::string& error = parsed.error_message();
  const auto end =
      text.begin() + static_cast<std::ptrdiff_t>(std::min(position_of(error), text.size()));
  throw ConfigurationError("The template " + path.string() + " is malformed in line " +
                           std::to_string(std::count(text.begin(), end, '\n') + 1) + ": " + error +
                           ".");
}

RendererPtr make_template_renderer(const RendererInfo& info) {
  return std::make_shared<const TemplateRenderer>(info);
}

}  // namespace aiopyr

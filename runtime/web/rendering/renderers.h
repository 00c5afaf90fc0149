#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <aiopyr/runtime/web/json/json.h>
#include <aiopyr/runtime/web/settings/settings.h>

/// Renderers turn what a view returns into a body (pyramid.renderers).
namespace aiopyr {

class Request;
class Resource;

/// Pyramid's system values, which a renderer gets besides the view's value. Valid for one call.
struct RenderContext {
  Request* request = nullptr;  ///< null if a value is rendered outside of a request
  Resource* context = nullptr;
  std::string_view renderer_name{};
  const Json* values = nullptr;  ///< added by subscribers of BeforeRender; an object, or null
};

/// Renders values. Immutable once made and shared by all requests; several threads may call
/// render() at the same time.
class Renderer {
 public:
  virtual ~Renderer() = default;

  /// Returns the body for `value`. Throws Error if it cannot render that kind of value.
  [[nodiscard]] virtual std::string render(const Json& value,
                                           const RenderContext& system) const = 0;

  /// Returns the media type to set if the response still has the default one.
  [[nodiscard]] virtual std::string_view content_type() const noexcept = 0;
};

using RendererPtr = std::shared_ptr<const Renderer>;

/// Describes the renderer that a factory has to make.
struct RendererInfo {
  std::string name;         ///< as the view names it: "json", "templates/home.html"
  std::string type;         ///< the key that it was found by: "json", ".html"
  std::string base_folder;  ///< relative template names start here
  const Settings& settings;
};

using RendererFactory = std::function<RendererPtr(const RendererInfo&)>;

/// Maps a renderer's name to a renderer. Filled while the app is configured; used then and later,
/// on any thread. The renderers that it returns are shared.
class RendererRegistry {
 public:
  /// Registers `json`, `string`, and templates by `.html` and `.mustache`.
  RendererRegistry();

  /// Adds or replaces a factory (Configurator.add_renderer). `type` is a name, or an extension with
  /// its dot.
  void add(std::string type, RendererFactory factory);

  /// Returns the renderer of a name, made at the first call and kept. An exact name comes before an
  /// extension. Throws ConfigurationError, which lists the known ones, for an unknown name, and
  /// whatever the factory throws, such as for a template that is missing or broken.
  [[nodiscard]] RendererPtr get(const std::string& name, const std::string& base_folder,
                                const Settings& settings) const;

 private:
  [[nodiscard]] const RendererFactory& factory_for(const std::string& name,
                                                   std::string& type) const;

  std::map<std::string, RendererFactory> factories_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::string, std::string>, RendererPtr> made_;
};

/// Compact JSON as application/json; text that is not UTF-8 becomes U+FFFD. On a fiber, a large
/// value is written in a thread of the executor, which the fiber waits for.
[[nodiscard]] RendererPtr make_json_renderer();

/// Returns a renderer of JSON or, if the query names a callback in `parameter`, of a script that
/// calls it with the value (pyramid.renderers.JSONP). An invalid name is answered with 400. It is
/// not registered by default: an app that wants it adds it, `add_renderer("jsonp", ...)`.
[[nodiscard]] RendererPtr make_jsonp_renderer(std::string parameter = "callback");

/// Returns a renderer of text/plain: a string as it is, null as an empty text, anything else as
/// JSON.
[[nodiscard]] RendererPtr make_string_renderer();

/// Returns a renderer of a mustache template as text/html (docs/renderers.md). `info.name` is a
/// file, relative to `info.base_folder`. It is read and checked now, and again when it or a partial
/// has changed if the setting reload_templates is true. Throws ConfigurationError that names file,
/// line and reason.
[[nodiscard]] RendererPtr make_template_renderer(const RendererInfo& info);

}  // namespace aiopyr

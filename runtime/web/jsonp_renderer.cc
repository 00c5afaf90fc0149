#include <algorithm>

#include <aiopyr/runtime/web/ascii.h>
#include <aiopyr/runtime/web/httpexceptions.h>
#include <aiopyr/runtime/web/renderers.h>
#include <aiopyr/runtime/web/request.h>

namespace aiopyr {

namespace {

constexpr std::size_t kMaxCallback = 128;

/// A JavaScript name, or a path of such: what Pyramid's JSONP_VALID_CALLBACK lets through.
bool is_callback(std::string_view name) noexcept {
  const auto starts_name = [](char c) {
    return c == '$' || c == '_' || (is_ascii_alnum(c) && !(c >= '0' && c <= '9'));
  };
  const auto goes_on = [](char c) {
    return is_ascii_alnum(c) || c == '$' || c == '_' || c == '.' || c == '[' || c == ']';
  };
  return !name.empty() && name.size() <= kMaxCallback && starts_name(name.front()) &&
         name.back() != '.' && std::all_of(name.begin(), name.end(), goes_on);
}

class JsonpRenderer final : public Renderer {
 public:
  explicit JsonpRenderer(std::string parameter)
      : parameter_(std::move(parameter)), json_(make_json_renderer()) {}

  std::string render(const Json& value, const RenderContext& system) const override {
    std::string json = json_->render(value, system);
    if (system.request == nullptr) return json;
    const std::string* callback = system.request->GET().find(parameter_);
    if (callback == nullptr) return json;
    if (!is_callback(*callback)) {
      throw HTTPBadRequest("Invalid JSONP callback function name.");
    }
    Response& response = system.request->response();
    if (response.content_type() == Response::kDefaultContentType) {
      response.set_content_type("application/javascript");
    }
    // The comment keeps the answer from being taken for a Flash file by its first bytes.
    return "/**/" + *callback + "(" + json + ");";
  }
  std::string_view content_type() const noexcept override { return "application/json"; }

 private:
  std::string parameter_;
  RendererPtr json_;
};

}  // namespace

RendererPtr make_jsonp_renderer(std::string parameter) {
  return std::make_shared<const JsonpRenderer>(std::move(parameter));
}

}  // namespace aiopyr

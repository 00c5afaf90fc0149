#include <algorithm>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/runtime/web/rendering/renderers.h>
#include <aiopyr/runtime/web/request/request.h>

namespace aiopyr {

namespace {

constexpr std::size_t kMaxCallback = 128;

/// Returns whether `name` is a JavaScript name or a path of names: what Pyramid's
/// JSONP_VALID_CALLBACK accepts.
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

/// Escapes U+2028 and U+2029: JSON allows them in strings (and only there), but JavaScript read
/// them as line ends until ES2019.
std::string as_javascript(const std::string& json) {
  std::string text;
  text.reserve(json.size());
  std::size_t begin = 0;
  for (auto at = json.find("\xE2\x80"); at != std::string::npos;
       at = json.find("\xE2\x80", at + 2)) {
    const bool is_line = json.compare(at, 3, "\xE2\x80\xA8") == 0;
    if (!is_line && json.compare(at, 3, "\xE2\x80\xA9") != 0) continue;
    text.append(json, begin, at - begin).append(is_line ? "\\u2028" : "\\u2029");
    begin = at + 3;
  }
  return text.append(json, begin);
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
    // The comment prevents the answer from being taken for a Flash file by its first bytes.
    return "/**/" + *callback + "(" + as_javascript(json) + ");";
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

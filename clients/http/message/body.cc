#include <utility>

#include <aiopyr/clients/http/message/body.h>

namespace aiopyr::http {

namespace {

class FunctionSource final : public BodySource {
 public:
  FunctionSource(std::function<Task<std::optional<std::string>>()> next,
                 std::optional<std::uint64_t> length)
      : next_(std::move(next)), length_(length) {}

  Task<std::optional<std::uint64_t>> open() override { co_return length_; }
  Task<std::optional<std::string>> next() override { return next_(); }

 private:
  std::function<Task<std::optional<std::string>>()> next_;
  std::optional<std::uint64_t> length_;
};

}  // namespace

Body::Body(std::string bytes) : kind_(Kind::kBytes), bytes_(std::move(bytes)) {}

Body::Body(const char* text) : Body(std::string(text)) {}

Body::Body(std::string bytes, std::string content_type)
    : kind_(Kind::kBytes), bytes_(std::move(bytes)), content_type_(std::move(content_type)) {}

Body::Body(std::function<std::shared_ptr<BodySource>()> open, std::string content_type, bool once)
    : kind_(Kind::kStreamed),
      once_(once),
      content_type_(std::move(content_type)),
      open_(std::move(open)) {}

Body json_text(std::string text) { return {std::move(text), "application/json"}; }

Body form(const Pairs& fields) {
  std::string text;
  append_urlencoded(text, fields);
  return {std::move(text), "application/x-www-form-urlencoded"};
}

Body stream_body(std::function<Task<std::optional<std::string>>()> next, std::string content_type,
                 std::optional<std::uint64_t> length) {
  auto source = std::make_shared<FunctionSource>(std::move(next), length);
  return {[source] { return source; }, std::move(content_type), true};
}

}  // namespace aiopyr::http

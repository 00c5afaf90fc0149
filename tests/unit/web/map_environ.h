#pragma once

#include <map>
#include <string>

#include <aiopyr/runtime/web/environ.h>
#include <aiopyr/runtime/web/httpexceptions.h>

namespace aiopyr {

/// A request's variables and body from plain values. It counts how often the body was asked for.
class MapEnviron : public Environ {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit MapEnviron(Variables variables = {}, std::string body = {})
      : variables_(std::move(variables)), body_(std::move(body)) {
    if (!body_.empty()) variables_["CONTENT_LENGTH"] = std::to_string(body_.size());
  }

  [[nodiscard]] std::string_view get(std::string_view name) const override {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::string_view() : std::string_view(found->second);
  }

  void for_each(const std::function<void(std::string_view, std::string_view)>& f) const override {
    for (const auto& [name, value] : variables_) f(name, value);
  }

  std::string_view read_body(std::size_t limit) override {
    ++reads;
    if (body_.size() > limit) throw HTTPRequestEntityTooLarge();
    return body_;
  }

  int reads = 0;

 private:
  Variables variables_;
  std::string body_;
};

}  // namespace aiopyr

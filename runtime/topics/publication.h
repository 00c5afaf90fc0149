#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aiopyr::topics {

/// The form in which one kind of subscriber sends a publication: a websocket's frame, the event of
/// an event stream. Made once and kept with the publication, for all subscribers of that kind. A
/// derived class is constructed from a `const Publication&`.
class Form {
 public:
  Form() noexcept;
  virtual ~Form();
  Form(const Form&) = delete;
  Form& operator=(const Form&) = delete;

 private:
  friend class Publication;

  const void* kind_ = nullptr;  // identifies the class: the address of its kKindOfForm
  std::unique_ptr<Form> next_;
};

class Publication;
using SharedPublication = std::shared_ptr<const Publication>;

/// A published message: a text or bytes, and its forms for each kind of subscriber. Immutable and
/// for any thread, except as(), which only the delivering thread may call.
class Publication {
 public:
  enum class Kind : std::uint8_t { kText, kBytes };

  /// Throws Error if a text is not UTF-8.
  Publication(Kind kind, std::string content);

  /// Takes the content from `form`, which already holds it, so that it is not copied. Requires: a
  /// text is UTF-8.
  template <std::derived_from<Form> F>
  Publication(Kind kind, std::unique_ptr<F> form) : content_(form->content()), kind_(kind) {
    add(&kKindOfForm<F>, std::move(form));
  }

  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  /// Returns a text. Throws Error if it is not UTF-8.
  [[nodiscard]] static SharedPublication text(std::string content);
  [[nodiscard]] static SharedPublication bytes(std::string content);

  [[nodiscard]] bool is_text() const noexcept { return kind_ == Kind::kText; }
  [[nodiscard]] std::string_view content() const noexcept { return content_; }

  /// Returns its form of the class F, made on the first call.
  template <std::derived_from<Form> F>
  [[nodiscard]] const F& as() const {
    for (const Form* form = forms_.get(); form != nullptr; form = form->next_.get()) {
      if (form->kind_ == &kKindOfForm<F>) return static_cast<const F&>(*form);
    }
    return static_cast<const F&>(add(&kKindOfForm<F>, std::make_unique<F>(*this)));
  }

 private:
  template <class F>
  static inline char kKindOfForm{};

  const Form& add(const void* kind, std::unique_ptr<Form> form) const noexcept;

  std::string own_;  // empty if a form holds the content
  std::string_view content_;
  Kind kind_;
  mutable std::unique_ptr<Form> forms_;  // the latest first; there are few
};

}  // namespace aiopyr::topics

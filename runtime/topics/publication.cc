#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/runtime/topics/publication.h>

namespace aiopyr::topics {

Form::Form() noexcept = default;
Form::~Form() = default;

Publication::Publication(Kind kind, std::string content)
    : own_(std::move(content)), content_(own_), kind_(kind) {
  if (is_text() && !is_valid_utf8(content_)) {
    throw Error("a published text is not UTF-8: publish bytes as Publication::bytes(...)");
  }
}

Publication::~Publication() = default;

SharedPublication Publication::text(std::string content) {
  return std::make_shared<const Publication>(Kind::kText, std::move(content));
}

SharedPublication Publication::bytes(std::string content) {
  return std::make_shared<const Publication>(Kind::kBytes, std::move(content));
}

const Form& Publication::add(const void* kind, std::unique_ptr<Form> form) const noexcept {
  form->kind_ = kind;
  form->next_ = std::move(forms_);
  forms_ = std::move(form);
  return *forms_;
}

}  // namespace aiopyr::topics

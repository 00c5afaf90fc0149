#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/text/utf8_validator.h>
#include <aiopyr/runtime/topics/publication.h>

namespace aiopyr::topics {

Publication::Publication(Kind kind, std::string content)
    : own_(std::move(content)), content_(own_), kind_(kind) {
  if (is_text() && !is_valid_utf8(content_)) {
    throw Error("a published text is not UTF-8: publish bytes as Publication::bytes(...)");
  }
}

}  // namespace aiopyr::topics

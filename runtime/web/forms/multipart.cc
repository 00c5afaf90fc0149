#include <algorithm>

#include <aiopyr/runtime/text/ascii.h>
#include <aiopyr/runtime/text/utf8.h>
#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/forms/multipart_part.h>
#include <aiopyr/runtime/web/forms/transfer_encoding.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>

namespace aiopyr {
namespace {

using detail::PartHead;
using detail::throw_malformed;

constexpr std::size_t kMaxBoundary = 201;

/// Returns whether a boundary is valid, as leniently as Python's cgi.valid_boundary. RFC 2046
/// section 5.1.1 allows 70 characters, and not all of these.
bool is_boundary(std::string_view text) noexcept {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  return !text.empty() && text.size() <= kMaxBoundary && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), is_printable);
}

/// Walks a body from boundary to boundary.
class MultipartParser {
 public:
  MultipartParser(std::string_view body, std::string_view boundary, const FormLimits& limits)
      : body_(body), dash_boundary_("--" + std::string(boundary)), limits_(limits) {}

  Form parse() {
    // A form without any part is empty, as in WebOb.
    if (body_.find(dash_boundary_) == std::string_view::npos) return {};
    go_behind(find_delimiter(0));
    for (std::size_t parts = 0; !at_end_; ++parts) {
      if (parts == limits_.parts) {
        throw HTTPBadRequest("The form has more than " + std::to_string(limits_.parts) + " parts.");
      }
      read_part();
    }
    return std::move(form_);
  }

 private:
  /// A delimiter: the end of the content before it, and the beginning of what follows it.
  struct Delimiter {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool is_last = false;
  };

  /// Reads what may follow a boundary: `--`, or spaces and a line end (RFC 2046 section 5.1.1).
  /// Returns false if the match was not a boundary but content that starts like one.
  bool finish_delimiter(Delimiter& delimiter, std::size_t at) const noexcept {
    if (body_.substr(at, 2) == "--") {
      delimiter.is_last = true;
      return true;
    }
    while (at < body_.size() && (body_[at] == ' ' || body_[at] == '\t')) ++at;
    delimiter.end = at + 2;
    return body_.substr(at, 2) == "\r\n";
  }

  /// Returns the next delimiter at or after `from`; `from` may itself stand behind a line end.
  Delimiter find_delimiter(std::size_t from) const {
    for (auto at = body_.find(dash_boundary_, from); at != std::string_view::npos;
         at = body_.find(dash_boundary_, at + 1)) {
      const bool line_end = at >= 2 && body_.substr(at - 2, 2) == "\r\n";
      if (at != from && (!line_end || at - 2 < from)) continue;
      Delimiter delimiter;
      delimiter.begin = at == from ? at : at - 2;
      if (finish_delimiter(delimiter, at + dash_boundary_.size())) return delimiter;
    }
    throw_malformed(body_.size(), "the body ends without the closing boundary");
  }

  void go_behind(const Delimiter& delimiter) noexcept {
    position_ = delimiter.end;
    at_end_ = delimiter.is_last;
  }

  void read_part() {
    const std::size_t start = position_;
    const std::string_view block = read_header_block();
    const PartHead head = detail::parse_part_head(block, start);
    const Delimiter delimiter = find_delimiter(position_);
    auto content = detail::decode_transfer(head.transfer_encoding,
                                           body_.substr(position_, delimiter.begin - position_));
    if (!content) throw_malformed(position_, "the part is not the base64 that it says it is");
    add(head, std::move(*content), position_);
    go_behind(delimiter);
  }

  std::string_view read_header_block() {
    // Bounds the search, so that a body without an empty line does not cost long scans.
    const std::string_view window = body_.substr(position_, limits_.part_header_bytes + 4);
    const auto length = window.find("\r\n\r\n");
    if (length == std::string_view::npos) {
      throw_malformed(position_, window.size() > limits_.part_header_bytes
                                     ? "the part's headers are too long"
                                     : "the part's headers do not end");
    }
    position_ += length + 4;
    return window.substr(0, length);
  }

  void add(const PartHead& head, std::string content, std::size_t position) {
    if (head.filename && !head.filename->empty()) {
      const bool typed = !head.content_type.empty();
      form_.files.push_back({head.name, *head.filename,
                             typed ? head.content_type : "application/octet-stream",
                             std::move(content)});
      return;
    }
    if (const auto error = find_utf8_error(content)) {
      throw_malformed(position + error->position,
                      "the field '" + printable(head.name) + "' is not UTF-8: " + describe(*error));
    }
    if (form_.fields.size() == limits_.parameters) {
      throw HTTPBadRequest("There are more than " + std::to_string(limits_.parameters) +
                           " parameters.");
    }
    form_.fields.add(head.name, std::move(content));
  }

  std::string_view body_;
  std::string dash_boundary_;
  FormLimits limits_;
  std::size_t position_ = 0;
  bool at_end_ = false;
  Form form_;
};

}  // namespace

Form parse_multipart(std::string_view body, std::string_view boundary, const FormLimits& limits) {
  if (!is_boundary(boundary)) {
    throw HTTPBadRequest(
        "The boundary of the multipart body must be 1 to 201 printable characters "
        "of ASCII that do not end in a space.");
  }
  return MultipartParser(body, boundary, limits).parse();
}

}  // namespace aiopyr

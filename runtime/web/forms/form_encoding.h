#pragma once

#include <string>
#include <vector>

#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/url/multidict.h>

/// Encodes forms as a browser does: the reverse of forms.h. Stateless; any thread.
namespace aiopyr {

struct EncodedForm {
  std::string content_type;
  std::string body;
};

/// Encodes fields, then files, as multipart/form-data (RFC 7578), with a boundary that occurs in
/// none of them. Quotes and line ends in names are escaped by WHATWG's HTML standard.
[[nodiscard]] EncodedForm encode_multipart(const MultiDict& fields,
                                           const std::vector<FileField>& files);

}  // namespace aiopyr

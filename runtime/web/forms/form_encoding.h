#pragma once

#include <string>
#include <vector>

#include <aiopyr/runtime/web/forms/forms.h>
#include <aiopyr/runtime/web/url/multidict.h>

/// Forms as a browser sends them: the reverse of forms.h. Stateless; any thread.
namespace aiopyr {

struct EncodedForm {
  std::string content_type;
  std::string body;
};

/// Fields, then files, as multipart/form-data (RFC 7578), under a boundary that occurs in none of
/// them. Quotes and line ends in names are escaped as WHATWG's HTML standard says.
[[nodiscard]] EncodedForm encode_multipart(const MultiDict& fields,
                                           const std::vector<FileField>& files);

}  // namespace aiopyr

#pragma once

#include <aiopyr/runtime/text/utf8_validator.h>

/// The names of runtime/text/utf8_validator.h under which the protocol has always had them.
namespace aiopyr::websocket {

using aiopyr::is_valid_utf8;
using aiopyr::Utf8Validator;

}  // namespace aiopyr::websocket

#pragma once

#include <aiopyr/runtime/text/utf8_validator.h>

/// The protocol's names for runtime/text/utf8_validator.h.
namespace aiopyr::websocket {

using aiopyr::is_valid_utf8;
using aiopyr::Utf8Validator;

}  // namespace aiopyr::websocket

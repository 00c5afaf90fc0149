#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <aiopyr/runtime/web/context/security.h>

namespace aiopyr {

/// The contents of a valid ticket. A plain value.
struct AuthTktIdentity {
  std::int64_t timestamp = 0;  ///< when it was issued, seconds since 1970
  std::string userid;
  UseridType userid_type = UseridType::kText;
  std::vector<std::string> tokens;
  std::string userdata;
};

}  // namespace aiopyr

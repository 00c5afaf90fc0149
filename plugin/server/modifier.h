#pragma once

namespace aiopyr::plugin {

/// uWSGI's number for our requests (modifier1). Requests with modifier1 0 reach us as well where no
/// other plugin answers them, because our first app is uWSGI's default app.
inline constexpr int kModifier1 = 77;

}  // namespace aiopyr::plugin

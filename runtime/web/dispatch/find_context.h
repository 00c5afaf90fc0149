#pragma once

namespace aiopyr {

class Registry;
class Request;

namespace detail {

/// Finds the request's root and context, by the matched route's factory or the app's and the
/// traverser for that root, and notes what it found in the request. On the request's fiber.
void traverse(const Registry& registry, Request& request);

}  // namespace detail

}  // namespace aiopyr

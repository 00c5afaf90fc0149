#pragma once

namespace aiopyr {

class Registry;
class Request;

namespace detail {

/// Finds the request's root and context, by the factory of the matched route or of the app, and the
/// traverser for that root, and stores both in the request. On the request's fiber.
void traverse(const Registry& registry, Request& request);

}  // namespace detail

}  // namespace aiopyr

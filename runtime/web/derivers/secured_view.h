#pragma once

#include <aiopyr/runtime/web/views/view_derivers.h>

/// The derivers that protect a view (pyramid.viewderivers). Internal to runtime/web.
namespace aiopyr::detail {

/// Asks the security policy for the view's permission, or the app's default one, before the view.
/// Exception views have no default. Throws HTTPForbidden, with a message for people, if it is
/// denied; its `result` has the reason.
[[nodiscard]] ViewFunction secured_view(ViewFunction view, const ViewDeriverInfo& info);

/// Checks the origin and the token of requests that change something.
[[nodiscard]] ViewFunction csrf_view(ViewFunction view, const ViewDeriverInfo& info);

/// Returns the permission that a view needs; empty: none.
[[nodiscard]] std::string permission_of(const ViewDeriverInfo& info);

}  // namespace aiopyr::detail

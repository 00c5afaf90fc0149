#include <memory>
#include <utility>

#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/one_line.h>
#include <aiopyr/runtime/web/context/security.h>
#include <aiopyr/runtime/web/derivers/csrf.h>
#include <aiopyr/runtime/web/derivers/secured_view.h>
#include <aiopyr/runtime/web/registry/registry.h>
#include <aiopyr/runtime/web/request/request.h>
#include <aiopyr/runtime/web/views/view_callable.h>

namespace aiopyr::detail {

namespace {

/// Logs why each request was allowed or denied (the setting debug_authorization).
void log_decision(Request& request, const Resource* context, std::string_view reason) {
  const std::string where = context == nullptr ? "none" : type_name(typeid(*context));
  request.registry().log(
      LogLevel::kInfo,
      one_line("debug_authorization of url " + request.url() + " (view name '" +
               request.view_name() + "' against context " + where + "): " + std::string(reason)));
}

ViewFunction logging_view(ViewFunction view, std::string reason) {
  return [view = std::move(view), reason = std::move(reason)](Resource* context, Request& request) {
    log_decision(request, context, reason);
    return view(context, request);
  };
}

[[noreturn]] void refuse(const std::string& view_name, PermitsResult result) {
  HTTPForbidden forbidden("Unauthorized: " + view_name + " failed permission check");
  forbidden.result = std::make_shared<const PermitsResult>(std::move(result));
  throw forbidden;
}

ViewFunction guarded_view(ViewFunction view, const ViewDeriverInfo& info, std::string permission,
                          bool is_logging) {
  return [view = std::move(view), permission = std::move(permission), name = info.view.name,
          is_logging](Resource* context, Request& request) {
    // Reads the policy now, not when the view was registered: a policy that is set later protects
    // the view too.
    const auto& policy = request.registry().security.policy;
    PermitsResult result = policy ? policy->permits(request, context, permission)
                                  : Allowed("Allowed (no security policy in use)");
    if (is_logging) log_decision(request, context, result.msg());
    if (!result) refuse(name, std::move(result));
    return view(context, request);
  };
}

}  // namespace

std::string permission_of(const ViewDeriverInfo& info) {
  std::string permission = info.options.permission;
  if (permission.empty() && !info.exception_only) {
    permission = info.registry.security.default_permission.value_or("");
  }
  return permission == kNoPermissionRequired ? std::string() : permission;
}

ViewFunction secured_view(ViewFunction view, const ViewDeriverInfo& info) {
  std::string permission = permission_of(info);
  const bool is_logging = asbool(info.registry.settings, "debug_authorization");
  if (!permission.empty()) {
    return guarded_view(std::move(view), info, std::move(permission), is_logging);
  }
  if (!is_logging || info.exception_only) return view;
  return logging_view(std::move(view), "Allowed (no permission registered)");
}

ViewFunction csrf_view(ViewFunction view, const ViewDeriverInfo& info) {
  const auto options =
      csrf_options_of(info.registry, info.options.require_csrf, info.exception_only);
  if (!options) return view;
  return [view = std::move(view), options = *options](Resource* context, Request& request) {
    check_csrf(request, options);
    return view(context, request);
  };
}

}  // namespace aiopyr::detail

#pragma once

#include <array>
#include <string_view>

/// The names of Pyramid's own predicates, as views and routes use them.
namespace aiopyr::predicate_name {

inline constexpr std::string_view kXhr = "xhr";
inline constexpr std::string_view kRequestMethod = "request_method";
inline constexpr std::string_view kPathInfo = "path_info";
inline constexpr std::string_view kRequestParam = "request_param";
inline constexpr std::string_view kHeader = "header";
inline constexpr std::string_view kAccept = "accept";
inline constexpr std::string_view kContainment = "containment";
inline constexpr std::string_view kMatchParam = "match_param";
inline constexpr std::string_view kPhysicalPath = "physical_path";
inline constexpr std::string_view kIsAuthenticated = "is_authenticated";
inline constexpr std::string_view kEffectivePrincipals = "effective_principals";
inline constexpr std::string_view kCustom = "custom";

/// All of them, in Pyramid's order: later ones weigh more.
inline constexpr std::array kAll{kXhr,
                                 kRequestMethod,
                                 kPathInfo,
                                 kRequestParam,
                                 kHeader,
                                 kAccept,
                                 kContainment,
                                 kMatchParam,
                                 kPhysicalPath,
                                 kIsAuthenticated,
                                 kEffectivePrincipals,
                                 kCustom};

}  // namespace aiopyr::predicate_name

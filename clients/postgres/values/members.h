#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <aiopyr/clients/postgres/values/member_tie.h>

namespace aiopyr::postgres {

/// Gives the columns of a struct's members, in the members' order, where they are not called as the
/// members are:
///
///     template <>
///     struct aiopyr::postgres::RowMembers<Job> {
///       static constexpr std::array<std::string_view, 2> kNames{"id", "class"};
///     };
template <class T>
struct RowMembers;

namespace detail {

template <class T>
struct Holder {
  const T value;
};

template <class Member>
struct MemberAddress {
  const Member* address;
};

// The object is never defined: only the names of its members are asked for, by the compiler's text
// for their addresses. clang warns of both.
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif

template <class T>
extern const Holder<T> kNowhere;

template <class T, std::size_t Index>
consteval auto member_address() {
  const auto& member = std::get<Index>(tie_members(kNowhere<T>.value));
  return MemberAddress<std::remove_cvref_t<decltype(member)>>{&member};
}

template <auto Address>
consteval std::string_view text_of_address() {
  return __PRETTY_FUNCTION__;
}

struct NameProbe {
  int probe;
};

template <class T, std::size_t Index>
consteval std::string_view member_name() {
  constexpr std::string_view kProbe = text_of_address<member_address<NameProbe, 0>()>();
  constexpr std::string_view kText = text_of_address<member_address<T, Index>()>();
  // Cuts off the text behind the name, which is the same for all members.
  constexpr std::size_t kAfter =
      kProbe.size() - kProbe.rfind("probe") - std::string_view("probe").size();
  constexpr std::string_view kUpToName = kText.substr(0, kText.size() - kAfter);
  return kUpToName.substr(kUpToName.find_last_of(":.") + 1);
}

#ifdef __clang__
#pragma clang diagnostic pop
#endif

template <class T>
concept HasRowMembers = requires {
  RowMembers<T>::kNames;
};

/// Returns the names of the columns that a struct's members are read from.
template <class T>
consteval auto member_names() {
  constexpr std::size_t kCount = kMemberCount<T>;
  if constexpr (HasRowMembers<T>) {
    static_assert(RowMembers<T>::kNames.size() == kCount,
                  "RowMembers<T>::kNames must have a name for each member of the struct");
    return RowMembers<T>::kNames;
  } else {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
      return std::array<std::string_view, kCount>{member_name<T, Index>()...};
    }
    (std::make_index_sequence<kCount>());
  }
}

}  // namespace detail

}  // namespace aiopyr::postgres

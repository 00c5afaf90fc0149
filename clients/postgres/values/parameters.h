#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <typeinfo>

#include <aiopyr/clients/postgres/values/arrays.h>
#include <aiopyr/clients/postgres/values/bytes.h>
#include <aiopyr/clients/postgres/values/numbers.h>
#include <aiopyr/clients/postgres/values/postgres_type.h>
#include <aiopyr/clients/postgres/values/text.h>
#include <aiopyr/clients/postgres/values/times.h>
#include <aiopyr/clients/postgres/values/uuid.h>

namespace aiopyr::postgres {

/// The values of a statement's `$1`, `$2`, ..., in the form that libpq sends. Owns all bytes, so
/// nothing that was given to it has to live on. Four small ones cost no allocation. One thread at a
/// time; copies and moves freely.
///
/// NULL is std::nullopt, nullptr or an empty std::optional. Throws TypeError, which names the
/// parameter, for a value that PostgreSQL cannot hold.
class Parameters {
  static constexpr std::size_t kInline = 4;

 public:
  /// The protocol counts them in 16 bits.
  static constexpr std::size_t kMost = 65535;
  /// The addresses of the values; nullptr for NULL.
  using Pointers = detail::SmallArray<const char*, kInline>;

  template <class T>
  void add(const T& value);
  void add(std::nullopt_t) { add_null(kInferredOid); }
  void add(std::nullptr_t) { add_null(kInferredOid); }
  template <class T>
  void add(const std::optional<T>& value);

  [[nodiscard]] std::size_t size() const noexcept { return types_.size(); }
  /// Returns how many bytes all values have.
  [[nodiscard]] std::size_t byte_count() const noexcept { return bytes_.size(); }

  // The arrays of PQsendQueryParams(), each of size() values. They live until *this changes.
  [[nodiscard]] const Oid* types() const& noexcept { return types_.data(); }
  [[nodiscard]] const int* lengths() const& noexcept { return lengths_.data(); }
  [[nodiscard]] const int* formats() const& noexcept { return formats_.data(); }
  const Oid* types() const&& = delete;
  const int* lengths() const&& = delete;
  const int* formats() const&& = delete;
  /// Returns addresses within *this, which must neither be changed, moved nor destroyed before they
  /// have been used.
  [[nodiscard]] Pointers values() const&;
  Pointers values() const&& = delete;
  /// Returns whether nothing has been allocated.
  [[nodiscard]] bool is_inline() const noexcept { return types_.is_inline() && bytes_.is_inline(); }

 private:
  static constexpr std::size_t kNull = static_cast<std::size_t>(-1);

  void add_null(Oid type);
  void add_slot(Oid type, Format format, std::size_t begin, std::size_t length);
  /// Called while an exception of a codec is handled.
  [[noreturn]] void throw_unsendable(Oid type, const std::type_info& cpp_type) const;

  detail::SmallArray<Oid, kInline> types_;
  detail::SmallArray<int, kInline> lengths_;
  detail::SmallArray<int, kInline> formats_;
  detail::SmallArray<std::size_t, kInline> begins_;
  WireWriter bytes_;
};

template <class T>
void Parameters::add(const T& value) {
  static_assert(detail::IsEncodable<T>,
                "values of this type cannot be sent to PostgreSQL: specialize "
                "aiopyr::postgres::PostgresType for it, or send another type");
  using Codec = detail::Codec<T>;
  const std::size_t begin = bytes_.size();
  try {
    detail::encode_value(value, bytes_);
  } catch (...) {
    throw_unsendable(Codec::kOids.element, typeid(T));
  }
  add_slot(Codec::kOids.element, Codec::kFormat, begin, bytes_.size() - begin);
}

template <class T>
void Parameters::add(const std::optional<T>& value) {
  if (value) {
    add(*value);
  } else {
    add_null(detail::Codec<T>::kOids.element);
  }
}

/// Returns the parameters of a statement: `encode(id, name, std::nullopt)`.
template <class... Values>
[[nodiscard]] Parameters encode(const Values&... values) {
  static_assert(sizeof...(Values) <= Parameters::kMost);
  Parameters parameters;
  (parameters.add(values), ...);
  return parameters;
}

}  // namespace aiopyr::postgres

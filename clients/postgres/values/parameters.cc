#include <limits>
#include <new>
#include <string>

#include <aiopyr/clients/postgres/values/parameters.h>
namespace aiopyr::postgres {

void Parameters::add_null(Oid type) { add_slot(type, Format::kText, kNull, 0); }

void Parameters::add_slot(Oid type, Format format, std::size_t begin, std::size_t length) {
  if (size() == kMost) throw TypeError("a statement has more than 65535 parameters");
  if (length > std::numeric_limits<int>::max())
    throw TypeError("parameter $" + std::to_string(size() + 1) + " has more than 2 GiB");
  // libpq finds the end of a text by its NUL, which the others do not mind.
  bytes_.write_integer<char>('\0');
  types_.push_back(type);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(static_cast<int>(format));
  begins_.push_back(begin);
}

Parameters::Pointers Parameters::values() const& {
  Pointers pointers;
  pointers.reserve(size());
  const char* const bytes = bytes_.view().data();
  for (std::size_t at = 0; at < size(); ++at) {
    const std::size_t begin = begins_[at];
    pointers.push_back(begin == kNull ? nullptr : bytes + begin);
  }
  return pointers;
}

void Parameters::throw_unsendable(Oid type, const std::type_info& cpp_type) const {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw TypeError("$" + std::to_string(size() + 1), type == 0 ? "" : postgres::type_name(type),
                    cpp_type, error.what());
  }
}

}  // namespace aiopyr::postgres

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <link.h>
#include <optional>
#include <vector>

#include <aiopyr/runtime/base/symbol_table.h>

namespace aiopyr {

namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

/// Reads an ELF file (man 5 elf). Parts that are cut off or invalid read as empty.
class ElfFile {
 public:
  explicit ElfFile(const std::string& name) : file_(name, std::ios::binary) {}

  std::vector<Section> sections() {
    const auto headers = read<Header>(0, 1);
    if (headers.empty() || std::memcmp(headers[0].e_ident, ELFMAG, SELFMAG) != 0) return {};
    return read<Section>(headers[0].e_shoff, headers[0].e_shnum);
  }

  std::vector<Symbol> symbols(const Section& table) {
    return read<Symbol>(table.sh_offset, table.sh_size / sizeof(Symbol));
  }

  std::string text(const Section& table, std::uint64_t at) {
    if (at >= table.sh_size) return {};
    std::string text;
    file_.seekg(static_cast<std::streamoff>(table.sh_offset + at));
    std::getline(file_, text, '\0');
    return file_ ? text : std::string();
  }

 private:
  template <class T>
  std::vector<T> read(std::uint64_t at, std::uint64_t count) {
    constexpr std::uint64_t kMost = 10'000'000;
    std::vector<T> read(std::min(count, kMost));
    file_.seekg(static_cast<std::streamoff>(at));
    file_.read(reinterpret_cast<char*>(read.data()),
               static_cast<std::streamsize>(read.size() * sizeof(T)));
    if (!file_) read.clear();
    return read;
  }

  std::ifstream file_;
};

bool is_function(const Symbol& symbol) noexcept {
  return ELF64_ST_TYPE(symbol.st_info) == STT_FUNC;
}

/// Returns the name of the first function in the file's symbol table for which `is_meant(symbol)`.
template <class F>
std::string find_symbol(const std::string& file, F is_meant) {
  ElfFile elf(file);
  const auto sections = elf.sections();
  const auto table = std::find_if(sections.begin(), sections.end(),
                                  [](const Section& s) { return s.sh_type == SHT_SYMTAB; });
  if (table == sections.end() || table->sh_link >= sections.size()) return {};
  const auto symbols = elf.symbols(*table);
  const auto found = std::find_if(symbols.begin(), symbols.end(), [&](const Symbol& symbol) {
    return is_function(symbol) && is_meant(symbol);
  });
  return found == symbols.end() ? std::string()
                                : elf.text(sections[table->sh_link], found->st_name);
}

}  // namespace

std::string find_function_symbol(const std::string& file, std::uintptr_t offset) {
  return find_symbol(file, [offset](const Symbol& symbol) { return symbol.st_value == offset; });
}

std::string find_enclosing_symbol(const std::string& file, std::uintptr_t offset) {
  return find_symbol(file, [offset](const Symbol& symbol) {
    return symbol.st_value <= offset && offset - symbol.st_value < symbol.st_size;
  });
}

}  // namespace aiopyr

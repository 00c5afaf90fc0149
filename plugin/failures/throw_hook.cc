#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <dlfcn.h>
#include <link.h>
#include <string_view>
#include <sys/mman.h>
#include <typeinfo>
#include <unistd.h>

#include <aiopyr/plugin/failures/throw_hook.h>
#include <aiopyr/runtime/base/backtrace.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/throw_sites.h>
#include <aiopyr/runtime/web/http/httpexceptions.h>
#include <aiopyr/websocket/session/errors.h>

namespace aiopyr::plugin {

namespace {

using Throw = void (*)(void*, std::type_info*, void (*)(void*));

constexpr const char* kThrowSymbol = "__cxa_throw";

Throw real_throw = nullptr;

/// Returns whether a handler for `Caught` would catch the thrown object.
template <class Caught>
bool would_catch(const std::type_info& thrown, void* object) noexcept {
  return typeid(Caught).__do_catch(&thrown, &object, 1);
}

bool is_ordinary(const std::type_info& type, void* object) noexcept {
  return would_catch<HttpException>(type, object) || would_catch<CancelledError>(type, object) ||
         would_catch<WebsocketClosed>(type, object) ||
         would_catch<ConnectionClosed>(type, object) ||
         would_catch<ClientDisconnected>(type, object);
}

/// Caches is_ordinary() of recently thrown types: it compares names, and a busy app throws few
/// types. An entry is one word, the type's address with the answer in the last bit, so threads read
/// it whole.
class KnownTypes {
 public:
  bool is_ordinary(const std::type_info& type, void* object) noexcept {
    const auto key = reinterpret_cast<std::uintptr_t>(&type);
    auto& entry = entries_[(key / alignof(std::max_align_t)) % entries_.size()];
    const std::uintptr_t known = entry.load(std::memory_order_relaxed);
    if ((known | 1U) == (key | 1U)) return (known & 1U) != 0;
    const bool ordinary = plugin::is_ordinary(type, object);
    entry.store(key | (ordinary ? 1U : 0U), std::memory_order_relaxed);
    return ordinary;
  }

 private:
  std::array<std::atomic<std::uintptr_t>, 64> entries_{};
};

KnownTypes known_types;

extern "C" [[noreturn]] void aiopyr_throw(void* object, std::type_info* type,
                                          void (*destroy)(void*)) {
  if (!known_types.is_ordinary(*type, object)) {
    destroy = note_throw(object, destroy, Backtrace::here(1));
  }
  real_throw(object, type, destroy);
  __builtin_unreachable();
}

/// The parts of a loaded object's dynamic section that are needed here (man 5 elf).
struct DynamicSection {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  std::array<const ElfW(Rela)*, 2> relocations{};  // of calls; of everything else
  std::array<std::size_t, 2> sizes{};              // bytes

  explicit DynamicSection(const ElfW(Dyn) * entry) noexcept {
    for (; entry->d_tag != DT_NULL; ++entry) take(*entry);
  }

 private:
  void take(const ElfW(Dyn) & entry) noexcept {
    const auto address = entry.d_un.d_ptr;
    if (entry.d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(address);
    if (entry.d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(address);
    if (entry.d_tag == DT_JMPREL) relocations[0] = reinterpret_cast<const ElfW(Rela)*>(address);
    if (entry.d_tag == DT_PLTRELSZ) sizes[0] = entry.d_un.d_val;
    if (entry.d_tag == DT_RELA) relocations[1] = reinterpret_cast<const ElfW(Rela)*>(address);
    if (entry.d_tag == DT_RELASZ) sizes[1] = entry.d_un.d_val;
  }
};

bool is_function_pointer(const ElfW(Rela) & relocation) noexcept {
#if defined(__x86_64__)
  const auto type = ELF64_R_TYPE(relocation.r_info);
  return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT;
#elif defined(__aarch64__)
  const auto type = ELF64_R_TYPE(relocation.r_info);
  return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
#else
  static_cast<void>(relocation);
  return false;
#endif
}

/// Returns whether the page of an address was made read-only after relocation (PT_GNU_RELRO).
bool is_sealed(const dl_phdr_info& object, std::uintptr_t address) noexcept {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    const std::uintptr_t begin = object.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_RELRO && begin <= address && address - begin < segment.p_memsz) {
      return true;
    }
  }
  return false;
}

void redirect(const dl_phdr_info& object, std::uintptr_t slot) noexcept {
  const auto page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  auto* const page = reinterpret_cast<void*>(slot - slot % page_size);
  const bool sealed = is_sealed(object, slot);
  if (sealed && ::mprotect(page, page_size, PROT_READ | PROT_WRITE) != 0) return;
  const Throw ours = aiopyr_throw;
  std::memcpy(reinterpret_cast<void*>(slot), &ours, sizeof ours);
  if (sealed) ::mprotect(page, page_size, PROT_READ);
}

void redirect_calls(const dl_phdr_info& object, const DynamicSection& dynamic) noexcept {
  for (std::size_t table = 0; table < dynamic.relocations.size(); ++table) {
    const auto* relocation = dynamic.relocations[table];
    if (relocation == nullptr) continue;
    for (std::size_t left = dynamic.sizes[table] / sizeof *relocation; left > 0; --left) {
      const auto& here = *relocation++;
      if (!is_function_pointer(here)) continue;
      const char* name = dynamic.names + dynamic.symbols[ELF64_R_SYM(here.r_info)].st_name;
      if (std::strcmp(name, kThrowSymbol) == 0) redirect(object, object.dlpi_addr + here.r_offset);
    }
  }
}

extern "C" int aiopyr_watch_object(dl_phdr_info* object, std::size_t, void*) {
  // Skips the kernel's object: it has no file, and its addresses are not relocated.
  if (std::string_view(object->dlpi_name).find("vdso") != std::string_view::npos) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_DYNAMIC) continue;
    const DynamicSection dynamic(
        reinterpret_cast<const ElfW(Dyn)*>(object->dlpi_addr + segment.p_vaddr));
    if (dynamic.symbols != nullptr && dynamic.names != nullptr) redirect_calls(*object, dynamic);
  }
  return 0;
}

}  // namespace

void watch_throws() noexcept {
  if (real_throw == nullptr) {
    real_throw = reinterpret_cast<Throw>(::dlsym(RTLD_DEFAULT, kThrowSymbol));
    // Makes the unwinder load its data now: within an exception, memory may be short.
    static_cast<void>(Backtrace::here());
  }
  if (real_throw != nullptr) ::dl_iterate_phdr(aiopyr_watch_object, nullptr);
}

}  // namespace aiopyr::plugin

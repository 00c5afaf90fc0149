#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <aiopyr/runtime/base/callable_name.h>
#include <aiopyr/runtime/base/describe.h>
#include <aiopyr/runtime/base/readable_name.h>

using namespace aiopyr;

namespace {

struct Hidden {
  struct Row {};
};

}  // namespace

std::string a_function_that_gives_a_string(std::string text);
std::string a_function_that_gives_a_string(std::string text) { return text; }

TEST_CASE("a type of an unnamed namespace is shown without it") {
  CHECK(type_name(typeid(Hidden)) == "Hidden");
  CHECK(type_name(typeid(Hidden::Row)) == "Hidden::Row");
  CHECK(type_name(typeid(std::vector<Hidden>)) == "std::vector<Hidden, std::allocator<Hidden>>");
}

TEST_CASE("strings are shown by their everyday names") {
  CHECK(type_name(typeid(std::string)) == "std::string");
  CHECK(type_name(typeid(int (*)(std::string, std::string_view))) ==
        "int (*)(std::string, std::string_view)");
  CHECK(type_name(typeid(std::wstring)).starts_with("std::basic_string<wchar_t"));
}

TEST_CASE("Json is shown by its everyday name, wherever it stands") {
  CHECK(type_name(typeid(nlohmann::json)) == "nlohmann::json");
  CHECK(type_name(typeid(nlohmann::json(*)(std::vector<nlohmann::json>&, int))) ==
        "nlohmann::json (*)(std::vector<nlohmann::json, std::allocator<nlohmann::json>>&, int)");
}

TEST_CASE("ABI tags are not shown") {
  CHECK(callable_name(&a_function_that_gives_a_string) ==
        "a_function_that_gives_a_string(std::string)");
  CHECK(readable_name("f[abi:cxx11](int)::g[abi:other]()") == "f(int)::g()");
}

TEST_CASE("a lambda is called so, whichever compiler has named it") {
  CHECK(readable_name("app(aiopyr::Configurator&)::$_0") ==
        "app(aiopyr::Configurator&)::{lambda#1}");
  CHECK(readable_name("f()::$_11::operator()() const") == "f()::{lambda#12}::operator()() const");
  CHECK(readable_name("$_") == "$_");
  CHECK(readable_name("$_x$_12345678901") == "$_x$_12345678901");
}

TEST_CASE("what is cut off is left as it is") {
  CHECK(readable_name("f[abi:cxx11") == "f[abi:cxx11");
  CHECK(readable_name("nlohmann::basic_json<std::map") == "nlohmann::basic_json<std::map");
  CHECK(readable_name("nlohmann::json_abi_v3") == "nlohmann::json_abi_v3");
  CHECK(readable_name("").empty());
}

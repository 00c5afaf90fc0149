#pragma once

/// The list of the plugin's options. Each is stated once, in option_list.cc: uWSGI's table and help
/// (option_table.h), the defaults of Options and the table of docs/options.md follow from it. Knows
/// nothing of uWSGI.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <aiopyr/plugin/server/options.h>

namespace aiopyr::plugin {

/// A whole number. A default below `least` stands for no default: the option counts as not given.
struct TakesCount {
  std::size_t Options::*member;
  std::size_t fallback;
  std::size_t least = 0;
  std::size_t most = SIZE_MAX;
};

/// Seconds, 0 or more.
struct TakesSeconds {
  double Options::*member;
  double fallback;
};

/// Seconds, 0 or more, for a default of WebsocketMapper, which apps may change. Its value is also
/// the default of the option.
struct TakesMapperSeconds {
  double* target;
};

/// A whole number of at least 1 for a default of WebsocketMapper, likewise. The option is given if
/// `member` has a value.
struct TakesMapperCount {
  std::size_t* target;
  std::optional<std::size_t> Options::*member;
};

/// One of a few words.
struct TakesWord {
  std::vector<std::string_view> words;
  std::size_t fallback;                              ///< an index of `words`
  void (*take)(Options& options, std::size_t word);  ///< likewise
};

/// Text; `take` returns whether it is as `expected` says. `explain`, which may be null, returns
/// what is wrong with a text that is not.
struct TakesText {
  std::string_view expected;
  bool (*take)(Options& options, std::string_view value);
  std::string (*explain)(std::string_view value) = nullptr;
};

/// Nothing on the command line; in an ini file `true` or `false`.
struct TakesNothing {
  void (*take)(Options& options, bool asked_for);
};

/// The same, or a path.
struct TakesPath {
  void (*take)(Options& options, std::optional<std::string> path);
};

struct ListedOption {
  std::string_view name;  ///< as in an ini file: aiopyr-queue
  std::variant<TakesCount, TakesSeconds, TakesMapperSeconds, TakesMapperCount, TakesWord, TakesText,
               TakesNothing, TakesPath>
      takes;
  std::string_view help;       ///< a sentence without its full stop, for `uwsgi --help`
  std::string default_text{};  ///< empty where there is none; worked out by option_list()
};

/// Returns all options, in the order in which help and docs show them.
const std::vector<ListedOption>& option_list();

/// Returns which values an option takes, as in "expected a whole number of at least 1"; empty for
/// one that takes none.
std::string expectation(const ListedOption& option);

/// Returns what is wrong with a value that take_value() does not take: what is expected, and for
/// some options which part of it is not that.
std::string complaint_about_value(const ListedOption& option, std::string_view value);

/// Returns what is wrong with the name of an option, with the one that may be meant; empty if there
/// is such an option, or if the name does not begin with `aiopyr-`, and so is not for this plugin.
std::string complaint_about_name(std::string_view name);

/// Gives every option of the list its default.
void set_defaults(Options& options);

/// Takes an option's value over into `options`, or into the mappers' defaults; returns false, with
/// nothing changed, where it is not what is expected.
[[nodiscard]] bool take_value(Options& options, const ListedOption& option, std::string_view value);

}  // namespace aiopyr::plugin

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <aiopyr/runtime/text/nearest.h>

namespace aiopyr {

namespace {

/// The longest names that are compared: the work grows with the product of both lengths.
constexpr std::size_t kLongestName = 100;

/// Returns how many letters have to be added, omitted, replaced or swapped with a neighbour to turn
/// `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, exchanged});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = std::exchange(last, std::move(row));
  }
  return last.back();
}

}  // namespace

std::string_view nearest(std::string_view misspelt, std::span<const std::string_view> known) {
  if (misspelt.size() > kLongestName) return {};
  std::string_view best;
  std::size_t least = misspelt.size() / 3 + 1;
  for (const std::string_view name : known) {
    if (name.size() > kLongestName) continue;
    const std::size_t letters = distance(misspelt, name);
    if (letters >= least) continue;
    least = letters;
    best = name;
  }
  return best;
}

std::string suggestion(std::string_view misspelt, std::span<const std::string_view> known) {
  const std::string_view name = nearest(misspelt, known);
  return name.empty() ? std::string() : "; is '" + std::string(name) + "' meant?";
}

}  // namespace aiopyr

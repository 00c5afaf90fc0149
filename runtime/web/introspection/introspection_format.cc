#include <algorithm>
#include <cstddef>
#include <utility>

#include <aiopyr/runtime/web/introspection/introspection.h>

namespace aiopyr {

namespace {

using Row = std::vector<std::string>;

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

std::string title_of(const TweenChainInfo& chain, bool has_others) {
  const std::string kind = chain.is_explicit ? "Explicit" : "Implicit";
  const std::string use = chain.is_used ? " (used)" : " (not used)";
  return kind + " tween chain" + (has_others ? use : "") + "\n\n";
}

}  // namespace

std::vector<std::string> align_columns(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - row[i].size() + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string format_table(const Row& titles, const std::vector<Row>& rows) {
  std::vector<Row> all = {titles, {}};
  for (const std::string& title : titles) all[1].push_back(std::string(title.size(), '-'));
  all.insert(all.end(), rows.begin(), rows.end());
  std::string table;
  for (const std::string& line : align_columns(all)) table += line + '\n';
  return table;
}

std::string format_routes(const std::vector<RouteInfo>& routes) {
  std::vector<Row> rows;
  for (const RouteInfo& route : routes) {
    rows.push_back({route.name, route.pattern, route.view, route.method});
  }
  return format_table({"Name", "Pattern", "View", "Method"}, rows);
}

std::string format_views(const std::vector<ViewInfo>& views) {
  std::vector<Row> rows;
  for (const ViewInfo& view : views) {
    const std::string context =
        view.is_exception_view ? "exception " + view.context : or_dash(view.context);
    rows.push_back({or_dash(view.route), context, or_dash(view.name), or_dash(view.predicates),
                    or_dash(view.permission), view.view, or_dash(view.mapper)});
  }
  return format_table({"Route", "Context", "Name", "Predicates", "Permission", "View", "Mapper"},
                      rows);
}

std::string format_tweens(const std::vector<TweenChainInfo>& chains) {
  std::string text;
  for (const TweenChainInfo& chain : chains) {
    std::vector<Row> rows;
    for (const TweenInfo& tween : chain.tweens) rows.push_back({tween.position, tween.name});
    text += (text.empty() ? "" : "\n") + title_of(chain, chains.size() > 1) +
            format_table({"Position", "Name"}, rows);
  }
  return text;
}

}  // namespace aiopyr

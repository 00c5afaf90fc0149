#include <cstdlib>
#include <memory>
#include <postgresql/libpq-fe.h>
#include <set>
#include <unistd.h>
#include <utility>

#include <aiopyr/clients/base/connection_url.h>
#include <aiopyr/clients/postgres/connection/settings.h>
#include <aiopyr/runtime/base/errors.h>
#include <aiopyr/runtime/base/parse_number.h>

namespace aiopyr::postgres {

namespace {

using clients::ConnectionUrl;

/// Debian's file of the certificates that the system trusts.
constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

/// The queries that may wait for a connection. Each is small, and one request may ask hundreds.
constexpr std::size_t kQueue = 20'000;

[[noreturn]] void refuse(const std::string& problem) {
  throw ConfigurationError("PostgreSQL's address " + problem);
}

/// Returns the next value of `key = 'value'` from `at` on (PostgreSQL: Connection Strings).
std::string read_value(std::string_view text, std::size_t& at) {
  std::string value;
  const bool quoted = at < text.size() && text[at] == '\'';
  if (quoted) ++at;
  while (at < text.size()) {
    char c = text[at];
    if (quoted ? c == '\'' : c == ' ') break;
    if (c == '\\' && at + 1 < text.size()) c = text[++at];
    value += c;
    ++at;
  }
  if (quoted && at == text.size()) refuse("has a quote that nothing closes");
  if (quoted) ++at;
  return value;
}

/// Reads `host=... dbname=...` into the parameters of a URL.
ConnectionUrl parse_pairs(std::string_view text) {
  ConnectionUrl url;
  url.scheme = "postgresql";
  const auto skip_spaces = [&](std::size_t at) {
    while (at < text.size() && text[at] == ' ') ++at;
    return at;
  };
  for (std::size_t at = skip_spaces(0); at < text.size(); at = skip_spaces(at)) {
    const std::size_t equals = text.find('=', at);
    if (equals == std::string_view::npos) {
      refuse("is neither postgresql://host/name nor keyword=value, as host=db dbname=app");
    }
    std::string key(text.substr(at, equals - at));
    while (key.ends_with(' ')) key.pop_back();
    at = skip_spaces(equals + 1);
    std::string value = read_value(text, at);
    if (!url.parameters.emplace(key, std::move(value)).second) refuse("has " + key + " twice");
  }
  return url;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t comma = text.find(','); comma != std::string::npos;
       comma = text.find(',', begin)) {
    parts.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::uint16_t read_port(const std::string& text) {
  if (text.empty()) return 5432;
  const auto port = parse_number<std::uint16_t>(text);
  if (!port || *port == 0)
    refuse("has the port '" + text + "', which is no number from 1 to 65535");
  return *port;
}

/// Reads host, hostaddr and port, of which each may be a list.
std::vector<Settings::Host> read_hosts(ConnectionUrl& url) {
  std::vector<Settings::Host> hosts;
  for (const auto& host : url.hosts) hosts.push_back({host.name, "", host.port.value_or(5432)});
  auto names = url.take("host");
  auto addresses = url.take("hostaddr");
  auto ports = url.take("port");
  if (hosts.empty() && !names && !addresses) names = environment("PGHOST");
  if (!ports && !environment("PGPORT").empty()) ports = environment("PGPORT");
  if (names || addresses) {
    const auto name_list = split(names.value_or(""));
    const auto address_list = split(addresses.value_or(""));
    hosts.assign(names ? name_list.size() : address_list.size(), {});
    for (std::size_t i = 0; names && i < hosts.size(); ++i) hosts[i].name = name_list[i];
    if (addresses && address_list.size() != hosts.size()) {
      refuse("has another number of hosts than of hostaddr");
    }
    for (std::size_t i = 0; addresses && i < hosts.size(); ++i) hosts[i].address = address_list[i];
  }
  if (!ports || !url.hosts.empty()) return hosts;
  const auto port_list = split(*ports);
  if (port_list.size() != 1 && port_list.size() != hosts.size()) {
    refuse("has another number of ports than of hosts");
  }
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    hosts[i].port = read_port(port_list[port_list.size() == 1 ? 0 : i]);
  }
  return hosts;
}

void read_pool(ConnectionUrl& url, clients::PoolLimits& pool) {
  pool.size = url.take_number("pool_size").value_or(pool.size);
  pool.min_size = url.take_number("pool_min_size").value_or(pool.min_size);
  pool.queue = url.take_number("pool_queue").value_or(kQueue);
  pool.connecting = url.take_number("pool_connecting").value_or(pool.connecting);
  pool.acquire_timeout = url.take_duration("acquire_timeout").value_or(pool.acquire_timeout);
  pool.idle_timeout = url.take_duration("idle_timeout").value_or(pool.idle_timeout);
  pool.max_lifetime = url.take_duration("max_lifetime").value_or(pool.max_lifetime);
  if (pool.size == 0 || pool.size > 10000) refuse("has a pool_size that is not from 1 to 10000");
}

void read_own(ConnectionUrl& url, Settings& settings) {
  read_pool(url, settings.pool);
  settings.connect_timeout =
      url.take_duration("connect_timeout").value_or(settings.connect_timeout);
  settings.query_timeout = url.take_duration("query_timeout").value_or(settings.query_timeout);
  settings.statement_cache = url.take_number("statement_cache").value_or(settings.statement_cache);
  settings.pipeline = url.take_number("pipeline").value_or(settings.pipeline);
  if (settings.pipeline == 0) refuse("has pipeline=0: 1 lets no queries share a connection");
  const auto pgbouncer = url.take("pgbouncer");
  if (pgbouncer && *pgbouncer != "transaction") {
    refuse("has pgbouncer=" + *pgbouncer + ": known is pgbouncer=transaction");
  }
  settings.is_pgbouncer = pgbouncer.has_value();
  if (settings.is_pgbouncer) settings.statement_cache = 0;
  settings.name = url.take("name").value_or("");
}

/// Refuses what libpq does not know, and what would make it block.
void check_parameters(const Settings& settings) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(PQconndefaults(),
                                                                             &PQconninfoFree);
  std::set<std::string_view> known;
  for (auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
    known.insert(option->keyword);
  }
  for (const auto& [key, value] : settings.parameters) {
    if (key == "service") refuse("has service=, which is not supported: give host and dbname");
    if (known.empty() || known.contains(key)) continue;
    refuse("has the unknown parameter '" + key + "'; known are " +
           std::string(Settings::kOwnParameters) + " and those of libpq");
  }
}

void set_default(Settings& settings, const char* key, const std::string& value) {
  settings.parameters.try_emplace(key, value);
}

/// Asks for a server that proves its name, wherever somebody could stand between.
void require_tls(Settings& settings) {
  bool is_local = true;
  for (const auto& host : settings.hosts) is_local = is_local && host.is_local();
  if (is_local || settings.parameters.contains("sslmode") || !environment("PGSSLMODE").empty()) {
    return;
  }
  settings.parameters["sslmode"] = "verify-full";
  const std::string own = environment("HOME") + "/.postgresql/root.crt";
  const bool has_own = !environment("PGSSLROOTCERT").empty() || access(own.c_str(), R_OK) == 0;
  if (!has_own && access(kSystemCertificates, R_OK) == 0) {
    set_default(settings, "sslrootcert", kSystemCertificates);
  }
}

std::string milliseconds(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

void set_defaults(Settings& settings) {
  require_tls(settings);
  // Kerberos looks names up, and waits for its servers.
  set_default(settings, "gssencmode", "disable");
  set_default(settings, "keepalives_idle", "30");
  set_default(settings, "keepalives_interval", "10");
  set_default(settings, "keepalives_count", "3");
  // Also bounds how long a connection to one of several hosts is tried, and a cancel.
  set_default(settings, "tcp_user_timeout", milliseconds(settings.connect_timeout * 2));
  set_default(settings, "fallback_application_name", "aiopyr");
  settings.parameters["client_encoding"] = "UTF8";
  if (settings.is_pgbouncer || settings.query_timeout == Duration::zero()) return;
  std::string& options = settings.parameters["options"];
  if (!options.empty()) options += ' ';
  options += "-c statement_timeout=" + milliseconds(settings.query_timeout);
}

std::string show(const Settings& settings) {
  std::string text;
  for (const auto& host : settings.hosts) {
    if (!text.empty()) text += ',';
    text += host.name.empty() ? host.address : host.name;
    if (!host.is_unix()) text += ':' + std::to_string(host.port);
  }
  const auto database = settings.parameters.find("dbname");
  return database == settings.parameters.end() ? text : text + '/' + database->second;
}

}  // namespace

bool Settings::Host::is_local() const noexcept {
  const std::string& where = address.empty() ? name : address;
  // Not a name such as `127.db.example`.
  const bool is_number = where.find_first_not_of("0123456789.") == std::string::npos;
  return is_unix() || where == "localhost" || where == "::1" ||
         (is_number && where.starts_with("127."));
}

Settings Settings::parse(std::string_view text) {
  const bool is_url = text.starts_with("postgresql://") || text.starts_with("postgres://");
  ConnectionUrl url = is_url ? ConnectionUrl::parse(text) : parse_pairs(text);
  Settings settings;
  settings.hosts = read_hosts(url);
  if (settings.hosts.empty()) settings.hosts.emplace_back();
  read_own(url, settings);
  settings.parameters = std::move(url.parameters);
  if (!url.user.empty()) settings.parameters["user"] = url.user;
  if (!url.password.empty()) settings.parameters["password"] = url.password;
  if (!url.path.empty()) settings.parameters["dbname"] = url.path;
  check_parameters(settings);
  settings.shown = show(settings);
  if (settings.name.empty()) {
    const auto database = settings.parameters.find("dbname");
    if (database != settings.parameters.end()) settings.name = database->second;
  }
  set_defaults(settings);
  return settings;
}

}  // namespace aiopyr::postgres

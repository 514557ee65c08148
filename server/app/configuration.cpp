#include "server/app/configuration.h"

#include "server/app/secret_text.h"
#include "server/app/socket_address.h"
#include "server/app/toml_table.h"

#include <algorithm>

namespace billing {

namespace {

using api::RouteGroup;
using app::TableReader;
using http::ClientCertificate;

/// Where the file stands, for its relative paths.
struct Place
{
    std::filesystem::path directory;

    std::filesystem::path path(const std::string& text) const
    {
        return (directory / text).lexically_normal();
    }
};

/// One of a few words.
template <class T>
T choice(TableReader& reader, std::string_view key, T otherwise,
         std::initializer_list<std::pair<std::string_view, T>> words)
{
    if (!reader.has(key))
        return otherwise;
    const std::string text = reader.text(key);
    std::string expected;
    for (const auto& [word, value] : words) {
        if (word == text)
            return value;
        expected.append(expected.empty() ? "expected " : ", ").append(word);
    }
    reader.refuse(key, expected);
    return otherwise;
}

/// A file that must be there.
void readFilePath(TableReader& reader, std::string_view key, const Place& place, std::filesystem::path& into)
{
    if (!reader.has(key))
        return;
    into = place.path(reader.text(key));
    std::error_code none;
    if (!std::filesystem::is_regular_file(into, none))
        reader.refuse(key, into.string() + " is missing");
}

std::string readSecret(TableReader& reader, std::string_view key, const Place& place)
{
    if (!reader.has(key))
        return {};
    auto secret = app::readSecretText(place.path(reader.text(key)));
    if (secret)
        return std::move(*secret);
    reader.refuse(key, secret.error().subject + ": " + secret.error().detail);
    return {};
}

void checkListener(TableReader& reader, const ListenerSettings& listener)
{
    const auto address = app::parseSocketAddress(listener.address);
    if (!address)
        return reader.refuse("address", "expected a literal address and port, 127.0.0.1:8443");
    if (listener.routes.has(RouteGroup::Ops) && !address->loopback)
        return reader.refuse("address", "ops routes are for loopback addresses only");
    const bool people = listener.routes.has(RouteGroup::User);
    const bool services = listener.routes.has(RouteGroup::Service);
    if (services && listener.clientCertificate != ClientCertificate::Required)
        reader.refuse("client_cert", "service routes need required");
    if (people && listener.clientCertificate == ClientCertificate::None)
        reader.refuse("client_cert", "none is for public and ops routes only");
}

Result<ListenerSettings> readListener(const toml::table& table, std::size_t index)
{
    TableReader reader(table, "listener[" + std::to_string(index) + "].");
    ListenerSettings listener;
    listener.address = reader.text("address");
    listener.clientCertificate = choice<ClientCertificate>(reader, "client_cert", ClientCertificate::Required,
                                                           {{"required", ClientCertificate::Required},
                                                            {"optional", ClientCertificate::Optional},
                                                            {"none", ClientCertificate::None}});
    listener.routes = {};
    for (const std::string& name : reader.texts("routes")) {
        const auto group = api::parseRouteGroup(name);
        if (group)
            listener.routes.add(*group);
        else
            reader.refuse("routes", group.error().detail);
    }
    if (listener.routes.empty())
        reader.refuse("routes", "expected at least one of service, user, public, ops");
    checkListener(reader, listener);
    const auto done = reader.finish();
    return done ? Result<ListenerSettings>(listener) : done.error();
}

Result<std::vector<ListenerSettings>> readListeners(const toml::array& tables)
{
    std::vector<ListenerSettings> listeners;
    for (const toml::node& node : tables) {
        const auto listener = readListener(*node.as_table(), listeners.size());
        if (!listener)
            return listener.error();
        const auto address = app::parseSocketAddress(listener->address);
        const bool taken = std::any_of(listeners.begin(), listeners.end(), [&](const auto& other) {
            return app::parseSocketAddress(other.address) == address;
        });
        if (taken && address->port != 0) // any number of listeners may ask for a free port
            return Error{
                ErrorCode::InvalidConfiguration, "listener[" + std::to_string(listeners.size()) + "].address",
                "line " + std::to_string(node.source().begin.line) + ": the address of another listener"};
        listeners.push_back(*listener);
    }
    return listeners;
}

Result<void> readTls(const toml::table& table, const Place& place, http::TlsFiles& tls)
{
    TableReader reader(table, "tls.");
    readFilePath(reader, "certificate_file", place, tls.certificate);
    readFilePath(reader, "client_ca_file", place, tls.clientCa);
    if (reader.has("key_file")) {
        tls.key = place.path(reader.text("key_file"));
        if (const auto readable = app::checkPrivate(tls.key); !readable)
            reader.refuse("key_file", readable.error().subject + ": " + readable.error().detail);
    }
    return reader.finish();
}

/// A connection's text names no secret: it is seen in logs and process lists of PostgreSQL.
void checkConnection(TableReader& reader, std::string_view key, const std::string& text)
{
    if (text.find("password") != std::string::npos || text.find("passfile") != std::string::npos)
        reader.refuse(key, "the password comes from a file: password_file");
    else if (text.find("://") != std::string::npos)
        reader.refuse(key, "expected libpq keywords, host=... dbname=... user=...");
    else if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' '; }))
        reader.refuse(key, "holds a control character");
}

Result<void> readStorage(const toml::table& table, const Place& place, StorageSettings& storage)
{
    TableReader reader(table, "storage.");
    storage.engine = choice<Engine>(reader, "engine", Engine::Sqlite,
                                    {{"sqlite", Engine::Sqlite}, {"postgresql", Engine::Postgresql}});
    if (storage.engine == Engine::Sqlite) {
        for (const char* key : {"connection", "owner_connection", "backup_connection", "password_file",
                                "owner_password_file", "backup_password_file", "connections"})
            if (reader.has(key))
                reader.refuse(key, "only with engine = \"postgresql\"");
        return reader.finish();
    }
    storage.connection = reader.text("connection");
    storage.ownerConnection =
        reader.has("owner_connection") ? reader.text("owner_connection") : storage.connection;
    checkConnection(reader, "connection", storage.connection);
    checkConnection(reader, "owner_connection", storage.ownerConnection);
    storage.backupConnection = reader.optionalText("backup_connection");
    checkConnection(reader, "backup_connection", storage.backupConnection);
    storage.backupPassword = readSecret(reader, "backup_password_file", place);
    storage.password = readSecret(reader, "password_file", place);
    storage.ownerPassword = reader.has("owner_password_file")
                                ? readSecret(reader, "owner_password_file", place)
                                : storage.password;
    storage.connections = static_cast<int>(reader.integer("connections", storage.connections, {2, 100}));
    return reader.finish();
}

Result<void> readUsage(const toml::table& table, Configuration& configuration)
{
    TableReader reader(table, "usage.");
    configuration.backlogEvents =
        reader.integer("backlog_events", configuration.backlogEvents, {1'000, 1'000'000'000});
    configuration.timePolicy.futureTolerance =
        std::chrono::seconds(reader.integer("future_tolerance_seconds", 300, {0, 3'600}));
    configuration.timePolicy.pastTolerance =
        std::chrono::hours(24 * reader.integer("past_tolerance_days", 35, {1, 3'660}));
    configuration.timePolicy.retentionMonths =
        static_cast<int>(reader.integer("retention_months", 84, {1, 240}));
    return reader.finish();
}

Result<void> readSmallTable(const toml::table& table, const std::string& name, Configuration& configuration)
{
    TableReader reader(table, name + ".");
    if (name == "invoicing") {
        configuration.grace = std::chrono::hours(reader.integer("grace_hours", 12, {0, 720}));
    } else if (name == "limits") {
        configuration.connections =
            static_cast<std::size_t>(reader.integer("connections", 4'096, {1, 4'096}));
    } else if (name == "health") {
        configuration.settleStuck =
            std::chrono::seconds(reader.integer("settle_stuck_seconds", 60, {1, 86'400}));
    } else {
        configuration.log.level = choice<LogLevel>(
            reader, "level", LogLevel::Info,
            {{"info", LogLevel::Info}, {"warning", LogLevel::Warning}, {"error", LogLevel::Error}});
        configuration.log.format = choice<LogFormat>(reader, "format", LogFormat::Json,
                                                     {{"json", LogFormat::Json}, {"text", LogFormat::Text}});
    }
    return reader.finish();
}

Result<void> readTables(TableReader& root, const Place& place, Configuration& configuration)
{
    Result<void> done;
    const auto each = [&](const char* name, auto&& read) {
        const toml::table* table = root.table(name);
        if (done && table)
            done = read(*table);
    };
    each("tls", [&](const toml::table& table) { return readTls(table, place, configuration.tls); });
    each("storage",
         [&](const toml::table& table) { return readStorage(table, place, configuration.storage); });
    each("usage", [&](const toml::table& table) { return readUsage(table, configuration); });
    for (const char* name : {"invoicing", "limits", "health", "log"})
        each(name, [&](const toml::table& table) { return readSmallTable(table, name, configuration); });
    if (!done)
        return done;
    if (const toml::array* tables = root.tables("listener")) {
        auto listeners = readListeners(*tables);
        if (!listeners)
            return listeners.error();
        configuration.listeners = std::move(*listeners);
    }
    return root.finish();
}

enum class DataDirectoryKey
{
    Required,
    Given
};

Result<Configuration> read(const std::filesystem::path& file, DataDirectoryKey key)
{
    const auto table = app::readToml(file);
    if (!table)
        return table.error();
    TableReader root(*table, "");
    const Place place{std::filesystem::absolute(file).parent_path()};
    DataDirectory directory{place.directory};
    const auto path = [&](std::string_view name) {
        return root.has(name) ? place.path(root.text(name)) : std::filesystem::path();
    };
    if (key == DataDirectoryKey::Required || root.has("data_dir"))
        directory.root = place.path(root.text("data_dir"));
    directory.keyDirectory = path("keys_dir");
    directory.issuerLocation = path("issuer_file");
    if (key == DataDirectoryKey::Given && root.has("data_dir")) {
        std::error_code none;
        if (!std::filesystem::equivalent(directory.root, place.directory, none))
            root.refuse("data_dir", "names another directory than the one this file lies in");
        directory.root = place.directory;
    }
    Configuration configuration(directory);
    configuration.file = std::filesystem::absolute(file);
    auto done = readTables(root, place, configuration);
    if (done)
        return configuration;
    Error error = done.error();
    error.detail = file.string() + ": " + error.detail;
    return error;
}

} // namespace

Configuration::Configuration(DataDirectory where)
    : directory(std::move(where))
    , tls{directory.pki() / "server.crt", directory.pki() / "server.key", directory.pki() / "ca.crt"}
{
}

Result<Configuration> readConfiguration(const std::filesystem::path& file)
{
    return read(file, DataDirectoryKey::Required);
}

Result<Configuration> configurationOf(const std::filesystem::path& dataDirectory)
{
    const DataDirectory directory{std::filesystem::absolute(dataDirectory)};
    std::error_code none;
    if (std::filesystem::exists(directory.configuration(), none))
        return read(directory.configuration(), DataDirectoryKey::Given);
    return Configuration(directory);
}

Result<ListenerSettings> developmentListener(const std::string& address)
{
    const auto parsed = app::parseSocketAddress(address);
    if (!parsed)
        return Error{ErrorCode::InvalidConfiguration, address, "expected a literal address and port"};
    ListenerSettings listener{address, ClientCertificate::Required, api::RouteGroups::all()};
    if (!parsed->loopback)
        listener.routes.remove(RouteGroup::Ops);
    return listener;
}

} // namespace billing

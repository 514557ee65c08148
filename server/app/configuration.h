// What an operator may set: one TOML file, F of --config F or D/billing.toml of --data-dir D. Every key, its
// unit and its default stand here; relative paths are below the file's own directory. Secrets come from
// files of mode 0600 only, never from the text, the command line or the environment.
//
//     data_dir = "..."            where everything lies; required in F, absent or the same in D/billing.toml
//     keys_dir = "..."            sealing.keys, audit-ed25519.pem, jwt-*.jwk              data_dir/keys
//     issuer_file = "..."         who sells data_dir/issuer.toml
//
//     [[listener]]                none: one at 127.0.0.1:8443 with every route, certificate required
//     address = "127.0.0.1:8443"  a literal address and port; port 0 picks a free one
//     client_cert = "required"    required | optional (not for service) | none (for public and ops only)
//     routes = ["service"]        service | user | public | ops (loopback only); see api/route_groups.h
//
//     [tls]
//     certificate_file = "..."    PEM, leaf first data_dir/pki/server.crt key_file = "..."            PEM,
//     mode 0600                                          data_dir/pki/server.key client_ca_file = "..." who
//     signs clients' certificates                         data_dir/pki/ca.crt
//
//     [storage]
//     engine = "sqlite"           sqlite (data_dir/billing.sqlite) | postgresql, which needs the following:
//     connection = "host=..."     libpq keywords of the role that serves; no password in it
//     owner_connection = "..."    of the role that owns the schema, for migrations        connection
//     password_file = "..."       of the serving role                                     none
//     owner_password_file = "..." of the owner                                            password_file
//     backup_connection = "..."   of a role that may read every row (BYPASSRLS), for backup; none: no backup
//     backup_password_file = "..."                                                        none
//     connections = 12            most connections to PostgreSQL, 2 to 100
//
//     [usage]
//     backlog_events = 2000000    waiting events above which new ones get 503, 1000 to 1000000000
//     future_tolerance_seconds = 300   how far ahead an event may be dated, 0 to 3600
//     past_tolerance_days = 35    how old without billing:backfill, 1 to 3660
//     retention_months = 84       how old at all, 1 to 240
//
//     [invoicing]
//     grace_hours = 12            how long after its end a period waits for stragglers, 0 to 720
//
//     [limits]
//     connections = 4096          open connections, 1 to 4096
//
//     [health]
//     settle_stuck_seconds = 60   usage waiting longer makes the server not ready, 1 to 86400
//
//     [log]
//     level = "info"              info | warning | error
//     format = "json"             json | text
//
// Refusals are InvalidConfiguration with the dotted key as subject, and its line in the detail;
// FileUnreadable for the file itself. Nothing is made or started before the whole file is good.
#pragma once

#include "server/api/route_groups.h"
#include "server/app/data_directory.h"
#include "server/app/log_settings.h"
#include "server/http/tls_context.h"
#include "server/intake/validate_event.h"

#include <vector>

namespace billing {

enum class Engine
{
    Sqlite,
    Postgresql
};

struct ListenerSettings
{
    std::string address = "127.0.0.1:8443";
    http::ClientCertificate clientCertificate = http::ClientCertificate::Required;
    api::RouteGroups routes = api::RouteGroups::all();
};

struct StorageSettings
{
    Engine engine = Engine::Sqlite;
    std::string connection = {};
    std::string ownerConnection = {};
    std::string backupConnection = {};
    std::string password = {};
    std::string ownerPassword = {};
    std::string backupPassword = {};
    int connections = 12;
};

struct Configuration
{
    /// What holds for a data directory without a file of its own.
    explicit Configuration(DataDirectory where);

    DataDirectory directory;
    std::filesystem::path file = {}; ///< where it was read; empty: nowhere
    std::vector<ListenerSettings> listeners = {ListenerSettings{}};
    http::TlsFiles tls;
    StorageSettings storage = {};
    std::int64_t backlogEvents = 2'000'000;
    TimePolicy timePolicy = {};
    Duration grace = std::chrono::hours(12);
    std::size_t connections = 4096;
    Duration settleStuck = std::chrono::seconds(60);
    LogSettings log = {};
};

/// data_dir is required in it.
Result<Configuration> readConfiguration(const std::filesystem::path& file);
/// With what D/billing.toml says, if it is there.
Result<Configuration> configurationOf(const std::filesystem::path& dataDirectory);

/// One development listener in place of those configured: every route, but ops on loopback only. Refuses
/// InvalidConfiguration for what is no address.
Result<ListenerSettings> developmentListener(const std::string& address);

} // namespace billing

// The operator's log: one line per event on standard error, as JSON
//
//     {"time":"2026-09-15T12:00:00.000000Z","level":"error","event":"job_failed","job":"checkpoint","error":"storage_full"}
//
// or, with [log] format = "text", the same words without the braces. What may appear is an allow-list by
// type: the known events, codes of refusals, numbers, ids that we made, names of our own jobs, addresses of
// our own listeners. Nothing that a client sent, no details of refusals, no tokens, names or addresses of
// people. Any thread; a line is written whole.
#pragma once

#include "server/app/log_settings.h"
#include "shared/kernel/error_code.h"
#include "shared/kernel/ports.h"
#include "shared/model/ids.h"

#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace billing {

// X(enumerator, level, name in the log)
#define BILLING_LOG_EVENTS(X)                                                                                \
    X(ServerStarted, Info, "server_started")                                                                 \
    X(ServerStopping, Info, "server_stopping")                                                               \
    X(ServerStopped, Info, "server_stopped")                                                                 \
    X(JobFailed, Error, "job_failed")                                                                        \
    X(PeriodNotClosed, Error, "period_not_closed")                                                           \
    X(DocumentNotDrawn, Error, "document_not_drawn")                                                         \
    X(DeadLetters, Error, "dead_letters")                                                                    \
    X(NotReady, Warning, "not_ready")                                                                        \
    X(Ready, Info, "ready")                                                                                  \
    X(AdminRefused, Warning, "admin_refused")                                                                \
    X(AdminCommand, Info, "admin_command")

enum class LogEvent
{
#define X(name, level, text) name,
    BILLING_LOG_EVENTS(X)
#undef X
};

/// What our own code calls one of its parts: a literal, so that no other text can get here.
class LogName
{
public:
    constexpr LogName() = default; ///< none
    template <std::size_t N>
    consteval LogName(const char (&text)[N])
        : m_text(text, N - 1)
    {
    }
    constexpr std::string_view text() const { return m_text; }

private:
    std::string_view m_text;
};

struct LogFields
{
    LogName job = {};
    LogName command = {};
    LogName reason = {};
    std::optional<ErrorCode> error = {};
    std::optional<SubscriptionId> subscription = {};
    std::optional<InvoiceId> invoice = {};
    std::optional<std::string> listener = {}; ///< where we listen
    std::optional<std::int64_t> count = {};
    std::optional<std::int64_t> exitCode = {};
    std::optional<std::int64_t> microseconds = {};
    std::optional<std::int64_t> peerUser = {}; ///< a numeric user id of this machine
};

class Log
{
public:
    using Sink = std::function<void(const std::string& line)>;

    /// To standard error. The clock outlives it.
    Log(const Clock& clock, LogSettings settings);
    Log(const Clock& clock, LogSettings settings, Sink sink);

    void write(LogEvent event, const LogFields& fields = {});

private:
    const Clock& m_clock;
    LogSettings m_settings;
    std::mutex m_mutex;
    Sink m_sink;
};

} // namespace billing

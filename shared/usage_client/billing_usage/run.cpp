#include "shared/usage_client/billing_usage/run.h"

#include "shared/usage_client/billing_usage/known_meters.h"
#include "shared/usage_client/billing_usage/progress_bar.h"
#include "shared/usage_client/billing_usage/report.h"
#include "shared/usage_client/csv_rows.h"
#include "shared/usage_client/ndjson_rows.h"

#include <cstdio>
#include <filesystem>

namespace billing::client {

namespace {

enum ExitCode : int
{
    AllTaken = 0,
    SomeNotTaken = 1,
    Wrong = 2,
    GaveUp = 3,
    RowsAreBad = 4
};

template <class Rows>
Result<std::unique_ptr<FileRows>> boxed(Result<Rows> rows)
{
    if (!rows)
        return rows.error();
    return std::unique_ptr<FileRows>(std::make_unique<Rows>(std::move(*rows)));
}

Result<std::unique_ptr<FileRows>> openRows(const SendCommand& command, const std::string& file)
{
    if (command.format == FileFormat::Csv)
        return boxed(CsvRows::open(file, *command.csv));
    return boxed(NdjsonRows::open(file));
}

ClientOptions clientOptions(const SendCommand& command)
{
    ClientOptions options;
    options.transport.serverUrl = command.server;
    options.transport.certificateFile = command.certificateFile;
    options.transport.keyFile = command.keyFile;
    options.transport.authorityFile = command.authorityFile;
    options.token = tokenFromFile(command.tokenFile);
    options.batchSize = command.batchSize;
    options.backoff.giveUpAfter = command.giveUpAfter;
    return options;
}

void say(const std::string& text)
{
    std::fputs(text.c_str(), stderr);
}

int complain(const Error& error)
{
    say("billing-usage: " + toText(error) + "\n");
    return error.code == ErrorCode::NetworkFailed ? GaveUp : Wrong;
}

/// Everything a run holds; the steps are called in their order.
class Run
{
public:
    Run(const SendCommand& command, Ports ports)
        : m_command(command)
        , m_ports(ports)
        , m_rules{.now = ports.clock.now(),
                  .backfill = command.backfill,
                  .retentionMonths = command.retentionMonths}
        , m_badRows(command.skipBad)
        , m_ids(command.csv ? std::string_view(command.csv->eventIdPrefix) : std::string_view())
    {
    }

    Result<void> open()
    {
        if (auto isNew = m_badRows.mustBeNew(); !isNew)
            return isNew;
        auto rows = openRows(m_command, m_command.file);
        if (!rows)
            return rows.error();
        m_rows = std::move(*rows);
        for (const std::string& file : m_command.alreadySent) {
            std::error_code absent;
            if (std::filesystem::equivalent(file, m_command.file, absent))
                return Error{ErrorCode::InvalidValue, "--already-sent",
                             file + " is the file itself: all of it would be counted again"};
            auto earlier = openRows(m_command, file);
            if (!earlier)
                return earlier.error();
            m_earlier.push_back(std::move(*earlier));
        }
        if (m_command.csv && m_command.csv->identity == CsvIdentity::Content &&
            !m_command.csv->eventIdPrefix.empty())
            say("billing-usage: a row's id is now made of its content; a file that release 0.2 or earlier "
                "sent, "
                "even in part, needs --row-number-ids, or is counted twice\n");
        if (m_command.server.empty())
            return readMeters();
        auto client = BillingAPIClient::create(clientOptions(m_command), m_ports);
        if (!client)
            return client.error();
        m_client.emplace(std::move(*client));
        return readMeters();
    }

    /// The exit code, when it ends here.
    std::optional<int> check()
    {
        if (auto learned = readEarlier(&RowIds::learn); !learned)
            return complain(learned.error());
        const auto checked = [&] {
            ProgressBar bar("checking", m_rows->size());
            return checkFile(reading(),
                             [&](std::int64_t bytes, std::int64_t rows) { bar.show(bytes, rows); });
        }();
        if (!checked)
            return complain(checked.error());
        m_checked = *checked;
        if (m_checked.badRows == 0)
            return std::nullopt;
        const std::string of = std::to_string(m_checked.badRows) + " of " + std::to_string(m_checked.rows);
        say(m_rows->name() + ": " + of + " rows are bad:\n" + listOf(m_checked.listed, m_checked.badRows));
        if (m_badRows.wanted()) {
            say("They are in " + m_badRows.path() +
                ". Mend them there and send that file with the same options "
                "and --already-sent, or mend and send " +
                m_rows->name() + " again.\n");
            return std::nullopt;
        }
        if (!m_command.dryRun)
            say("Nothing was sent. Mend the rows and send the file again, or leave them out with "
                "--skip-bad.\n");
        return RowsAreBad;
    }

    int send()
    {
        if (auto rewound = m_rows->rewind(); !rewound)
            return complain(rewound.error());
        if (auto passed = readEarlier(&RowIds::pass); !passed)
            return complain(passed.error());
        SentFile sent;
        {
            ProgressBar bar(m_command.dryRun ? "counting" : "sending", m_rows->size());
            sent =
                sendFile(reading(), m_checked, {m_command.dryRun ? nullptr : &*m_client, m_command.batchSize},
                         [&](std::int64_t bytes, std::int64_t rows) { bar.show(bytes, rows); });
        }
        return m_command.dryRun ? tellDryRun(sent) : tell(sent);
    }

private:
    Reading reading() { return {*m_rows, m_rules, m_ids, m_badRows}; }

    Result<void> readMeters()
    {
        if (!m_command.metersFile.empty()) {
            auto meters = metersOfFile(m_command.metersFile);
            if (!meters)
                return meters.error();
            m_meters = std::move(*meters);
        } else {
            std::string notice = "no server is given";
            if (m_client)
                m_meters = metersOfServer(*m_client, notice);
            if (!m_meters)
                say("billing-usage: metrics and their dimensions are not checked before sending: " + notice +
                    "; --meters names a price list\n");
        }
        m_rules.meters = m_meters.get();
        return {};
    }

    /// The rows of files that were sent before have the first numbers among equal ones.
    template <class Step>
    Result<void> readEarlier(Step step)
    {
        for (const auto& rows : m_earlier) {
            while (true) {
                const auto row = rows->next();
                if (!row)
                    return row.error();
                if (!*row)
                    break;
                if (!problemOf(*rows, **row, m_rules))
                    (m_ids.*step)(**row);
            }
            if (auto rewound = rows->rewind(); !rewound)
                return rewound.error();
        }
        return {};
    }

    int tellDryRun(const SentFile& sent)
    {
        if (sent.stopped)
            return complain(*sent.stopped);
        say(m_rows->name() + ": " + std::to_string(m_checked.rows) + " rows with " +
            std::to_string(m_checked.events) + " events are good; nothing was sent\n");
        if (sent.repeatedRows > 0)
            say(m_rows->name() + ": " + repeatedText(sent));
        return AllTaken;
    }

    int tell(const SentFile& sent)
    {
        say(accountOf(m_rows->name(), m_checked, sent));
        std::fputs(summaryOf(sent.events).c_str(), stdout);
        if (std::fflush(stdout) != 0)
            return complain({ErrorCode::FileUnwritable, "standard output"});
        if (sent.stopped) {
            const int code = complain(*sent.stopped);
            say("Send the same file again to go on: what was counted is then a duplicate.\n");
            return code;
        }
        if (sent.refusedRows > 0 && m_badRows.wanted())
            say("The rows the server did not take are in " + m_badRows.path() +
                " too. When the reason is gone, "
                "send " +
                m_rows->name() + " again.\n");
        return sent.refusedRows + sent.rowsSkipped > 0 ? SomeNotTaken : AllTaken;
    }

    const SendCommand& m_command;
    Ports m_ports;
    EventRules m_rules;
    BadRows m_badRows;
    RowIds m_ids;
    std::unique_ptr<MeterIndex> m_meters;
    std::unique_ptr<FileRows> m_rows;
    std::vector<std::unique_ptr<FileRows>> m_earlier;
    std::optional<BillingAPIClient> m_client;
    CheckedFile m_checked;
};

} // namespace

int run(const SendCommand& command, Ports ports)
{
    Run run(command, ports);
    if (auto opened = run.open(); !opened)
        return complain(opened.error());
    if (const auto code = run.check())
        return *code;
    return run.send();
}

} // namespace billing::client

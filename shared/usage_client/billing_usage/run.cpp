#include "shared/usage_client/billing_usage/run.h"

#include "shared/usage_client/billing_usage/progress_bar.h"
#include "shared/usage_client/ndjson_events.h"

#include <cstdio>
#include <filesystem>

namespace billing::client {

namespace {

enum ExitCode : int
{
    AllTaken = 0,
    SomeRejected = 1,
    Wrong = 2,
    GaveUp = 3
};

/// As the server says for tokens without backfill.
constexpr Duration ordinaryAge = std::chrono::hours(24 * 35);

template <class Source>
Result<std::unique_ptr<EventSource>> boxed(Result<Source> source)
{
    if (!source)
        return source.error();
    return std::unique_ptr<EventSource>(std::make_unique<Source>(std::move(*source)));
}

Result<std::unique_ptr<EventSource>> openSource(const SendCommand& command)
{
    if (command.format == FileFormat::Csv)
        return boxed(CsvEvents::open(command.file, *command.csv));
    return boxed(NdjsonEvents::open(command.file));
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
    if (!command.backfill)
        options.oldest = ordinaryAge;
    return options;
}

int complain(const Error& error)
{
    std::fprintf(stderr, "billing-usage: %s\n", toText(error).c_str());
    return error.code == ErrorCode::NetworkFailed ? GaveUp : Wrong;
}

void listRejections(const SendReport& report)
{
    for (const Rejection& rejection : report.rejections)
        std::fprintf(stderr, "%s: %s\n", rejection.eventId.c_str(), toText(rejection.error).c_str());
    const std::int64_t others = report.conflict + report.rejected - std::ssize(report.rejections);
    if (others > 0)
        std::fprintf(stderr, "and %lld more\n", static_cast<long long>(others));
}

} // namespace

std::string summaryOf(const SendReport& report)
{
    return "accepted " + std::to_string(report.accepted) + "\nduplicate " + std::to_string(report.duplicate) +
           "\nconflict " + std::to_string(report.conflict) + "\nrejected " + std::to_string(report.rejected) +
           "\n";
}

int run(const SendCommand& command, Ports ports)
{
    auto source = openSource(command);
    if (!source)
        return complain(source.error());
    auto client = BillingAPIClient::create(clientOptions(command), ports);
    if (!client)
        return complain(client.error());

    std::error_code unknownSize;
    const auto size = std::filesystem::file_size(command.file, unknownSize);
    SendReport soFar;
    std::optional<Error> stopped;
    {
        ProgressBar bar(unknownSize ? 0 : static_cast<std::int64_t>(size));
        const auto sent = client->send(**source, [&](const SendReport& report) {
            soFar = report;
            bar.show((*source)->bytesRead(), report.total());
        });
        if (!sent)
            stopped = sent.error();
    }
    listRejections(soFar);
    std::fputs(summaryOf(soFar).c_str(), stdout);
    if (std::fflush(stdout) != 0)
        return complain({ErrorCode::FileUnwritable, "standard output"});
    if (stopped)
        return complain(*stopped);
    return soFar.conflict + soFar.rejected > 0 ? SomeRejected : AllTaken;
}

} // namespace billing::client

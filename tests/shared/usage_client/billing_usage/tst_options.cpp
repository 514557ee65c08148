// The command line: every option as published, everything else refused by name.
#include "shared/usage_client/billing_usage/options.h"

#include <QTest>

using namespace billing;
using namespace billing::client;

namespace {

const QByteArray base = "send --server https://h:1 --cert c --key k --ca a --token-file t";
const QByteArray csv = base + " --format csv --tenant acme --event-id-prefix P --time-column T";

Result<SendCommand> parsed(const QByteArray& line)
{
    const QByteArrayList words = line.isEmpty() ? QByteArrayList() : line.split(' ');
    std::vector<std::string_view> arguments;
    for (const QByteArray& word : words)
        arguments.emplace_back(word.constData(), static_cast<std::size_t>(word.size()));
    return parseCommand(arguments);
}

} // namespace

class TestOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void readsTheLeast();
    void readsEverything();
    void readsHelp();
};

void TestOptions::refuses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("subject");
    const auto refused = [](const QByteArray& line, ErrorCode code, const char* subject) {
        QTest::newRow(line.constData()) << line << int(code) << QByteArray(subject);
    };
    using enum ErrorCode;
    refused("", MissingField, "send");
    refused("recv", MissingField, "send");
    refused("send", MissingField, "--server");
    refused("send --server https://h:1 --cert c --key k --ca a f", MissingField, "--token-file");
    refused("send --server", MissingField, "--server");
    refused(base + " --insecure f", UnknownParameter, "--insecure");
    refused(base + " --server=x f", UnknownParameter, "--server=x");
    refused(base + " --key other f", DuplicateKey, "--key");
    refused(base + " --backfill --backfill f", DuplicateKey, "--backfill");
    refused(base, MissingField, "FILE");
    refused(base + " f g", MissingField, "FILE");
    refused(base + " --batch-size 0 f", InvalidValue, "--batch-size");
    refused(base + " --batch-size 1001 f", InvalidValue, "--batch-size");
    refused(base + " --batch-size 10x f", InvalidValue, "--batch-size");
    refused(base + " --give-up-after -1 f", InvalidValue, "--give-up-after");
    refused(base + " --format xml f", InvalidValue, "--format");
    refused(base + " --tenant acme f", InvalidValue, "--tenant");
    refused(base + " --format ndjson --assume-utc f", InvalidValue, "--assume-utc");
    refused(base + " --event m=a f", InvalidValue, "--event");
    refused(base + " --format csv f", MissingField, "--tenant");
    refused(csv + " f", MissingField, "--event");
    refused(csv + " --event m f", InvalidValue, "--event");
    refused(base + " --format csv --tenant Acme --event-id-prefix P --time-column T --event m=a f",
            InvalidTenantId, "--tenant");
}

void TestOptions::refuses()
{
    QFETCH(QByteArray, line);
    const auto command = parsed(line);
    QVERIFY(!command);
    QTEST(int(command.error().code), "code");
    QTEST(QByteArray::fromStdString(command.error().subject), "subject");
}

void TestOptions::readsTheLeast()
{
    const auto command = parsed(base + " -- --file");
    QVERIFY(command.has_value());
    QCOMPARE(command->server, "https://h:1");
    QCOMPARE(command->certificateFile, "c");
    QCOMPARE(command->keyFile, "k");
    QCOMPARE(command->authorityFile, "a");
    QCOMPARE(command->tokenFile, "t");
    QCOMPARE(command->file, "--file");
    QVERIFY(command->format == FileFormat::Ndjson && !command->csv && !command->backfill && !command->help);
    QCOMPARE(command->batchSize, 1'000u);
    QVERIFY(command->giveUpAfter == std::chrono::seconds(120));
}

void TestOptions::readsEverything()
{
    const auto command = parsed(
        csv + " --assume-utc --backfill --batch-size 10 --give-up-after 5 f --event m=a,d=v --event n=b");
    QVERIFY(command.has_value());
    QVERIFY(command->backfill && command->format == FileFormat::Csv);
    QCOMPARE(command->batchSize, 10u);
    QVERIFY(command->giveUpAfter == std::chrono::seconds(5));
    QCOMPARE(command->csv->tenant, TenantId("acme"));
    QCOMPARE(command->csv->eventIdPrefix, "P");
    QCOMPARE(command->csv->timeColumn, "T");
    QVERIFY(command->csv->missingZone == MissingZone::AssumeUtc);
    QCOMPARE(command->csv->events, (std::vector<CsvEventMapping>{{"m", "a", {{"d", "v"}}}, {"n", "b", {}}}));
}

void TestOptions::readsHelp()
{
    QVERIFY(parsed("--help")->help);
    QVERIFY(parsed("send --help")->help);
    for (const char* option :
         {"--server", "--cert", "--key", "--ca", "--token-file", "--backfill", "--format", "--tenant",
          "--event-id-prefix", "--time-column", "--assume-utc", "--event", "--batch-size", "--give-up-after"})
        QVERIFY2(helpText().find(option) != std::string_view::npos, option);
}

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"

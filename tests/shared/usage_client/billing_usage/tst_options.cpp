// The command line: every option as published, everything else refused by name.
// Tests: options.cpp csv_options.cpp help.cpp written_options.cpp
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
    void readsTables();
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
    refused(base + " usage.csv", MissingField, "--format");
    refused(base + " usage.tsv.gz", MissingField, "--format");
    refused(base + " --format xml f", InvalidValue, "--format");
    refused(base + " --tenant acme f", InvalidValue, "--tenant");
    refused(base + " --format ndjson --assume-utc f", InvalidValue, "--assume-utc");
    refused(base + " --event m=a f", InvalidValue, "--event");
    refused(base + " --format csv f", MissingField, "--tenant");
    refused(csv + " f", MissingField, "--event");
    refused(csv + " --event m f", InvalidValue, "--event");
    refused(base + " --format csv --tenant Acme --event-id-prefix P --time-column T --event m=a f",
            InvalidTenantId, "--tenant");
    const QByteArray table = csv + " --event m=a";
    refused(csv + " --event m=a --tenant-column T f", InvalidValue, "--tenant");
    refused(base + " --format csv --time-column T --event m=a f", MissingField, "--tenant");
    refused(base + " --format csv --tenant acme --event m=a f", MissingField, "--time-column");
    refused(table + " --source s --source-column S f", InvalidValue, "--source");
    refused(table + " --metric-column M --value-column V f", InvalidValue, "--event");
    refused(csv + " --metric-column M f", MissingField, "--value-column");
    refused(csv + " --value-column V f", MissingField, "--metric-column");
    refused(table + " --dimension d f", InvalidValue, "--dimension");
    refused(table + " --dimension d=a --dimension d=b f", DuplicateKey, "--dimension");
    refused(table + " --assume-utc --time-zone UTC f", InvalidValue, "--assume-utc");
    refused(table + " --time-zone Europe/Berlin --time-format seconds f", InvalidValue, "--time-format");
    refused(table + " --time-zone Europe/Nowhere f", UnknownTimeZone, "--time-zone");
    refused(table + " --time-zone ../../../etc/passwd f", UnknownTimeZone, "--time-zone");
    refused(table + " --time-format days f", InvalidValue, "--time-format");
    refused(table + " --ambiguous third f", InvalidValue, "--ambiguous");
    refused(table + " --delimiter ;; f", InvalidValue, "--delimiter");
    refused(table + " --delimiter \" f", InvalidValue, "--delimiter");
    refused(table + " --event-id-column I f", InvalidValue, "--event-id-column");
    refused(table + " --event-id-prefix \xC3\xA4 f", DuplicateKey, "--event-id-prefix");
    refused(base + " --format csv --tenant a-b --time-column T --event m=a --row-number-ids f", MissingField,
            "--event-id-prefix");
    refused(table + " --row-number-ids --already-sent g f", InvalidValue, "--already-sent");
    refused(base + " --already-sent g f", InvalidValue, "--already-sent");
    refused(base + " --retention-months 0 f", InvalidValue, "--retention-months");
    refused(base + " --dry-run --skip-bad g f", InvalidValue, "--skip-bad");
    refused("send --dry-run --server https://h:1 f", MissingField, "--cert");
    refused(base + " --decimal-comma f", InvalidValue, "--decimal-comma");
    refused(base + " --dimensions-from-rest f", InvalidValue, "--dimensions-from-rest");
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
    QVERIFY(command->csv->tenant == TenantId("acme"));
    QCOMPARE(command->csv->eventIdPrefix, "P");
    QCOMPARE(command->csv->timeColumn, "T");
    QVERIFY(command->csv->missingZone == MissingZone::AssumeUtc);
    QCOMPARE(command->csv->events, (std::vector<CsvEventMapping>{{"m", "a", {{"d", "v"}}}, {"n", "b", {}}}));
}

void TestOptions::readsTables()
{
    const auto command =
        parsed("send --dry-run --format csv --tenant-column C --time-column T --metric-column M "
               "--value-column V --dimension d=D --dimensions-from-rest --source-column S "
               "--event-id-column I --decimal-comma --delimiter tab --time-zone +02:00 "
               "--ambiguous second --meters p --retention-months 12 -");
    QVERIFY(command.has_value());
    QVERIFY(command->dryRun && command->server.empty());
    QCOMPARE(command->file, "-");
    QCOMPARE(command->metersFile, "p");
    QCOMPARE(command->retentionMonths, 12);
    const CsvMapping& mapping = *command->csv;
    QVERIFY(!mapping.tenant && mapping.tenantColumn == "C" && mapping.sourceColumn == "S");
    QVERIFY(mapping.metricColumn == "M" && mapping.dimensionsFromRest);
    QCOMPARE(mapping.events, (std::vector<CsvEventMapping>{{"", "V", {}}}));
    QCOMPARE(mapping.dimensions, (std::vector<CsvDimension>{{"d", "D"}}));
    QVERIFY(mapping.identity == CsvIdentity::Column && mapping.eventIdColumn == "I");
    QVERIFY(mapping.decimalMark == DecimalMark::Comma && mapping.delimiter == '\t');
    QCOMPARE(mapping.time.zone->offsetAt(0), 7'200);
    QVERIFY(mapping.time.ambiguous == Ambiguous::Second);

    const auto again = parsed(csv + " --event m=a --already-sent x --already-sent y --skip-bad b f");
    QCOMPARE(again->alreadySent, (std::vector<std::string>{"x", "y"}));
    QCOMPARE(again->skipBad, "b");
    QVERIFY(!again->csv->delimiter && again->csv->identity == CsvIdentity::Content);
    QVERIFY(parsed(csv + " --event m=a --row-number-ids f")->csv->identity == CsvIdentity::RowNumber);
    QVERIFY(parsed(csv + " --event m=a --time-format milliseconds f")->csv->time.format ==
            TimeFormat::Milliseconds);
}

void TestOptions::readsHelp()
{
    QVERIFY(parsed("--help")->help);
    QVERIFY(parsed("send --help")->help);
    for (const char* option : {"--server",
                               "--cert",
                               "--key",
                               "--ca",
                               "--token-file",
                               "--backfill",
                               "--format",
                               "--tenant",
                               "--event-id-prefix",
                               "--time-column",
                               "--assume-utc",
                               "--event",
                               "--batch-size",
                               "--give-up-after",
                               "--dry-run",
                               "--skip-bad",
                               "--retention-months",
                               "--meters",
                               "--tenant-column",
                               "--time-zone",
                               "--ambiguous",
                               "--time-format",
                               "--metric-column",
                               "--value-column",
                               "--dimension ",
                               "--dimensions-from-rest",
                               "--source S",
                               "--source-column",
                               "--decimal-comma",
                               "--delimiter",
                               "--event-id-column",
                               "--already-sent",
                               "--row-number-ids"})
        QVERIFY2(helpText().find(option) != std::string_view::npos, option);
}

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"

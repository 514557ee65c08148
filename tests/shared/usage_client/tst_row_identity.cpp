// A row's identity is its content and its number among equal ones: whatever happens to the rows around it,
// and however it is spelled, its id stays; and no two rows of a file ever share one.
// Tests: digest.cpp row_identity.cpp row_ids.cpp
#include "shared/usage_client/csv_rows.h"
#include "shared/usage_client/row_ids.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/trials.h"

#include <QTest>

#include <fstream>
#include <set>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

UsageEvent eventOf(std::string_view value = "1.5")
{
    return {TenantId("acme"),
            "src",
            "",
            "llm_tokens",
            Decimal::parse(value).value(),
            Instant::parse("2026-03-01T12:00:00Z").value(),
            {{"direction", "input"}, {"model", "gpt4"}}};
}

/// What a row means; how it is written is chosen each time.
struct Meaning
{
    int second;
    int value; ///< in tenths
    int region;

    friend auto operator<=>(const Meaning&, const Meaning&) = default;
};

/// A file's way of writing.
struct Style
{
    char delimiter;
    bool timeFirst;
    bool quotes;
    bool comma;
    bool epoch;
    const char* lineEnd;
    const char* mark;
};

std::string twoDigits(int number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string writtenTime(const Meaning& row, const Style& style, SeededRandom& random)
{
    if (style.epoch)
        return std::to_string(1'772'366'400 + row.second) + (random.below(2) == 0 ? "" : ".000");
    const std::string clock = ":" + twoDigits(row.second / 60) + ":" + twoDigits(row.second % 60);
    switch (random.below(4)) {
    case 0:
        return "2026-03-01T12" + clock + "Z";
    case 1:
        return "2026-03-01 13" + clock + "+01:00";
    case 2:
        return "2026-03-01 12" + clock + ".000 UTC";
    default:
        return "2026-03-01 12" + clock; // in UTC
    }
}

std::string writtenValue(const Meaning& row, const Style& style, SeededRandom& random)
{
    const std::string mark = style.comma ? "," : ".";
    switch (random.below(3)) {
    case 0:
        return std::to_string(row.value / 10) + mark + std::to_string(row.value % 10);
    case 1:
        return std::to_string(row.value) + "e-1";
    default:
        return "0" + std::to_string(row.value / 10) + mark + std::to_string(row.value % 10) + "000";
    }
}

std::string written(const std::vector<Meaning>& rows, const Style& style, SeededRandom& random)
{
    const auto field = [&](const std::string& text) {
        const bool quoted = style.quotes || text.find(style.delimiter) != std::string::npos;
        return quoted ? "\"" + text + "\"" : text;
    };
    const auto line = [&](const std::string& time, const std::string& value, const std::string& region) {
        const std::string first = field(style.timeFirst ? time : region);
        const std::string last = field(style.timeFirst ? region : time);
        return first + style.delimiter + field(value) + style.delimiter + last + style.lineEnd;
    };
    std::string text = style.mark + line("time", "amount", "region");
    for (const Meaning& row : rows)
        text += line(writtenTime(row, style, random), writtenValue(row, style, random),
                     "region " + std::to_string(row.region)) +
                (random.below(10) == 0 ? style.lineEnd : "");
    return text;
}

Style anyStyle(SeededRandom& random)
{
    static constexpr std::array<char, 4> delimiters{',', ';', '\t', '|'};
    static constexpr std::array<const char*, 3> lineEnds{"\n", "\r\n", "\r"};
    return {delimiters[random.below(4)],
            random.below(2) == 0,
            random.below(2) == 0,
            random.below(2) == 0,
            random.below(3) == 0,
            lineEnds[random.below(3)],
            random.below(2) == 0 ? "" : "\xEF\xBB\xBF"};
}

} // namespace

class TestRowIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isPublished();
    void dependsOnAllContent();
    void numbersEqualOnes();
    void keepsLittle();
    void staysWhateverHappens();

private:
    /// The ids of each meaning's rows, in the file's order.
    std::map<Meaning, std::vector<std::string>> idsOf(const std::vector<Meaning>& rows, SeededRandom& random);

    TemporaryDirectory m_directory;
};

void TestRowIdentity::isPublished()
{
    // SHA-256 by another program.
    QCOMPARE(contentDigest(eventOf()).toHex(), "5bcedfcfec8a957d94718f3fc8f22f54");
    QCOMPARE(contentEventId("", {0x0123456789abcdef, 0xfedcba9876543210}, 12),
             "row-0123456789abcdeffedcba9876543210-12");
    QCOMPARE(contentEventId("p", {0, 1}, 1), "p-00000000000000000000000000000001-1");
}

void TestRowIdentity::dependsOnAllContent()
{
    const UsageEvent event = eventOf();
    std::set<std::string> digests{contentDigest(event).toHex()};
    const auto differs = [&](auto change) {
        UsageEvent other = event;
        change(other);
        return digests.insert(contentDigest(other).toHex()).second;
    };
    QVERIFY(differs([](UsageEvent& other) { other.tenant = TenantId("acme2"); }));
    QVERIFY(differs([](UsageEvent& other) { other.source = "sr"; }));
    QVERIFY(differs([](UsageEvent& other) { other.source = "srcl", other.metricType = "lm_tokens"; }));
    QVERIFY(differs([](UsageEvent& other) { other.metricType = "llm_token"; }));
    QVERIFY(differs([](UsageEvent& other) { other.value = Decimal::parse("1.6").value(); }));
    QVERIFY(differs([](UsageEvent& other) { other.at = other.at.plus(Duration(1)); }));
    QVERIFY(differs([](UsageEvent& other) { other.dimensions.pop_back(); }));
    QVERIFY(differs([](UsageEvent& other) { other.dimensions[0].value = "output"; }));
    QVERIFY(differs([](UsageEvent& other) { other.dimensions[0].name = "directions"; }));
    // The id itself, and the value's spelling, are none of it.
    QVERIFY(!differs([](UsageEvent& other) { other.eventId = "x"; }));
    QVERIFY(!differs([](UsageEvent& other) { other.value = Decimal::parse("01.500").value(); }));
}

void TestRowIdentity::numbersEqualOnes()
{
    RowIds ids("p");
    FileRow row;
    row.events = {eventOf("1"), eventOf("2"), eventOf("1")};
    FileRow other;
    other.events = {eventOf("2"), eventOf("3")};
    FileRow named;
    named.events = {eventOf("1")};
    named.events[0].eventId = "own";
    for (const FileRow* learned : {&row, &other, &named})
        ids.learn(*learned);
    QVERIFY(ids.give(row)); // an event twice in one row is there twice
    QVERIFY(ids.give(other));
    QVERIFY(!ids.give(named));
    const std::string one = "p-" + contentDigest(eventOf("1")).toHex();
    const std::string two = "p-" + contentDigest(eventOf("2")).toHex();
    QCOMPARE(row.events[0].eventId, one + "-1");
    QCOMPARE(row.events[1].eventId, two + "-1");
    QCOMPARE(row.events[2].eventId, one + "-2");
    QCOMPARE(other.events[0].eventId, two + "-2");
    QVERIFY(other.events[1].eventId.ends_with("-1"));
    QCOMPARE(named.events[0].eventId, "own");
}

void TestRowIdentity::keepsLittle()
{
    constexpr std::uint64_t rows = 1'000'000;
    Occurrences occurrences;
    SeededRandom random(4);
    std::vector<ContentDigest> digests;
    for (std::uint64_t row = 0; row < rows; ++row)
        digests.push_back({random.next(), random.next()});
    for (std::uint64_t twice = 0; twice < 1'000; ++twice)
        digests.push_back(digests[twice * 900]);
    for (const ContentDigest& digest : digests)
        occurrences.learn(digest);
    QVERIFY2(occurrences.kept() >= 1'000 && occurrences.kept() < rows / 50,
             std::to_string(occurrences.kept()).c_str());
    std::int64_t second = 0;
    for (const ContentDigest& digest : digests)
        second += occurrences.number(digest) == 2 ? 1 : 0;
    QCOMPARE(second, 1'000);
}

std::map<Meaning, std::vector<std::string>> TestRowIdentity::idsOf(const std::vector<Meaning>& rows,
                                                                   SeededRandom& random)
{
    const Style style = anyStyle(random);
    const auto path = m_directory.file("t.csv").string();
    std::ofstream(path, std::ios::binary | std::ios::trunc) << written(rows, style, random);
    CsvMapping mapping{TenantId("acme"), "p", "time", MissingZone::AssumeUtc, {{"m", "amount", {}}}};
    mapping.dimensions = {{"region", "region"}};
    mapping.decimalMark = style.comma ? DecimalMark::Comma : DecimalMark::Point;
    if (style.epoch)
        mapping.time.format = TimeFormat::Seconds;
    CsvRows file = CsvRows::open(path, mapping).value();
    RowIds ids("p");
    for (auto row = file.next(); row.value(); row = file.next())
        ids.learn(**row);
    BILLING_ASSERT(file.rewind().has_value());
    std::map<Meaning, std::vector<std::string>> found;
    std::set<std::string> distinct;
    std::size_t at = 0;
    for (auto row = file.next(); row.value(); row = file.next(), ++at) {
        BILLING_ASSERT(!(*row)->problem);
        ids.give(**row);
        const std::string& id = (*row)->events.front().eventId;
        BILLING_ASSERT(distinct.insert(id).second);
        found[rows[at]].push_back(id);
    }
    BILLING_ASSERT(at == rows.size());
    return found;
}

void TestRowIdentity::staysWhateverHappens()
{
    SeededRandom random(5);
    for (int trial = 0; trial < trials(150); ++trial) {
        const auto anyRow = [&] {
            return Meaning{static_cast<int>(random.below(20)), static_cast<int>(random.below(5)),
                           static_cast<int>(random.below(3))};
        };
        std::vector<Meaning> rows;
        for (std::uint64_t count = random.below(60); count > 0; --count)
            rows.push_back(anyRow());
        auto before = idsOf(rows, random);

        std::map<Meaning, std::ptrdiff_t> change; // rows more or fewer of that kind
        for (std::uint64_t edits = random.below(10); edits > 0; --edits) {
            if (random.below(2) == 0 && !rows.empty()) {
                const auto gone = rows.begin() + static_cast<std::ptrdiff_t>(random.below(rows.size()));
                --change[*gone];
                rows.erase(gone);
            } else {
                const Meaning added = anyRow();
                ++change[added];
                rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random.below(rows.size() + 1)), added);
            }
        }
        for (std::size_t at = rows.size(); at > 1; --at) // in any order
            std::swap(rows[at - 1], rows[random.below(at)]);
        auto after = idsOf(rows, random);

        for (const auto& [meaning, ids] : before) {
            const std::ptrdiff_t stay = std::ssize(ids) + std::min<std::ptrdiff_t>(change[meaning], 0);
            const auto& now = after[meaning];
            for (std::ptrdiff_t at = 0; at < stay; ++at)
                QCOMPARE(now[static_cast<std::size_t>(at)], ids[static_cast<std::size_t>(at)]);
            QCOMPARE(std::ssize(now), std::ssize(ids) + change[meaning]);
        }
    }
}

QTEST_APPLESS_MAIN(TestRowIdentity)
#include "tst_row_identity.moc"

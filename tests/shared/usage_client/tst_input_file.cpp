// Files before they are tables: packed or not, the text is the same; what cannot be read twice is kept; a
// file that changes between two readings is noticed before a byte of the change is used.
// Tests: input_file.cpp raw_file.cpp
#include "shared/usage_client/input_file.h"
#include "tests/support/temporary_directory.h"

#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>

using namespace billing;
using namespace billing::client;
using namespace billing::test;

namespace {

std::string gzipped(const std::string& text)
{
    z_stream stream = {};
    BILLING_ASSERT(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    BILLING_ASSERT(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(packed.size() - stream.avail_out);
    deflateEnd(&stream);
    return packed;
}

Result<std::string> readAll(InputFile& file)
{
    std::string text;
    while (true) {
        const auto piece = file.next();
        if (!piece)
            return piece.error();
        if (piece->empty())
            return text;
        text += *piece;
    }
}

std::string manyLines(std::size_t bytes)
{
    std::string text;
    for (int line = 0; text.size() < bytes; ++line)
        text += "line " + std::to_string(line) + "\n";
    return text;
}

/// TMPDIR for as long as it lives.
class TemporaryDirectoryIs
{
public:
    explicit TemporaryDirectoryIs(const std::string& path) { setenv("TMPDIR", path.c_str(), 1); }
    ~TemporaryDirectoryIs() { unsetenv("TMPDIR"); }
};

} // namespace

class TestInputFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readsTwice_data();
    void readsTwice();
    void refuses_data();
    void refuses();
    void staysSmallOnBombs();
    void keepsPipes();
    void namesAFullDisk();
    void noticesChanges_data();
    void noticesChanges();

private:
    std::string write(const std::string& bytes)
    {
        const auto path = m_directory.file("file").string();
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        return path;
    }

    TemporaryDirectory m_directory;
};

void TestInputFile::initTestCase()
{
    // The reader hangs up when it gives up, and the writer must survive that.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void TestInputFile::readsTwice_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const std::string& bytes, const std::string& text) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray::fromStdString(text);
    };
    const std::string large = manyLines(3 * RawFile::chunkBytes);
    row("empty", "", "");
    row("text", "a,b\n", "a,b\n");
    row("large", large, large);
    row("begins like bzip2", "BZhours,b\n", "BZhours,b\n");
    row("gzip", gzipped("a,b\n"), "a,b\n");
    row("gzip of nothing", gzipped(""), "");
    row("gzip, large", gzipped(large), large);
    row("gzip, members in a row", gzipped("a,") + gzipped("") + gzipped("b\n") + gzipped(large),
        "a,b\n" + large);
}

void TestInputFile::readsTwice()
{
    QFETCH(QByteArray, bytes);
    auto file = InputFile::open(write(bytes.toStdString()));
    QVERIFY(file.has_value());
    QTEST(QByteArray::fromStdString(readAll(*file).value()), "text");
    QCOMPARE(file->bytesRead(), bytes.size());
    QCOMPARE(file->size(), bytes.size());
    QVERIFY(file->rewind().has_value());
    QTEST(QByteArray::fromStdString(readAll(*file).value()), "text");
}

void TestInputFile::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const std::string& bytes, const char* why) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(why);
    };
    using namespace std::string_literals;
    const std::string packed = gzipped(manyLines(100'000));
    row("gzip, cut", packed.substr(0, packed.size() / 2), "not copied whole");
    row("gzip, without its end", packed.substr(0, packed.size() - 1), "not copied whole");
    row("gzip, only its first bytes", packed.substr(0, 5), "not copied whole");
    std::string damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
    row("gzip, damaged", damaged, "gzip");
    std::string wrongSum = packed;
    wrongSum[wrongSum.size() - 6] = static_cast<char>(wrongSum[wrongSum.size() - 6] ^ 1);
    row("gzip, wrong sum", wrongSum, "gzip");
    row("gzip with something behind it", packed + "time,a\n", "gzip");
    row("Excel", "PK\x03\x04"s + std::string(100, 'x'), "save it as CSV");
    row("old Excel", "\xD0\xCF\x11\xE0"s + std::string(100, 'x'), "save it as CSV");
    row("zstd", "\x28\xB5\x2F\xFD"s + std::string(100, 'x'), "zstd");
    row("xz", "\xFD\x37zXZ"s + std::string(100, 'x'), "xz");
    row("bzip2", "BZh91AY&SY"s + std::string(100, 'x'), "bzip2");
    row("UTF-16 with a mark", "\xFF\xFEt\0i\0"s, "UTF-16");
    row("UTF-16, big-endian", "\xFE\xFF\0t\0i"s, "UTF-16");
    row("UTF-16 without a mark", "t\0i\0m\0e\0"s, "UTF-16");
    row("UTF-16 without a mark, big-endian", "\0t\0i\0m\0e"s, "UTF-16");
    row("UTF-32", "\xFF\xFE\0\0t\0\0\0"s, "UTF-32");
    row("packed UTF-16", gzipped("\xFF\xFEt\0i\0"s), "UTF-16");
}

void TestInputFile::refuses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, why);
    auto file = InputFile::open(write(bytes.toStdString()));
    const auto text = file ? readAll(*file) : Result<std::string>(file.error());
    QVERIFY(!text);
    QCOMPARE(int(text.error().code), int(ErrorCode::MalformedBody));
    QVERIFY2(text.error().detail.find(why.toStdString()) != std::string::npos, text.error().detail.c_str());
}

void TestInputFile::staysSmallOnBombs()
{
    // A thousand times as large unpacked; what is given at a time stays a piece.
    const std::string packed = gzipped(std::string(10'000'000, ' '));
    auto file = InputFile::open(write(packed + packed + packed + packed));
    QVERIFY(file.has_value());
    std::size_t all = 0;
    for (auto piece = file->next(); !piece.value().empty(); piece = file->next()) {
        QVERIFY(piece->size() <= 256 * 1024);
        all += piece->size();
    }
    QCOMPARE(all, 40'000'000u);
}

void TestInputFile::keepsPipes()
{
    const TemporaryDirectoryIs directory(m_directory.path().string());
    const std::string pipe = m_directory.file("pipe").string();
    QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
    const std::string text = manyLines(2 * RawFile::chunkBytes);
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << gzipped(text); });
    auto file = InputFile::open(pipe);
    writer.join();
    QVERIFY(file.has_value());
    QCOMPARE(readAll(*file).value(), text);
    QVERIFY(file->rewind().has_value());
    QCOMPARE(readAll(*file).value(), text);
    // The copy has no name.
    for (const auto& entry : std::filesystem::directory_iterator(m_directory.path()))
        QVERIFY(entry.path().filename() == "pipe" || entry.path().filename() == "file");

    const TemporaryDirectoryIs nowhere(m_directory.file("none").string());
    std::thread again([&] { std::ofstream(pipe, std::ios::binary) << text; });
    const auto refused = InputFile::open(pipe);
    again.join();
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::FileUnwritable));
    QCOMPARE(refused.error().subject, m_directory.file("none").string());
}

void TestInputFile::namesAFullDisk()
{
    const TemporaryDirectoryIs directory(m_directory.path().string());
    const std::string pipe = m_directory.file("pipe").string();
    unlink(pipe.c_str());
    QCOMPARE(mkfifo(pipe.c_str(), 0600), 0);
    rlimit before = {};
    getrlimit(RLIMIT_FSIZE, &before);
    std::thread writer([&] {
        const int to = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
        const std::string piece(64 * 1024, 'x');
        for (int pieces = 0; pieces < 100 && ::write(to, piece.data(), piece.size()) > 0;)
            ++pieces;
        ::close(to);
    });
    rlimit small = before;
    small.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &small);
    const auto refused = InputFile::open(pipe);
    setrlimit(RLIMIT_FSIZE, &before);
    writer.join();
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::FileUnwritable));
    QVERIFY(refused.error().detail.find("TMPDIR") != std::string::npos);
}

void TestInputFile::noticesChanges_data()
{
    QTest::addColumn<int>("change");
    QTest::newRow("appended to") << 0;
    QTest::newRow("cut") << 1;
    QTest::newRow("one byte of the last chunk, time as before") << 2;
    QTest::newRow("none") << 3;
}

void TestInputFile::noticesChanges()
{
    QFETCH(int, change);
    const std::string text = manyLines(3 * RawFile::chunkBytes);
    const std::string path = write(text);
    struct stat before = {};
    stat(path.c_str(), &before);
    auto file = InputFile::open(path);
    QCOMPARE(readAll(*file).value(), text);
    if (change == 0)
        std::ofstream(path, std::ios::binary | std::ios::app) << "one more\n";
    if (change == 1)
        std::filesystem::resize_file(path, text.size() - 5);
    if (change == 2) {
        std::fstream open(path, std::ios::binary | std::ios::in | std::ios::out);
        open.seekp(static_cast<std::streamoff>(text.size() - 3));
        open << '7';
        open.close();
        const std::array<timespec, 2> times{before.st_atim, before.st_mtim};
        utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
    }
    const auto rewound = file->rewind();
    const auto again = rewound ? readAll(*file) : Result<std::string>(rewound.error());
    QCOMPARE(again.has_value(), change == 3);
    if (!again)
        QVERIFY(again.error().detail.find("changed the file") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestInputFile)
#include "tst_input_file.moc"

// D/admin.sock: private to its user, bounded, deaf to what is no request, and alive after all of it.

// Tests: admin_frames.cpp admin_socket.cpp
#include "server/app/admin_socket.h"

#include "server/app/admin_frames.h"
#include "tests/support/manual_clock.h"
#include "tests/support/printing.h"
#include "tests/support/temporary_directory.h"

#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace billing;
using namespace billing::app;

class TestAdminSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badWords_data();
    void badWords();
    void hostileBytesAreCutOff_data();
    void hostileBytesAreCutOff();
    void passesWordsOn();
    void theFileIsPrivate();
    void nobodyListens();
    void longPaths();
    void aServerThatGoesAwayIsNamed();
};

namespace {

class Gathered final : public CommandOutput
{
public:
    void line(std::string_view text) override { output.append(text).append("\n"); }
    void complain(std::string_view text) override { errors.append(text).append("\n"); }
    std::string output;
    std::string errors;
};

/// Answers with its words, one a line; the number of words is the exit code.
int echo(const std::vector<std::string>& words, CommandOutput& output)
{
    for (const std::string& word : words)
        output.line(word);
    output.complain("done");
    return static_cast<int>(words.size());
}

struct Site
{
    Site() { open(); }
    void open()
    {
        admin.reset();
        auto opened = AdminSocket::open(file, log, echo);
        BILLING_ASSERT(opened.has_value());
        admin = std::move(*opened);
    }
    int connect() const
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        file.string().copy(address.sun_path, sizeof address.sun_path - 1);
        const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
        BILLING_ASSERT(::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        return client;
    }

    test::TemporaryDirectory directory;
    std::filesystem::path file = directory.file("admin.sock");
    test::ManualClock clock{"2026-09-15T12:00:00Z"};
    std::vector<std::string> lines;
    Log log{clock, {}, [this](const std::string& line) { lines.push_back(line); }};
    std::unique_ptr<AdminSocket> admin;
};

std::string frame(std::uint32_t size, const std::string& payload)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(size >> shift & 0xff);
    return bytes + payload;
}

} // namespace

void TestAdminSocket::badWords_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a length") << QByteArray("\0", 1);
    QTest::newRow("a length beyond the end") << QByteArray("\0\5abc", 5);
    QTest::newRow("bytes after the last word") << QByteArray("\0\3abcd", 6);
    QTest::newRow("a word too long") << QByteArray("\x10\x01", 2) + QByteArray(0x1001, 'a');
    QTest::newRow("a NUL in a word") << QByteArray("\0\3a\0c", 5);
    QTest::newRow("seventeen words") << QByteArray(34, '\0');
}

void TestAdminSocket::badWords()
{
    QFETCH(QByteArray, frame);
    QCOMPARE(decodeWords(frame.toStdString()).error().code, ErrorCode::MalformedBody);
    QCOMPARE(encodeWords({}).error().code, ErrorCode::TooManyItems);
    QCOMPARE(encodeWords(std::vector<std::string>(17, "a")).error().code, ErrorCode::TooManyItems);
    QCOMPARE(encodeWords({std::string(4'097, 'a')}).error().code, ErrorCode::TooLong);
    const std::vector<std::string> good{"a", "", std::string(4'096, 'x')};
    QCOMPARE(decodeWords(encodeWords(good).value()).value(), good);
}

void TestAdminSocket::hostileBytesAreCutOff_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing, then gone") << QByteArray();
    QTest::newRow("half a length") << QByteArray("\0\0", 2);
    QTest::newRow("a frame of 4 GiB") << QByteArray::fromStdString(frame(0xffffffff, "x"));
    QTest::newRow("a frame one byte too long") << QByteArray::fromStdString(frame(64 * 1024 + 1, ""));
    QTest::newRow("an empty frame") << QByteArray::fromStdString(frame(0, ""));
    QTest::newRow("a frame that is no words") << QByteArray::fromStdString(frame(3, "abc"));
    QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\n\r\n");
}

void TestAdminSocket::hostileBytesAreCutOff()
{
    QFETCH(QByteArray, bytes);
    Site site;
    const int client = site.connect();
    QCOMPARE(::send(client, bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL),
             bytes.size());
    ::shutdown(client, SHUT_WR);
    char answer = 0;
    QVERIFY(::recv(client, &answer, 1, 0) <= 0); // cut, without a word
    ::close(client);
    Gathered output; // and the next one is served
    QCOMPARE(askServer(site.file, {"a", "b"}, output).value(), std::optional(2));
    site.admin.reset();
    QCOMPARE(site.lines.size(), std::size_t{1});
    QVERIFY(site.lines.front().find("admin_refused") != std::string::npos);
}

void TestAdminSocket::passesWordsOn()
{
    const Site site;
    Gathered output;
    const std::vector<std::string> words{"backup", "--to", "/a path/with \"everything\"\n"};
    QCOMPARE(askServer(site.file, words, output).value(), std::optional(3));
    QCOMPARE(output.output, std::string("backup\n--to\n/a path/with \"everything\"\n\n"));
    QCOMPARE(output.errors, std::string("done\n"));
}

void TestAdminSocket::theFileIsPrivate()
{
    Site site;
    struct stat status = {};
    QCOMPARE(::stat(site.file.c_str(), &status), 0);
    QVERIFY(S_ISSOCK(status.st_mode));
    QCOMPARE(status.st_mode & 0777, mode_t{0600});
    site.admin.reset();
    QVERIFY(!std::filesystem::exists(site.file));
}

void TestAdminSocket::nobodyListens()
{
    const test::TemporaryDirectory directory;
    Gathered output;
    QVERIFY(!askServer(directory.file("admin.sock"), {"a"}, output).value());
    QVERIFY(!askServer(directory.file("no/such/admin.sock"), {"a"}, output).value());
    Site site;
    const auto kept = site.directory.file("kept.sock"); // as a killed server leaves it
    std::filesystem::create_hard_link(site.file, kept);
    site.admin.reset();
    std::filesystem::rename(kept, site.file);
    QVERIFY(!askServer(site.file, {"a"}, output).value());
    site.open();
    QCOMPARE(askServer(site.file, {"a"}, output).value(), std::optional(1));
}

void TestAdminSocket::longPaths()
{
    const test::TemporaryDirectory directory;
    std::filesystem::path deep = directory.path();
    for (int i = 0; i < 10; ++i)
        deep /= std::string(40, 'd');
    std::filesystem::create_directories(deep);
    Site site;
    site.file = deep / "admin.sock";
    site.open();
    Gathered output;
    QCOMPARE(askServer(site.file, {"a"}, output).value(), std::optional(1));
}

void TestAdminSocket::aServerThatGoesAwayIsNamed()
{
    const test::TemporaryDirectory directory;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    directory.file("admin.sock").string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    QCOMPARE(::listen(listener, 1), 0);
    std::thread server([listener] {
        const int client = ::accept(listener, nullptr, nullptr);
        (void)receiveFrame(client);
        (void)sendFrame(client, "ohalf an answer");
        ::close(client);
    });
    Gathered output;
    QCOMPARE(askServer(directory.file("admin.sock"), {"a"}, output).error().code, ErrorCode::NetworkFailed);
    QCOMPARE(output.output, std::string("half an answer\n"));
    server.join();
    ::close(listener);
}

QTEST_APPLESS_MAIN(TestAdminSocket)
#include "tst_admin_socket.moc"

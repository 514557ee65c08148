// What the program is started with, and what it stands on: options as a table, refusals first; one thread
// that keeps the order; plurals; light and dark; and the tour of pictures. Tests: appearance.cpp
// console_application.cpp english_plurals.cpp options.cpp sample_api.cpp sample_records.cpp Tests: scene.cpp
// screenshot_tour.cpp worker_executor.cpp
#include "console/app/appearance.h"
#include "console/app/english_plurals.h"
#include "console/app/options.h"
#include "console/app/screenshot_tour.h"
#include "console/app/worker_executor.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using namespace billing;
using namespace billing::console;

Q_DECLARE_METATYPE(billing::ErrorCode)

class TestConsoleApp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatItDoesNotKnow_data();
    void refusesWhatItDoesNotKnow();
    void readsOptions();
    void aDataDirectoryFillsWhatIsNotSaid();
    void tokenFiles();
    void tasksKeepTheirOrder();
    void plurals_data();
    void plurals();
    void followsTheChoice();
    void takesAPictureOfEveryState();
};

void TestConsoleApp::refusesWhatItDoesNotKnow_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("unknown") << QStringList{QStringLiteral("--sever")} << ErrorCode::UnknownParameter;
    QTest::newRow("stray word") << QStringList{QStringLiteral("https://a")} << ErrorCode::UnknownParameter;
    QTest::newRow("no value") << QStringList{QStringLiteral("--server")} << ErrorCode::MissingField;
    QTest::newRow("http") << QStringList{QStringLiteral("--server"), QStringLiteral("http://a:1")}
                          << ErrorCode::InvalidValue;
    QTest::newRow("no host") << QStringList{QStringLiteral("--server"), QStringLiteral("https://")}
                             << ErrorCode::InvalidValue;
}

void TestConsoleApp::refusesWhatItDoesNotKnow()
{
    QFETCH(QStringList, words);
    QFETCH(ErrorCode, code);
    words.prepend(QStringLiteral("billing-console"));
    const Result<Options> options = parseOptions(words);
    QVERIFY(!options.has_value());
    QCOMPARE(options.error().code, code);
}

void TestConsoleApp::readsOptions()
{
    const Result<Options> nothing = parseOptions({QStringLiteral("billing-console")});
    QVERIFY(nothing.has_value());
    QVERIFY(!nothing->isComplete());
    const QString line = QStringLiteral("billing-console --server https://b.example:8443 --ca a.crt "
                                        "--certificate c.crt --key c.key --token-file t");
    const Result<Options> all = parseOptions(line.split(QLatin1Char(' ')));
    QVERIFY(all.has_value());
    QVERIFY(all->isComplete());
    QCOMPARE(all->where.server, QUrl(QStringLiteral("https://b.example:8443")));
    QCOMPARE(all->where.keyFile, QStringLiteral("c.key"));
    QVERIFY(parseOptions({QStringLiteral("billing-console"), QStringLiteral("--help")})->help);
}

void TestConsoleApp::aDataDirectoryFillsWhatIsNotSaid()
{
    const QString line = QStringLiteral("billing-console --data-dir /d --key other.key");
    const Result<Options> options = parseOptions(line.split(QLatin1Char(' ')));
    QVERIFY(options.has_value());
    QVERIFY(options->isComplete());
    QCOMPARE(options->where.server, QUrl(QStringLiteral("https://127.0.0.1:8443")));
    QCOMPARE(options->where.authorityFile, QStringLiteral("/d/pki/ca.crt"));
    QCOMPARE(options->where.certificateFile, QStringLiteral("/d/pki/console.crt"));
    QCOMPARE(options->where.keyFile, QStringLiteral("other.key"));
    QCOMPARE(options->tokenFile, QStringLiteral("/d/console.token"));
}

void TestConsoleApp::tokenFiles()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("token"));
    QCOMPARE(readTokenFile(path).error().code, ErrorCode::FileUnreadable);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(" a.b.c\n");
    file.close();
    QCOMPARE(*readTokenFile(path), QByteArray("a.b.c"));
}

void TestConsoleApp::tasksKeepTheirOrder()
{
    std::vector<int> order;
    std::promise<void> later;
    {
        WorkerExecutor worker("test");
        worker.postAfter(std::chrono::milliseconds(1), [&] { later.set_value(); });
        for (int task = 0; task < 100; ++task)
            worker.post([&order, task] { order.push_back(task); });
        QCOMPARE(later.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
        worker.postAfter(std::chrono::hours(1), [&order] { order.push_back(-1); });
        worker.post([&order] { order.push_back(100); });
    } // what was posted is finished, what was for later is not waited for
    QCOMPARE(order.size(), std::size_t(101));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

void TestConsoleApp::plurals_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << 0 << QStringLiteral("0 invoices printed");
    QTest::newRow("one") << 1 << QStringLiteral("1 invoice printed");
    QTest::newRow("many") << 200 << QStringLiteral("200 invoices printed");
}

void TestConsoleApp::plurals()
{
    QFETCH(int, count);
    QFETCH(QString, text);
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    QCOMPARE(tr("%n invoice(s) printed", nullptr, count), text);
    QCOMPARE(tr("file(s)"), QStringLiteral("file(s)"));
}

void TestConsoleApp::followsTheChoice()
{
    AppearanceFollower follower(Theme::Dark);
    QCOMPARE(appearanceOf(QApplication::palette()), Appearance::Dark);
    follower.choose(Theme::Light);
    QCOMPARE(appearanceOf(QApplication::palette()), Appearance::Light);
    follower.choose(Theme::System);
    QCOMPARE(appearanceOf(QApplication::palette()), follower.appearance());
}

void TestConsoleApp::takesAPictureOfEveryState()
{
    const QTemporaryDir folder;
    WorkerExecutor network("test-network");
    WorkerExecutor painter("test-painter");
    WorkerExecutor disk("test-disk");
    AppearanceFollower appearance(Theme::Light);
    Options options;
    options.screenshotDir = folder.filePath(QStringLiteral("pictures"));
    ScreenshotTour tour({{network, painter, disk}, appearance}, options);
    QSignalSpy finished(&tour, &ScreenshotTour::finished);
    tour.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 90'000);
    QCOMPARE(finished.front().front().toInt(), 0);
    const QStringList pictures = QDir(options.screenshotDir).entryList(QDir::Files);
    QCOMPARE(pictures.size(), 46);
    for (const QString& picture : pictures)
        QVERIFY2(!QImage(options.screenshotDir + QLatin1Char('/') + picture).isNull(), qPrintable(picture));
}

QTEST_MAIN(TestConsoleApp)

#include "tst_console_app.moc"

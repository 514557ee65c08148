// Secrets live in the keyring or nowhere: every way in which a keyring can fail ends in asking the user, and
// never in a plain text file. Once with a real keyring of its own.
//
// Tests: keychain_store.cpp remembered_secrets.cpp secret.cpp
#include "console/models/remembered_secrets.h"
#include "tests/support/printing.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <map>

using namespace billing::console;

namespace {

const QUrl server(QStringLiteral("https://billing.example:8443"));

/// A keyring that does as it is told.
class FakeStore : public SecretStore
{
public:
    std::vector<SecretProblem> problems = {}; ///< of the next calls, in order
    std::map<QString, QByteArray> kept = {};
    int calls = 0;

    void read(const QString& name, QObject* context, Answered answered) override
    {
        const SecretProblem problem = next();
        const bool isThere = kept.contains(name);
        answer(context, std::move(answered),
               problem == SecretProblem::None && !isThere ? SecretProblem::Absent : problem,
               isThere && problem == SecretProblem::None ? kept.at(name) : QByteArray());
    }

    void write(const QString& name, const Secret& secret, QObject* context, Answered answered) override
    {
        const SecretProblem problem = next();
        if (problem == SecretProblem::None)
            kept[name] = QByteArray(secret.bytes().constData(), secret.bytes().size());
        answer(context, std::move(answered), problem, {});
    }

    void remove(const QString& name, QObject* context, Answered answered) override
    {
        const SecretProblem problem = next();
        if (problem == SecretProblem::None)
            kept.erase(name);
        answer(context, std::move(answered), problem, {});
    }

private:
    SecretProblem next()
    {
        ++calls;
        if (problems.empty())
            return SecretProblem::None;
        const SecretProblem problem = problems.front();
        problems.erase(problems.begin());
        return problem;
    }

    static void answer(QObject* context, Answered answered, SecretProblem problem, const QByteArray& bytes)
    {
        QMetaObject::invokeMethod(
            context,
            [answered = std::move(answered), problem, bytes] {
                answered({problem, Secret(bytes)});
            },
            Qt::QueuedConnection);
    }
};

struct World
{
    QTemporaryDir folder;
    FakeStore store;
    Preferences preferences{folder.filePath(QStringLiteral("console.ini"))};
    RememberedSecrets secrets{store, preferences};

    SecretProblem keep(const QByteArray& passphrase, const QByteArray& token)
    {
        std::optional<SecretProblem> problem;
        secrets.keep(server, {Secret(passphrase), Secret(token)}, &secrets,
                     [&](SecretProblem seen) { problem = seen; });
        (void)QTest::qWaitFor([&] { return problem.has_value(); }, 5000);
        return problem.value_or(SecretProblem::NoAnswer);
    }

    /// "remembered passphrase/token", or another word.
    QByteArray recall()
    {
        QByteArray seen;
        secrets.recall(server, &secrets, [&](Recall recall, const SignInSecrets& found) {
            constexpr std::array words{"remembered", "nothing kept", "lost", "no keyring", "not readable"};
            seen = words.at(static_cast<std::size_t>(recall));
            if (recall == Recall::Remembered)
                seen += ' ' + found.passphrase.bytes() + '/' + found.token.bytes();
        });
        (void)QTest::qWaitFor([&] { return !seen.isEmpty(); }, 5000);
        return seen;
    }
};

QByteArray everythingBelow(const QString& folder)
{
    QByteArray all;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

/// One answer of the real store.
SecretAnswer wait(const std::function<void(SecretStore::Answered)>& call)
{
    SecretAnswer seen{SecretProblem::NoAnswer};
    bool isOver = false;
    call([&](const SecretAnswer& answer) {
        seen = {answer.problem, answer.secret.copy()};
        isOver = true;
    });
    (void)QTest::qWaitFor([&] { return isOver; }, 15'000);
    return seen;
}

} // namespace

class TestSecretStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secretsAreOverwritten();
    void remembersAnything_data();
    void remembersAnything();
    void everyFailureEndsInAsking_data();
    void everyFailureEndsInAsking();
    void aLateKeyringIsAskedOnceMore();
    void failedKeepingLeavesNothing();
    void nothingInPlainText();
    void withoutAKeyring();
    void callsOfTheDeadDoNotAnswer();
    void realKeyring();
};

void TestSecretStore::secretsAreOverwritten()
{
    const QByteArray original("geheim");
    QByteArray shared;
    {
        Secret secret(original);
        shared = secret.bytes();
        QCOMPARE(shared, original);
        Secret moved(std::move(secret));
        QVERIFY(secret.isEmpty()); // NOLINT: that is what is promised
        QCOMPARE(moved.bytes(), original);
        Secret assigned("other");
        const QByteArray former = assigned.bytes();
        assigned = std::move(moved);
        QCOMPARE(former, QByteArray(5, '\0'));
        QCOMPARE(assigned.copy().bytes(), original);
    }
    QCOMPARE(shared, QByteArray(6, '\0'));
    QCOMPARE(original, QByteArray("geheim"));
}

void TestSecretStore::remembersAnything_data()
{
    QTest::addColumn<QByteArray>("passphrase");
    QTest::addColumn<QByteArray>("token");

    QTest::newRow("usual") << QByteArray("open sesame") << QByteArray("a.b.c");
    QTest::newRow("no passphrase") << QByteArray() << QByteArray("a.b.c");
    QTest::newRow("unicode") << QByteArray("p\xc3\xa4ss \xf0\x9f\x94\x91") << QByteArray("a.b.c");
    QTest::newRow("lines and zeros") << QByteArray("a\nb\0c", 5) << QByteArray("\0\n\xff", 3);
    QTest::newRow("64 KiB") << QByteArray(32 * 1024, 'x') << QByteArray(32 * 1024, 'y');
}

void TestSecretStore::remembersAnything()
{
    QFETCH(const QByteArray, passphrase);
    QFETCH(const QByteArray, token);
    World world;
    QCOMPARE(world.recall(), QByteArray("nothing kept"));
    QCOMPARE(world.store.calls, 0); // nobody is bothered who never wanted it
    QCOMPARE(world.keep(passphrase, token), SecretProblem::None);
    QCOMPARE(world.recall(), "remembered " + passphrase + '/' + token);
    world.secrets.forget(server);
    QVERIFY(world.store.kept.empty());
    QCOMPARE(world.recall(), QByteArray("nothing kept"));
}

void TestSecretStore::everyFailureEndsInAsking_data()
{
    QTest::addColumn<SecretProblem>("problem");
    QTest::addColumn<QByteArray>("recalled");

    QTest::newRow("no keyring") << SecretProblem::NoKeyring << QByteArray("no keyring");
    QTest::newRow("locked") << SecretProblem::Locked << QByteArray("not readable");
    QTest::newRow("cancelled") << SecretProblem::Cancelled << QByteArray("not readable");
    QTest::newRow("hangs") << SecretProblem::NoAnswer << QByteArray("not readable");
    QTest::newRow("fails") << SecretProblem::Failed << QByteArray("not readable");
    QTest::newRow("lost") << SecretProblem::Absent << QByteArray("lost");
}

void TestSecretStore::everyFailureEndsInAsking()
{
    QFETCH(const SecretProblem, problem);
    QFETCH(const QByteArray, recalled);
    World world;
    QCOMPARE(world.keep("p", "t"), SecretProblem::None);
    const auto kept = world.store.kept;
    world.store.problems = {problem, problem};
    QCOMPARE(world.recall(), recalled);
    // Nothing was written over or removed, and the next time it is there again.
    QCOMPARE(world.store.kept, kept);
    world.store.problems.clear();
    QCOMPARE(world.recall(), QByteArray("remembered p/t"));
}

void TestSecretStore::aLateKeyringIsAskedOnceMore()
{
    World world;
    QCOMPARE(world.keep("p", "t"), SecretProblem::None);
    world.store.problems = {SecretProblem::Absent};
    QCOMPARE(world.recall(), QByteArray("remembered p/t"));
    world.store.kept.begin()->second = "damaged";
    QCOMPARE(world.recall(), QByteArray("not readable"));
}

void TestSecretStore::failedKeepingLeavesNothing()
{
    World world;
    QCOMPARE(world.keep("old", "token"), SecretProblem::None);
    world.store.problems = {SecretProblem::Locked};
    QCOMPARE(world.keep("new", "token"), SecretProblem::Locked);
    QTRY_VERIFY(world.store.kept.empty());
    QCOMPARE(world.recall(), QByteArray("nothing kept"));
}

void TestSecretStore::nothingInPlainText()
{
    World world;
    QCOMPARE(world.keep("open sesame", "header.payload.signature"), SecretProblem::None);
    world.preferences.setTheme(Theme::Dark);
    { // and what is written at the end
        Preferences other(world.folder.filePath(QStringLiteral("console.ini")));
        other.setTheme(Theme::Light);
    }
    const QByteArray files = everythingBelow(world.folder.path());
    QVERIFY(files.contains("keyring"));
    for (const QByteArray& secret : {QByteArray("open sesame"), QByteArray("header.payload.signature")}) {
        QVERIFY2(!files.contains(secret), files.constData());
        QVERIFY2(!files.contains(secret.toBase64()), files.constData());
    }
}

void TestSecretStore::withoutAKeyring()
{
    // As on a machine without D-Bus; and the plain-text fallback stays off.
    const QTemporaryDir home;
    if (!qEnvironmentVariableIsSet("BILLING_WITHOUT_KEYRING")) {
        QProcess inner;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("BILLING_WITHOUT_KEYRING"), QStringLiteral("1"));
        environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                           QStringLiteral("unix:path=/nonexistent"));
        for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QLatin1String(name), home.path());
        inner.setProcessEnvironment(environment);
        inner.start(QCoreApplication::applicationFilePath(), {QStringLiteral("withoutAKeyring")});
        QVERIFY(inner.waitForFinished(60'000));
        QVERIFY2(inner.exitCode() == 0, inner.readAllStandardOutput().constData());
        QVERIFY(!everythingBelow(home.path()).contains("geheim"));
        return;
    }
    KeychainStore store(std::chrono::seconds(5));
    const QString name = QStringLiteral("billing-test");
    const SecretAnswer written =
        wait([&](const auto& answered) { store.write(name, Secret("geheim"), this, answered); });
    QVERIFY(written.problem != SecretProblem::None);
    const SecretAnswer read = wait([&](const auto& answered) { store.read(name, this, answered); });
    QVERIFY(read.problem != SecretProblem::None);
    QVERIFY(read.secret.isEmpty());
}

void TestSecretStore::callsOfTheDeadDoNotAnswer()
{
    if (!qEnvironmentVariableIsSet("BILLING_WITHOUT_KEYRING")) {
        // Safe without a bus of its own: no keyring is reached before the context is gone.
        KeychainStore store(std::chrono::milliseconds(50));
        auto context = std::make_unique<QObject>();
        bool isAnswered = false;
        store.write(QStringLiteral("billing-test"), Secret(QByteArray(70'000, 'x')), context.get(),
                    [&](const SecretAnswer&) { isAnswered = true; });
        context.reset();
        QTest::qWait(0);
        QVERIFY(!isAnswered);
        const SecretAnswer tooLarge = wait([&](const auto& answered) {
            store.write(QStringLiteral("billing-test"), Secret(QByteArray(70'000, 'x')), this, answered);
        });
        QCOMPARE(tooLarge.problem, SecretProblem::TooLarge);
    }
}

void TestSecretStore::realKeyring()
{
    if (!qEnvironmentVariableIsSet("BILLING_OWN_KEYRING")) {
        for (const char* program : {"dbus-run-session", "gnome-keyring-daemon"})
            if (QStandardPaths::findExecutable(QLatin1String(program)).isEmpty())
                QSKIP(qPrintable(QStringLiteral("%1 is not installed").arg(QLatin1String(program))));
        const QTemporaryDir home;
        QProcess inner;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("BILLING_OWN_KEYRING"), QStringLiteral("1"));
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        environment.insert(QStringLiteral("XDG_CURRENT_DESKTOP"), QStringLiteral("GNOME"));
        for (const char* name :
             {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
            environment.insert(QLatin1String(name), home.path());
        inner.setProcessEnvironment(environment);
        const QString script = QStringLiteral(
            "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || "
            "exit 77; exec \"$0\" realKeyring");
        inner.start(QStringLiteral("dbus-run-session"),
                    {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script,
                     QCoreApplication::applicationFilePath()});
        QVERIFY(inner.waitForFinished(60'000));
        if (inner.exitCode() == 77)
            QSKIP("gnome-keyring-daemon does not start here");
        const QByteArray said = inner.readAllStandardOutput() + inner.readAllStandardError();
        QVERIFY2(inner.exitCode() == 0, said.constData());
        QVERIFY(!everythingBelow(home.path()).contains("open sesame"));
        return;
    }
    KeychainStore store;
    const QString name = QStringLiteral("billing-test");
    const auto read = [&] { return wait([&](const auto& answered) { store.read(name, this, answered); }); };
    QCOMPARE(read().problem, SecretProblem::Absent);
    for (const QByteArray& secret : {QByteArray("open sesame"), QByteArray("p\xc3\xa4\nss\0x", 8),
                                     QByteArray(), QByteArray(64 * 1024, 'x')}) {
        const SecretAnswer written =
            wait([&](const auto& answered) { store.write(name, Secret(secret), this, answered); });
        QCOMPARE(written.problem, SecretProblem::None);
        const SecretAnswer found = read();
        QCOMPARE(found.problem, SecretProblem::None);
        QCOMPARE(found.secret.bytes(), secret);
    }
    const SecretAnswer removed = wait([&](const auto& answered) { store.remove(name, this, answered); });
    QCOMPARE(removed.problem, SecretProblem::None);
    QCOMPARE(read().problem, SecretProblem::Absent);
}

QTEST_GUILESS_MAIN(TestSecretStore)
#include "tst_secret_store.moc"

// What is remembered comes back, is the user's alone to read, and never holds a secret.
#include "console/models/preferences.h"
#include "tests/support/printing.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

using namespace billing::console;

class TestPreferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack();
    void isPrivate();
    void leavesOutWhatIsSecret();
    void damagedFileIsNoStop();
};

void TestPreferences::comesBack()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("deep/console.ini"));
    const QUrl server(QStringLiteral("https://billing.example:8443"));
    {
        Preferences preferences(file);
        QCOMPARE(preferences.theme(), Theme::System);
        QVERIFY(preferences.lastSignIn().server.isEmpty());
        QVERIFY(!preferences.keepsSecrets(server));
        preferences.setTheme(Theme::Dark);
        preferences.setWindowGeometry(QByteArray("\0\1\2", 3));
        preferences.setLayout(QStringLiteral("invoices/table"), "header");
        preferences.setLastSignIn(
            {server, QStringLiteral("/a/ü.crt"), QStringLiteral("/a/b.key"), QStringLiteral("/ca")});
        preferences.setExportFolder(QStringLiteral("/tmp/ä"));
        preferences.setKeepsSecrets(server, true);
    }
    Preferences preferences(file);
    QCOMPARE(preferences.theme(), Theme::Dark);
    QCOMPARE(preferences.windowGeometry(), QByteArray("\0\1\2", 3));
    QCOMPARE(preferences.layout(QStringLiteral("invoices/table")), QByteArray("header"));
    QCOMPARE(preferences.layout(QStringLiteral("other")), QByteArray());
    QCOMPARE(preferences.lastSignIn().server, server);
    QCOMPARE(preferences.lastSignIn().certificateFile, QStringLiteral("/a/ü.crt"));
    QCOMPARE(preferences.exportFolder(), QStringLiteral("/tmp/ä"));
    QVERIFY(preferences.keepsSecrets(server));
    QVERIFY(preferences.keepsSecrets(QUrl(QStringLiteral("https://billing.example:8443/"))));
    QVERIFY(!preferences.keepsSecrets(QUrl(QStringLiteral("https://billing.example:8444"))));
    preferences.setKeepsSecrets(server, false);
    QVERIFY(!preferences.keepsSecrets(server));
}

void TestPreferences::isPrivate()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("console.ini"));
    {
        Preferences preferences(file);
        preferences.setTheme(Theme::Light);
    }
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(QFileInfo(file).size() > 0);
    QCOMPARE(QFileInfo(file).permissions() & others, QFile::Permissions());
}

void TestPreferences::leavesOutWhatIsSecret()
{
    const QTemporaryDir folder;
    const QString name = folder.filePath(QStringLiteral("console.ini"));
    {
        Preferences preferences(name);
        const QUrl server(QStringLiteral("https://me:geheim@billing.example"));
        preferences.setLastSignIn({server});
        preferences.setKeepsSecrets(server, true);
    }
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("billing.example"));
    QVERIFY2(!text.contains("geheim"), text.constData());
}

void TestPreferences::damagedFileIsNoStop()
{
    const QTemporaryDir folder;
    const QString name = folder.filePath(QStringLiteral("console.ini"));
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(1000, '\xff') + "[window\ntheme=blue\n");
    file.close();
    const Preferences preferences(name);
    QCOMPARE(preferences.theme(), Theme::System);
    QVERIFY(preferences.windowGeometry().isEmpty());
}

QTEST_GUILESS_MAIN(TestPreferences)
#include "tst_preferences.moc"

// What the console remembers between runs: how it looks and where it connected last. Never a secret:
// passphrases and tokens live in the keyring alone (secret_store.h); here stands only that one was put there.
// GUI thread.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QUrl>

namespace billing::console {

enum class Theme
{
    System,
    Light,
    Dark
};

/// Where the sign-in form was left. File names are not secret; what is in them is.
struct LastSignIn
{
    QUrl server = {};
    QString certificateFile = {};
    QString keyFile = {};
    QString authorityFile = {};
};

/// How a server is named where something of it is kept: https://host:port alone.
QString serverName(const QUrl& server);

class Preferences
{
public:
    Preferences();                             ///< the user's own file, readable by the user alone
    explicit Preferences(const QString& file); ///< for tests

    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray& geometry);
    /// State of a table's header or a splitter, by the name of its widget.
    QByteArray layout(const QString& name) const;
    void setLayout(const QString& name, const QByteArray& state);
    Theme theme() const;
    void setTheme(Theme theme);
    LastSignIn lastSignIn() const;
    /// A user name or password in the URL is left out.
    void setLastSignIn(const LastSignIn& signIn);
    QString exportFolder() const;
    void setExportFolder(const QString& folder);

    /// Whether secrets for that server were put into the keyring.
    bool keepsSecrets(const QUrl& server) const;
    void setKeepsSecrets(const QUrl& server, bool keeps);

private:
    QSettings m_settings;
};

} // namespace billing::console

#include "console/models/preferences.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace billing::console {

namespace {

constexpr auto onlyMine = QFile::ReadOwner | QFile::WriteOwner;

QString usualFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/enis-billing/console.ini");
}

/// Settings are replaced by a new file that takes over the permissions of the one there, so it is made first.
QString prepared(const QString& name)
{
    const QFileInfo info(name);
    QDir().mkpath(info.absolutePath());
    QFile file(name);
    if (!info.exists() && file.open(QIODevice::WriteOnly))
        file.close();
    file.setPermissions(onlyMine);
    return name;
}

QString keyOf(const QString& group, const QString& name)
{
    return group + QLatin1Char('/') + QString::fromLatin1(name.toUtf8().toPercentEncoding());
}

} // namespace

QString serverName(const QUrl& server)
{
    return server.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery |
                           QUrl::RemoveFragment);
}

Preferences::Preferences()
    : Preferences(usualFile())
{
}

Preferences::Preferences(const QString& file)
    : m_settings(prepared(file), QSettings::IniFormat)
{
}

QByteArray Preferences::windowGeometry() const
{
    return m_settings.value(QStringLiteral("window/geometry")).toByteArray();
}

void Preferences::setWindowGeometry(const QByteArray& geometry)
{
    m_settings.setValue(QStringLiteral("window/geometry"), geometry);
}

QByteArray Preferences::layout(const QString& name) const
{
    return m_settings.value(keyOf(QStringLiteral("layout"), name)).toByteArray();
}

void Preferences::setLayout(const QString& name, const QByteArray& state)
{
    m_settings.setValue(keyOf(QStringLiteral("layout"), name), state);
}

Theme Preferences::theme() const
{
    const QString text = m_settings.value(QStringLiteral("window/theme")).toString();
    return text == QLatin1String("light")  ? Theme::Light
           : text == QLatin1String("dark") ? Theme::Dark
                                           : Theme::System;
}

void Preferences::setTheme(Theme theme)
{
    m_settings.setValue(QStringLiteral("window/theme"), theme == Theme::Light  ? QStringLiteral("light")
                                                        : theme == Theme::Dark ? QStringLiteral("dark")
                                                                               : QStringLiteral("system"));
}

LastSignIn Preferences::lastSignIn() const
{
    const auto text = [&](const char* key) { return m_settings.value(QLatin1String(key)).toString(); };
    return {QUrl(text("sign_in/server")), text("sign_in/certificate"), text("sign_in/key"),
            text("sign_in/authority")};
}

void Preferences::setLastSignIn(const LastSignIn& signIn)
{
    m_settings.setValue(QStringLiteral("sign_in/server"), serverName(signIn.server));
    m_settings.setValue(QStringLiteral("sign_in/certificate"), signIn.certificateFile);
    m_settings.setValue(QStringLiteral("sign_in/key"), signIn.keyFile);
    m_settings.setValue(QStringLiteral("sign_in/authority"), signIn.authorityFile);
}

QString Preferences::exportFolder() const
{
    return m_settings.value(QStringLiteral("export/folder")).toString();
}

void Preferences::setExportFolder(const QString& folder)
{
    m_settings.setValue(QStringLiteral("export/folder"), folder);
}

bool Preferences::keepsSecrets(const QUrl& server) const
{
    return m_settings.value(keyOf(QStringLiteral("keyring"), serverName(server)), false).toBool();
}

void Preferences::setKeepsSecrets(const QUrl& server, bool keeps)
{
    const QString key = keyOf(QStringLiteral("keyring"), serverName(server));
    if (keeps)
        m_settings.setValue(key, true);
    else
        m_settings.remove(key);
}

} // namespace billing::console

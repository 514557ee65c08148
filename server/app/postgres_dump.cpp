#include "server/app/postgres_dump.h"

#include <QProcess>
#include <QProcessEnvironment>

namespace billing::app {

namespace {

Result<void> run(const QString& program, const QStringList& arguments, const std::string& password)
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!password.empty())
        environment.insert(QStringLiteral("PGPASSWORD"), QString::fromStdString(password));
    child.setProcessEnvironment(environment);
    child.setStandardInputFile(QProcess::nullDevice());
    child.setStandardOutputFile(QProcess::nullDevice());
    child.start(program, arguments);
    if (!child.waitForStarted() || !child.waitForFinished(-1))
        return Error{ErrorCode::StorageUnavailable, program.toStdString(), "cannot be started"};
    if (child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0)
        return {};
    const std::string words = child.readAllStandardError().left(400).trimmed().toStdString();
    return Error{ErrorCode::StorageUnavailable, program.toStdString(), words};
}

} // namespace

Result<void> dumpPostgres(const StorageSettings& settings, const std::filesystem::path& file)
{
    if (settings.backupConnection.empty())
        return Error{ErrorCode::InvalidConfiguration, "storage.backup_connection",
                     "a backup needs a role that may read every row"};
    return run(QStringLiteral("pg_dump"),
               {QStringLiteral("--format=custom"), QStringLiteral("--no-password"), QStringLiteral("--file"),
                QString::fromStdString(file.string()), QStringLiteral("--dbname"),
                QString::fromStdString(settings.backupConnection)},
               settings.backupPassword);
}

Result<void> restorePostgres(const StorageSettings& settings, const std::filesystem::path& file)
{
    const QString owner = QString::fromStdString(settings.ownerConnection);
    // The empty schema goes first: pg_restore's own --clean cannot take partitions apart.
    return run(QStringLiteral("psql"),
               {QStringLiteral("--no-psqlrc"), QStringLiteral("--no-password"), QStringLiteral("--quiet"),
                QStringLiteral("--set=ON_ERROR_STOP=1"), QStringLiteral("--command"),
                QStringLiteral("DROP OWNED BY CURRENT_USER"), QStringLiteral("--dbname"), owner},
               settings.ownerPassword)
        .and_then([&] {
            return run(QStringLiteral("pg_restore"),
                       {QStringLiteral("--no-owner"), QStringLiteral("--single-transaction"),
                        QStringLiteral("--no-password"), QStringLiteral("--dbname"), owner,
                        QString::fromStdString(file.string())},
                       settings.ownerPassword);
        });
}

} // namespace billing::app

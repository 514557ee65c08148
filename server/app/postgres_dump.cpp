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
               {QStringLiteral("--format=custom"), QStringLiteral("--no-password"),
                QStringLiteral("--schema=public"), QStringLiteral("--file"),
                QString::fromStdString(file.string()), QStringLiteral("--dbname"),
                QString::fromStdString(settings.backupConnection)},
               settings.backupPassword);
}

Result<void> restorePostgres(const StorageSettings& settings, const std::filesystem::path& file)
{
    return run(QStringLiteral("pg_restore"),
               {QStringLiteral("--clean"), QStringLiteral("--if-exists"), QStringLiteral("--no-owner"),
                QStringLiteral("--single-transaction"), QStringLiteral("--no-password"),
                QStringLiteral("--dbname"), QString::fromStdString(settings.ownerConnection),
                QString::fromStdString(file.string())},
               settings.ownerPassword);
}

} // namespace billing::app

#include "console/app/options.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <map>

namespace billing::console {

namespace {

constexpr qint64 tokenLimit = 64 * 1024;

void fillFromDataDirectory(Options& options, const QString& path)
{
    const QDir data(path);
    const auto otherwise = [](QString& field, const QString& file) {
        if (field.isEmpty())
            field = file;
    };
    otherwise(options.where.authorityFile, data.filePath(QStringLiteral("pki/ca.crt")));
    otherwise(options.where.certificateFile, data.filePath(QStringLiteral("pki/console.crt")));
    otherwise(options.where.keyFile, data.filePath(QStringLiteral("pki/console.key")));
    otherwise(options.tokenFile, data.filePath(QStringLiteral("console.token")));
    if (options.where.server.isEmpty())
        options.where.server = QUrl(QStringLiteral("https://127.0.0.1:8443"));
}

} // namespace

bool Options::isComplete() const
{
    return !where.server.isEmpty() && !where.authorityFile.isEmpty() && !where.certificateFile.isEmpty() &&
           !where.keyFile.isEmpty() && !tokenFile.isEmpty();
}

Result<Options> parseOptions(const QStringList& words)
{
    Options options;
    QString server;
    QString dataDirectory;
    const std::map<QString, QString*> fields{
        {QStringLiteral("--server"), &server},
        {QStringLiteral("--ca"), &options.where.authorityFile},
        {QStringLiteral("--certificate"), &options.where.certificateFile},
        {QStringLiteral("--key"), &options.where.keyFile},
        {QStringLiteral("--token-file"), &options.tokenFile},
        {QStringLiteral("--data-dir"), &dataDirectory},
        {QStringLiteral("--screenshot-dir"), &options.screenshotDir}};
    for (qsizetype at = 1; at < words.size(); ++at) {
        if (words.at(at) == QLatin1String("--help")) {
            options.help = true;
            return options;
        }
        const auto field = fields.find(words.at(at));
        if (field == fields.end())
            return Error{ErrorCode::UnknownParameter, words.at(at).toStdString()};
        if (++at == words.size())
            return Error{ErrorCode::MissingField, field->first.toStdString(), "it needs a value"};
        *field->second = words.at(at);
    }
    options.where.server = QUrl(server, QUrl::StrictMode);
    if (!server.isEmpty() &&
        (options.where.server.scheme() != QLatin1String("https") || options.where.server.host().isEmpty()))
        return Error{ErrorCode::InvalidValue, "--server", "expected https://host:port"};
    if (!dataDirectory.isEmpty())
        fillFromDataDirectory(options, dataDirectory);
    return options;
}

QString usageText()
{
    return QCoreApplication::translate(
        "Options", "usage: billing-console [--server URL] [--ca F --certificate F --key F --token-file F] "
                   "[--data-dir D]\n"
                   "                       [--screenshot-dir D]\n"
                   "  --server URL        https://host:port\n"
                   "  --ca F              PEM: whom the server's certificate must come from\n"
                   "  --certificate F     PEM: yours; --key F is its key\n"
                   "  --token-file F      holds the token\n"
                   "  --data-dir D        a development data directory: all of the above from it\n"
                   "  --screenshot-dir D  writes a picture of every state there and ends\n");
}

Result<QByteArray> readTokenFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::FileUnreadable, path.toStdString()};
    return file.read(tokenLimit).trimmed();
}

} // namespace billing::console

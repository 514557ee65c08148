// What billing-console is started with. Pure but for the token file that it reads.
#pragma once

#include "console/models/preferences.h"
#include "shared/kernel/result.h"

#include <QStringList>

namespace billing::console {

struct Options
{
    LastSignIn where = {}; ///< empty fields: what was used last
    QString tokenFile = {};
    QString screenshotDir = {}; ///< take the pictures and end
    bool help = false;

    /// Enough to sign in without asking.
    bool isComplete() const;
};

/// --data-dir D stands for the files that installer/quickstart makes there: D/pki/ca.crt, D/pki/console.crt
/// and .key, D/console.token, and the server on 127.0.0.1:8443; what is named on its own wins. Refuses
/// UnknownParameter, MissingField (a name without its value), InvalidValue (a server that is no https URL).
/// The first word is the program.
Result<Options> parseOptions(const QStringList& words);

QString usageText();

/// Without the white space around it. Refuses FileUnreadable.
Result<QByteArray> readTokenFile(const QString& path);

} // namespace billing::console

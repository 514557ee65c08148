// Names and files of exported PDFs.
#pragma once

#include "shared/kernel/result.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace billing::console {

/// A name that every file system takes, without a path: separators, control and invisible characters,
/// characters that Windows refuses and its device names, leading and trailing dots and spaces are replaced or
/// dropped, and more than 150 bytes cut; "document" when nothing is left. Pure.
QString safeFileName(const QString& name);

/// Safe names, each once: a later one that differs in case alone, or not at all, gets " (2)". Pure.
std::vector<QString> uniqueFileNames(const std::vector<QString>& names);

enum class StoredAs
{
    Written,
    AlreadyThere ///< a file with these bytes
};

/// Writes folder/name.pdf whole or not at all. A file of that name with other bytes stays, and ours is named
/// "name (2).pdf". Refuses FileUnwritable (subject: the file). Any thread; blocks on the disk.
Result<StoredAs> storePdf(const QString& folder, const QString& name, const QByteArray& pdf);

} // namespace billing::console

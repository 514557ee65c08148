// Overwriting what must not stay in memory.
#pragma once

#include <QByteArray>

namespace billing::client {

/// Overwrites the bytes in place, in every array that shares them, and empties this one. Not for literals.
void wipe(QByteArray& bytes);

} // namespace billing::client

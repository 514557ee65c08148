// Qt's PDF writer stamps each file with the present time and a random identifier. This replaces both, in
// place and without moving a byte, by what the document itself says: the time is handed in, the identifier is
// a digest of the bytes. Pure. Source: ISO 32000-1 sections 7.9.4 and 14.4; PDF/A-1 (ISO 19005-1) 6.7.3 asks
// that Info and XMP agree.
#pragma once

#include "shared/kernel/instant.h"

#include <QByteArray>

namespace billing::document {

/// Refuses RenderFailed when the file does not look as Qt 6.4's writer makes it in UTC (TZ=UTC).
Result<void> fixIdentity(QByteArray& pdf, Instant created);

} // namespace billing::document

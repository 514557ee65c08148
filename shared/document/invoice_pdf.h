// An invoice as PDF/A-1b bytes: everything embedded, and the same invoice gives the same bytes in any process
// on any day, as long as the process was started with QT_HASH_SEED=0 (or called
// QHashSeed::setDeterministicGlobalSeed first). Needs a QGuiApplication; one thread at a time.
#pragma once

#include "shared/model/invoice.h"

#include <QByteArray>

namespace billing::document {

/// Refuses what layOutInvoice refuses, and RenderFailed when Qt's writer fails.
Result<QByteArray> renderInvoicePdf(const Invoice& invoice);

} // namespace billing::document

// Invoices on a printer, vector by vector from the frozen snapshots by shared/document: the pages that the
// preview shows and the stored PDF holds. Pages lie on the printer's sheet at their own size, or smaller
// where the sheet is, centred. A range chosen in the print dialog counts the pages of all invoices in a row.
#pragma once

#include "shared/model/invoice.h"

#include <functional>
#include <memory>
#include <span>

class QPrinter;

namespace billing::console {

using Invoices = std::span<const std::shared_ptr<const Invoice>>;

/// Refuses what document::layOutInvoice refuses, before anything is printed; Cancelled when goOn said no
/// between two pages; RenderFailed when the printer does. The printer is its caller's alone meanwhile; any
/// thread with a QGuiApplication.
Result<void> printInvoices(QPrinter& printer, Invoices invoices, const std::function<bool()>& goOn = {});

} // namespace billing::console

// Invoices on a printer, vector by vector from the frozen snapshots by shared/document: the pages that the
// preview shows and the stored PDF holds, on the printer's sheets as onSheet() says. A range chosen in the
// print dialog counts the pages of all invoices in a row.
#pragma once

#include "shared/model/invoice.h"

#include <functional>
#include <memory>
#include <span>

class QPrinter;

namespace billing::console {

using Invoices = std::span<const std::shared_ptr<const Invoice>>;

/// Asked before each page with how many are printed, of all of them; and before each invoice is laid out,
/// when nobody knows how many there will be, with 0 of 0.
using GoOn = std::function<bool(int printed, int pages)>;

/// Refuses what document::layOutInvoice refuses, before anything is printed; Cancelled when goOn said no;
/// RenderFailed when the printer does. The printer is its caller's alone meanwhile; any thread with a
/// QGuiApplication.
Result<void> printInvoices(QPrinter& printer, Invoices invoices, const GoOn& goOn = {});

} // namespace billing::console

// What must hold of the store at every moment, checked by computing it a second time: after every fault in
// the tests, and by `billing-server check-invariants`. One read snapshot, in memory that grows with the
// invoices and dimension keys of one tenant, never with events; the engine's log cannot shrink meanwhile.
// Invariants and their numbers: section 3 of ../shared/reference/reliability.md, as far as there are tables
// for them:
//
//     I1  every posting sums to zero            I14 audit chains whole, one entry per finalised invoice
//     I3  an event counts once                  I17 a final invoice is what was frozen
//     I4  settled requests have outcomes        I18 no rows of unknown tenants
//     I6  rollups are the fold of the events    I20 sealed values open, no nonce twice
//     I7  usage is billed once, and exactly     I21 invoiced periods do not overlap
//     I8  numbers without gaps, in date order   I24 pages, indexes and references
//     I9  sums and taxes add up                 I13 every invoice is posted, every posting has its invoice
//
// I6 and I7 know the newest version of each meter only, as metering and invoicing do.
#pragma once

#include "server/invariants/violations.h"
#include "server/secrets/sealing.h"
#include "server/storage/storage.h"
#include "shared/model/meter_index.h"

#include <vector>

namespace billing {

/// Empty when all is well; in order of invariant. Refuses what storage refuses.
Result<std::vector<Violation>> checkInvariants(Storage& storage, const MeterIndex& meters,
                                               const secrets::Sealer& sealer);

} // namespace billing

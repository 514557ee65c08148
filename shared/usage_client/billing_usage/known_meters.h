// The meters a file is checked against: of a price list on disk, or as the server publishes it. One thread.
#pragma once

#include "shared/model/meter_index.h"
#include "shared/usage_client/usage_client.h"

namespace billing::client {

/// Of a file like resources/catalog/price_list.json. Refuses FileUnreadable, and what wire::decodeCatalog
/// refuses (subject: the file).
Result<std::unique_ptr<MeterIndex>> metersOfFile(const std::string& path);

/// Of GET /plans. Null when the server does not say: the token may not read, or it is of another version.
/// notice then says why.
std::unique_ptr<MeterIndex> metersOfServer(BillingAPIClient& client, std::string& notice);

} // namespace billing::client

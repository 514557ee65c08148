// billing-server retry --data-dir D | --config F.toml: what is set aside is tried again at once, not when it
// is due: for whoever has just mended the cause.
#include "server/app/house_commands.h"

#include "server/storage/set_aside.h"

namespace billing::app {

int retry(House& house, const Options&, CommandOutput& output)
{
    const auto due =
        writeValue(house.storage(), Scope::allTenants("retry"), Priority::Maintenance,
                   WorkId(house.ids().next("wrk")), [](Work& work) { return storage::retryAllNow(work); });
    if (!due)
        return refuse(output, "retry", due.error());
    output.line(
        "due at once: " + std::to_string(*due) +
        "; a running server tries them within moments (see status). issuer.toml is read when it starts.");
    return 0;
}

} // namespace billing::app

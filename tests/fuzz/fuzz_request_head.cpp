// Heads of requests and their targets, as the door reads them before any other parser. A head refused early
// is never accepted when its end has come.
#include "tests/fuzz/fuzz_input.h"

#include "server/http/request_head_guard.h"
#include "server/http/request_target.h"

using namespace billing::http;

void fuzz(std::string_view text)
{
    static_cast<void>(parseRequestTarget(text));
    const std::string head = std::string(text) + "\r\n\r\n";
    const HeadReading reading = readRequestHead(head, {});
    if (reading.refusal)
        return;
    BILLING_ASSERT(!refuseEarly(text));
    static_cast<void>(parseRequestTarget(reading.head.target));
}

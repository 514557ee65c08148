// How requests to each route of the API are written: the table of the target `api`. A route without an entry
// fails the target at its start, so whoever adds a route adds its words here.
#pragma once

#include "tests/fuzz/api_values.h"

#include <span>

namespace billing::fuzz {

struct Grammar
{
    std::string_view route; ///< "GET /api/v1/invoices/{}", as Router::routes() lists it
    int weight;             ///< how often, against the others
    Asked (*write)(Choices& choices, const Known& known);
};

std::span<const Grammar> grammar();

/// Any request: mostly as the grammar of some route writes it, sometimes bent afterwards.
Asked aRequest(Choices& choices, const Known& known);

} // namespace billing::fuzz

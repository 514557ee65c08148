// Which characters of an invoice its paper will show as codes, so that a dry run can warn before a number is
// given out: nothing is refused for them. Looks at the coverage of the font files only: needs no
// QGuiApplication and loads no font; any thread.
#pragma once

#include "shared/model/invoice.h"

#include <string>
#include <vector>

namespace billing::document {

struct Unprintable
{
    std::string field;                ///< as in its JSON: "buyer.address.line1", "lines[2].description"
    std::vector<char32_t> characters; ///< in the order of the text, each once

    /// "U+0007 U+202E"
    std::string codes() const;
};

/// In the order of the paper; empty when every character is shown as itself.
std::vector<Unprintable> unprintable(const Invoice& invoice);

} // namespace billing::document

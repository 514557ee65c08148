#include "server/documents/print_check.h"

#include "shared/document/fallback_faces.h"
#include "shared/document/unprintable.h"

namespace billing::documents {

std::vector<wire::InvoiceWarning> printWarnings(const Invoice& invoice)
{
    std::vector<wire::InvoiceWarning> warnings;
    for (const document::Unprintable& found : document::unprintable(invoice))
        warnings.push_back({"unprintable", found.field, "printed as a code: " + found.codes()});
    return warnings;
}

std::vector<std::string> missingFontFiles()
{
    return document::missingFaces();
}

} // namespace billing::documents

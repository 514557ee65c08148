#include "server/api/attention.h"

#include <algorithm>
#include <array>

namespace billing::api {

namespace {

struct Words
{
    ErrorCode code;
    std::string_view text;
};

constexpr std::array words{
    Words{
        ErrorCode::NoTaxRate,
        "No tax rate is known for the customer's country and tax category on the last day of the period. Add "
        "it to issuer.toml and restart the server, or correct the customer's tax category."},
    Words{ErrorCode::TaxCategoryRequired, "The customer's tax category must be said."},
    Words{ErrorCode::TaxCategoryNotAllowed, "The customer's tax category cannot be used with its tax ids."},
    Words{ErrorCode::AmountOverflow, "An amount is larger than can be billed."},
    Words{ErrorCode::InvalidCatalog, "The plan cannot be billed by this version of the program."},
    Words{ErrorCode::PriceNotInCurrency, "The plan has no price in the subscription's currency."},
    Words{ErrorCode::UnknownPlan, "The subscription's plan is not in the catalogue."},
    Words{ErrorCode::UnknownTimeZone, "This server does not know the subscription's time zone."},
    Words{ErrorCode::InvalidDate, "The period would reach into year 10000."},
    Words{
        ErrorCode::InvoiceNumberTaken,
        "The next number of the series was given out before. Correct the pattern in issuer.toml and restart "
        "the server."},
    Words{ErrorCode::MissingGlyph, "A text on the invoice has a character that no font of this server has."},
    Words{ErrorCode::RenderFailed, "The document could not be rendered."},
    Words{ErrorCode::UnknownTemplate, "The invoice asks for a template that this server does not have."},
    Words{ErrorCode::SealBroken,
          "What is stored of it cannot be opened: it was changed, or sealed by another installation."},
    Words{ErrorCode::UnknownKeyVersion,
          "The key it was sealed with is not in the key ring. Put the key back and restart the server."},
    Words{ErrorCode::StorageCorrupt,
          "What is stored of it cannot be read. Run billing-server check-invariants."},
};

/// As in api::problem: what lies in files and what engines say is for the log.
bool maySayMore(const Error& error)
{
    const int number = static_cast<int>(error.code);
    return (number < 600 || (number >= 700 && number < 710)) && !error.detail.empty();
}

} // namespace

std::string plainReason(const Error& error)
{
    const auto known = std::find_if(words.begin(), words.end(),
                                    [&](const Words& entry) { return entry.code == error.code; });
    std::string text;
    if (known != words.end()) {
        text = known->text;
    } else {
        text = wireName(error.code);
        std::replace(text.begin(), text.end(), '_', ' ');
        text.front() = static_cast<char>(text.front() - ('a' - 'A')); // names are small ASCII letters
        text += '.';
    }
    if (maySayMore(error))
        text.append(" (").append(error.detail).append(")");
    return text;
}

} // namespace billing::api

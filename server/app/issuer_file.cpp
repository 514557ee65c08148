#include "server/app/issuer_file.h"

#include "server/app/toml_table.h"
#include "shared/calendar/time_zone.h"
#include "shared/model/bank_account.h"
#include "shared/model/country.h"
#include "shared/model/email.h"
#include "shared/model/number_pattern.h"
#include "shared/model/tax_id.h"
#include "shared/model/text_rules.h"

#include <fstream>

namespace billing {

namespace embedded {
extern const std::string_view sampleIssuer;
}

namespace {

using app::TableReader;

constexpr std::size_t textLimit = 256;
constexpr std::size_t codeLimit = 32;
constexpr std::size_t noteLimit = 1000;
constexpr std::size_t notesLimit = 20;
constexpr std::size_t ratesLimit = 1000;

const LocalDate someDay = LocalDate::fromDaysSinceEpoch(0);

std::string whyOf(const Error& error)
{
    return error.detail.empty() ? std::string(wireName(error.code)) : error.detail;
}

void require(TableReader& reader, std::string_view key, const Result<void>& checked)
{
    if (!checked)
        reader.refuse(key, whyOf(checked.error()));
}

template <class T>
T valueOf(TableReader& reader, std::string_view key, Result<T> read, T otherwise)
{
    if (read)
        return std::move(*read);
    reader.refuse(key, whyOf(read.error()));
    return otherwise;
}

/// A text that prints. What is printed on every invoice is put right by who wrote it, not by us.
void checkPrinted(TableReader& reader, std::string_view key, std::string_view text, std::size_t limit)
{
    if (text.size() > limit)
        reader.refuse(key, "more than " + std::to_string(limit) + " bytes");
    require(reader, key, checkText(key, text));
    if (withoutOuterSpaces(text).size() != text.size())
        reader.refuse(key, "begins or ends with a space");
}

std::string printedName(TableReader& reader, std::string_view key, std::size_t limit = textLimit)
{
    std::string text = reader.text(key);
    checkPrinted(reader, key, text, limit);
    require(reader, key, checkName(key, text));
    return text;
}

std::string printedText(TableReader& reader, std::string_view key)
{
    std::string text = reader.optionalText(key);
    checkPrinted(reader, key, text, textLimit);
    return text;
}

Result<Address> readAddress(const toml::table& table)
{
    TableReader reader(table, "address.");
    const Address address{printedName(reader, "line1"), printedText(reader, "line2"),
                          printedName(reader, "city"), printedText(reader, "region"),
                          printedText(reader, "postal_code")};
    const auto done = reader.finish();
    return done ? Result<Address>(address) : done.error();
}

Result<BankDetails> readBank(const toml::table& table)
{
    TableReader reader(table, "bank.");
    BankDetails bank{printedName(reader, "account_holder"),
                     printedText(reader, "bank_name"),
                     {},
                     {},
                     printedText(reader, "other_account")};
    if (reader.has("iban"))
        bank.iban = valueOf<std::string>(reader, "iban", parseIban("iban", reader.text("iban")), {});
    if (reader.has("bic"))
        bank.bic = valueOf<std::string>(reader, "bic", parseBic("bic", reader.text("bic")), {});
    const auto done = reader.finish();
    return done ? Result<BankDetails>(bank) : done.error();
}

void readRate(TableReader& reader, TaxRate& rate)
{
    rate.rate = reader.checked("rate", Decimal::parse(reader.text("rate")), Decimal());
    if (rate.rate.isNegative() || rate.rate > Decimal::fromInteger(1))
        reader.refuse("rate", "expected 0 to 1, so 0.19 for 19 %");
    // Rating taxes the standard category only, so that any other rate would never be charged.
    if (rate.category != TaxCategory::Standard && !(rate.rate == Decimal()))
        reader.refuse("rate", "must be 0 in every category but S");
}

void readValidity(TableReader& reader, TaxRate& rate)
{
    rate.validFrom = reader.checked("valid_from", LocalDate::parse(reader.text("valid_from")), someDay);
    if (!reader.has("valid_until"))
        return;
    rate.validUntil = reader.checked("valid_until", LocalDate::parse(reader.text("valid_until")), someDay);
    if (*rate.validUntil <= rate.validFrom)
        reader.refuse("valid_until", "must be after valid_from: it is the first day without this rate");
}

bool overlap(const TaxRate& one, const TaxRate& other)
{
    return one.country == other.country && one.region == other.region && one.category == other.category &&
           (!one.validUntil || other.validFrom < *one.validUntil) &&
           (!other.validUntil || one.validFrom < *other.validUntil);
}

/// An invoice has one rate for its place, category and day; which of two that is must not depend on anything.
Result<TaxRate> readTaxRate(const toml::table& table, const std::vector<TaxRate>& before)
{
    TableReader reader(table, "tax_rate[" + std::to_string(before.size()) + "].");
    TaxRate rate{{}, printedText(reader, "region"), {}, printedName(reader, "name"), {}, someDay, {}, {}};
    rate.country =
        valueOf<std::string>(reader, "country", parseCountry("country", reader.text("country")), {});
    rate.category =
        reader.checked("category", parseTaxCategory(reader.text("category")), TaxCategory::Standard);
    readRate(reader, rate);
    readValidity(reader, rate);
    rate.note = printedText(reader, "note");
    for (std::size_t at = 0; at < before.size(); ++at)
        if (overlap(before[at], rate))
            reader.refuse("valid_from", "tax_rate[" + std::to_string(at) +
                                            "] holds for the same place and category on some of these days");
    const auto done = reader.finish();
    return done ? Result<TaxRate>(rate) : done.error();
}

Result<std::vector<TaxRate>> readTaxRates(const toml::array* tables)
{
    std::vector<TaxRate> rates;
    if (!tables)
        return rates;
    if (tables->size() > ratesLimit) // each is compared with all before it
        return Error{ErrorCode::InvalidConfiguration, "tax_rate", "more than " + std::to_string(ratesLimit)};
    for (const toml::node& node : *tables) {
        auto rate = readTaxRate(*node.as_table(), rates);
        if (!rate)
            return rate.error();
        rates.push_back(std::move(*rate));
    }
    return rates;
}

Result<void> readNumbering(const toml::table& table, Issuer& issuer)
{
    TableReader reader(table, "numbering.");
    issuer.series = printedName(reader, "series", codeLimit);
    issuer.numberPattern = reader.text("pattern");
    require(reader, "pattern", checkNumberPattern(issuer.numberPattern, issuer.series));
    return reader.finish();
}

Result<EuConsumerTax> readTaxPolicy(const toml::table& table)
{
    TableReader reader(table, "tax_policy.");
    const std::string text = reader.text("eu_consumers");
    const auto policy = text == "home_rate" ? EuConsumerTax::HomeRate
                        : text == "oss"     ? EuConsumerTax::OneStopShop
                        : text == "ask"     ? EuConsumerTax::Ask
                                            : EuConsumerTax::Automatic;
    if (policy == EuConsumerTax::Automatic)
        reader.refuse("eu_consumers", "expected home_rate, oss or ask");
    const auto done = reader.finish();
    return done ? Result<EuConsumerTax>(policy) : done.error();
}

void readNotes(TableReader& reader, Issuer& issuer)
{
    issuer.notes = reader.texts("notes");
    if (issuer.notes.size() > notesLimit)
        reader.refuse("notes", "more than " + std::to_string(notesLimit));
    for (const std::string& note : issuer.notes) {
        checkPrinted(reader, "notes", note, noteLimit);
        require(reader, "notes", checkName("notes", note));
    }
}

void readParty(TableReader& reader, Issuer& issuer)
{
    issuer.code = printedName(reader, "code", codeLimit);
    Party& party = issuer.party;
    party.name = printedName(reader, "name");
    party.country =
        valueOf<std::string>(reader, "country", parseCountry("country", reader.text("country")), {});
    party.taxIds = valueOf<std::vector<std::string>>(
        reader, "tax_ids", parseTaxIds("tax_ids", reader.texts("tax_ids"), party.country), {});
    party.registration = printedText(reader, "registration");
    party.email = reader.optionalText("email");
    if (reader.has("email"))
        require(reader, "email", checkEmail("email", party.email));
    issuer.timeZone = reader.text("time_zone");
    if (!TimeZone::find(issuer.timeZone))
        reader.refuse("time_zone", "not in the IANA database");
}

/// A table that may be missing, by its own reader; what it refuses it has named itself.
template <class T, class Read>
Result<void> readPart(TableReader& reader, std::string_view key, T& part, Read read)
{
    const toml::table* table = reader.table(key);
    if (!table)
        return {};
    auto done = read(*table);
    if (!done)
        return done.error();
    part = std::move(*done);
    return {};
}

Result<Issuer> readIssuer(const toml::table& root)
{
    TableReader reader(root, "");
    Issuer issuer;
    readParty(reader, issuer);
    readNotes(reader, issuer);
    if (const toml::table* numbering = reader.table("numbering")) {
        if (const auto done = readNumbering(*numbering, issuer); !done)
            return done.error();
    } else {
        reader.refuse("numbering", "missing");
    }
    const auto parts =
        readPart(reader, "address", issuer.party.address, readAddress)
            .and_then([&] { return readPart(reader, "bank", issuer.bank, readBank); })
            .and_then([&] { return readPart(reader, "tax_policy", issuer.euConsumers, readTaxPolicy); });
    if (!parts)
        return parts.error();
    auto rates = readTaxRates(reader.tables("tax_rate"));
    if (!rates)
        return rates.error();
    issuer.taxRates = std::move(*rates);
    const auto done = reader.finish();
    return done ? Result<Issuer>(issuer) : done.error();
}

} // namespace

Result<Issuer> readIssuerFile(const std::filesystem::path& file)
{
    const auto root = app::readToml(file);
    return root ? readIssuer(*root) : root.error();
}

Result<void> writeSampleIssuer(const std::filesystem::path& file)
{
    if (std::filesystem::exists(file))
        return Error{ErrorCode::AlreadyExists, file.string()};
    std::ofstream out(file, std::ios::binary);
    out << embedded::sampleIssuer;
    out.close();
    return out ? Result<void>() : Error{ErrorCode::FileUnwritable, file.string()};
}

} // namespace billing

#include "server/app/issuer_file.h"

#include "server/app/toml_table.h"
#include "shared/calendar/time_zone.h"

#include <fstream>

namespace billing {

namespace embedded {
extern const std::string_view sampleIssuer;
}

namespace {

using app::TableReader;

const LocalDate someDay = LocalDate::fromDaysSinceEpoch(0);

Result<Address> readAddress(const toml::table& table)
{
    TableReader reader(table, "address.");
    const Address address{reader.text("line1"), reader.optionalText("line2"), reader.text("city"),
                          reader.optionalText("region"), reader.optionalText("postal_code")};
    const auto done = reader.finish();
    return done ? Result<Address>(address) : done.error();
}

Result<BankDetails> readBank(const toml::table& table)
{
    TableReader reader(table, "bank.");
    const BankDetails bank{reader.text("account_holder"), reader.optionalText("bank_name"),
                           reader.optionalText("iban"), reader.optionalText("bic"),
                           reader.optionalText("other_account")};
    const auto done = reader.finish();
    return done ? Result<BankDetails>(bank) : done.error();
}

Result<TaxRate> readTaxRate(const toml::table& table, std::size_t index)
{
    TableReader reader(table, "tax_rate[" + std::to_string(index) + "].");
    TaxRate rate{
        reader.text("country"), reader.optionalText("region"), {}, reader.text("name"), {}, someDay, {}, {}};
    rate.category =
        reader.checked("category", parseTaxCategory(reader.text("category")), TaxCategory::Standard);
    rate.rate = reader.checked("rate", Decimal::parse(reader.text("rate")), Decimal());
    if (rate.rate.isNegative() || rate.rate > Decimal::fromInteger(1))
        reader.refuse("rate", "expected 0 to 1, so 0.19 for 19 %");
    rate.validFrom = reader.checked("valid_from", LocalDate::parse(reader.text("valid_from")), someDay);
    const std::string until = reader.optionalText("valid_until");
    if (!until.empty())
        rate.validUntil = reader.checked("valid_until", LocalDate::parse(until), someDay);
    rate.note = reader.optionalText("note");
    const auto done = reader.finish();
    return done ? Result<TaxRate>(rate) : done.error();
}

Result<std::vector<TaxRate>> readTaxRates(const toml::array* tables)
{
    std::vector<TaxRate> rates;
    if (!tables)
        return rates;
    for (const toml::node& node : *tables) {
        auto rate = readTaxRate(*node.as_table(), rates.size());
        if (!rate)
            return rate.error();
        rates.push_back(std::move(*rate));
    }
    return rates;
}

Result<Issuer> readIssuer(const toml::table& root)
{
    TableReader reader(root, "");
    Issuer issuer;
    issuer.code = reader.text("code");
    issuer.party = {reader.text("name"),          {},
                    reader.text("country"),       reader.texts("tax_ids"),
                    reader.optionalText("email"), reader.optionalText("registration")};
    issuer.timeZone = reader.text("time_zone");
    if (!issuer.timeZone.empty() && !TimeZone::find(issuer.timeZone))
        reader.refuse("time_zone", "not in the IANA database");
    issuer.notes = reader.texts("notes");

    if (const toml::table* numbering = reader.table("numbering")) {
        TableReader numbers(*numbering, "numbering.");
        issuer.series = numbers.text("series");
        issuer.numberPattern = numbers.text("pattern");
        if (issuer.numberPattern.find("{number") == std::string::npos)
            numbers.refuse("pattern", "must contain {number}");
        const auto done = numbers.finish();
        if (!done)
            return done.error();
    } else {
        reader.refuse("numbering", "missing");
    }
    if (const toml::table* address = reader.table("address")) {
        const auto read = readAddress(*address);
        if (!read)
            return read.error();
        issuer.party.address = *read;
    }
    if (const toml::table* bank = reader.table("bank")) {
        const auto read = readBank(*bank);
        if (!read)
            return read.error();
        issuer.bank = *read;
    }
    const auto rates = readTaxRates(reader.tables("tax_rate"));
    if (!rates)
        return rates.error();
    issuer.taxRates = *rates;
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

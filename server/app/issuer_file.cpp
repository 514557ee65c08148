#include "server/app/issuer_file.h"

#include "shared/calendar/time_zone.h"

#include <fstream>
#include <set>
#include <toml++/toml.h>

namespace billing {

namespace embedded {
extern const std::string_view sampleIssuer;
}

namespace {

/// Reads one table strictly, keeping the first refusal; finish() also names a key nobody asked for.
class TableReader
{
public:
    TableReader(const toml::table& table, std::string path)
        : m_table(table)
        , m_path(std::move(path))
    {
    }

    std::string text(std::string_view key)
    {
        const toml::node* node = take(key);
        if (!node)
            refuse(key, "missing");
        return node ? textOf(*node, key) : std::string();
    }
    std::string optionalText(std::string_view key)
    {
        const toml::node* node = take(key);
        return node ? textOf(*node, key) : std::string();
    }
    std::vector<std::string> texts(std::string_view key)
    {
        std::vector<std::string> all;
        const toml::node* node = take(key);
        if (!node)
            return all;
        if (!node->is_array())
            refuse(key, "expected a list of strings");
        else
            for (const toml::node& item : *node->as_array())
                all.push_back(textOf(item, key));
        return all;
    }
    const toml::table* table(std::string_view key)
    {
        const toml::node* node = take(key);
        if (node && !node->is_table())
            refuse(key, "expected a table");
        return node ? node->as_table() : nullptr;
    }
    const toml::array* tables(std::string_view key)
    {
        const toml::node* node = take(key);
        if (node && !node->is_array_of_tables())
            refuse(key, "expected [[" + std::string(key) + "]] tables");
        return node && node->is_array_of_tables() ? node->as_array() : nullptr;
    }
    /// The value of a Result, or a refusal under this key.
    template <class T>
    T checked(std::string_view key, const Result<T>& value, T otherwise)
    {
        if (value)
            return *value;
        refuse(key, std::string(wireName(value.error().code)));
        return otherwise;
    }
    void refuse(std::string_view key, std::string why)
    {
        if (!m_error)
            m_error = Error{ErrorCode::InvalidConfiguration, m_path + std::string(key), std::move(why)};
    }
    Result<void> finish() const
    {
        if (m_error)
            return *m_error;
        for (const auto& [key, node] : m_table)
            if (!m_read.contains(std::string(key.str())))
                return Error{ErrorCode::InvalidConfiguration, m_path + std::string(key.str()), "unknown key"};
        return {};
    }

private:
    const toml::node* take(std::string_view key)
    {
        m_read.insert(std::string(key));
        return m_table.get(key);
    }
    std::string textOf(const toml::node& node, std::string_view key)
    {
        const auto value = node.value_exact<std::string>();
        if (!value)
            refuse(key, "expected a string");
        return value.value_or(std::string());
    }

    const toml::table& m_table;
    std::string m_path;
    std::set<std::string> m_read;
    std::optional<Error> m_error;
};

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
    try {
        return readIssuer(toml::parse_file(file.string()));
    } catch (const toml::parse_error& problem) { // the library's way; it goes no further
        const auto line = static_cast<long long>(problem.source().begin.line);
        if (line == 0)
            return Error{ErrorCode::FileUnreadable, file.string()};
        return Error{ErrorCode::InvalidConfiguration, file.string(),
                     "line " + std::to_string(line) + ": " + std::string(problem.description())};
    }
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

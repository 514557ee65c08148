#include "shared/document/unprintable.h"

#include "shared/document/figures.h"
#include "shared/document/printable.h"

namespace billing::document {

namespace {

class Finder
{
public:
    void see(const std::string& field, const std::string& text)
    {
        if (std::vector<char32_t> characters = charactersAsCodes(fromUtf8(text)); !characters.empty())
            m_found.push_back({field, std::move(characters)});
    }

    void see(const std::string& field, const std::vector<std::string>& texts)
    {
        for (std::size_t index = 0; index < texts.size(); ++index)
            see(at(field, index), texts[index]);
    }

    void see(const std::string& field, const Party& party)
    {
        see(field + ".name", party.name);
        see(field + ".address.line1", party.address.line1);
        see(field + ".address.line2", party.address.line2);
        see(field + ".address.city", party.address.city);
        see(field + ".address.region", party.address.region);
        see(field + ".address.postal_code", party.address.postalCode);
        see(field + ".country", party.country);
        see(field + ".tax_ids", party.taxIds);
        see(field + ".registration", party.registration);
        see(field + ".email", party.email);
    }

    static std::string at(const std::string& field, std::size_t index)
    {
        return field + '[' + std::to_string(index) + ']';
    }

    std::vector<Unprintable> take() { return std::move(m_found); }

private:
    std::vector<Unprintable> m_found;
};

void seeBank(Finder& finder, const BankDetails& bank)
{
    finder.see("bank.account_holder", bank.accountHolder);
    finder.see("bank.bank_name", bank.bankName);
    finder.see("bank.iban", bank.iban);
    finder.see("bank.bic", bank.bic);
    finder.see("bank.other_account", bank.otherAccount);
}

} // namespace

std::string Unprintable::codes() const
{
    std::string all;
    for (const char32_t character : characters)
        all += (all.empty() ? "" : " ") + codeOf(character).toStdString();
    return all;
}

std::vector<Unprintable> unprintable(const Invoice& invoice)
{
    Finder finder;
    finder.see("number", invoice.number.value_or(""));
    finder.see("plan_name", invoice.planName);
    finder.see("seller", invoice.seller);
    finder.see("buyer", invoice.buyer);
    finder.see("tenant", invoice.tenant.text());
    for (std::size_t index = 0; index < invoice.lines.size(); ++index) {
        const std::string line = Finder::at("lines", index);
        finder.see(line + ".description", invoice.lines[index].rated.description);
        finder.see(line + ".unit", invoice.lines[index].rated.unit);
    }
    for (std::size_t index = 0; index < invoice.taxes.size(); ++index) {
        const std::string tax = Finder::at("taxes", index);
        finder.see(tax + ".name", invoice.taxes[index].name);
        finder.see(tax + ".note", invoice.taxes[index].note);
    }
    seeBank(finder, invoice.bank);
    finder.see("notes", invoice.notes);
    return finder.take();
}

} // namespace billing::document

#include "shared/document/figures.h"

#include "shared/document/printable.h"
#include "shared/format/money.h"
#include "shared/format/number.h"

namespace billing::document {

namespace {

QString cityLine(const Address& address)
{
    QStringList words{fromUtf8(address.postalCode), fromUtf8(address.city)};
    words.removeAll(QString());
    return words.join(QLatin1Char(' '));
}

/// As people there write it: "San Francisco, CA 94104" or "10119 Berlin".
QStringList placeLines(const Party& party)
{
    const Address& address = party.address;
    const bool cityFirst = party.country == "US" || party.country == "CA" || party.country == "AU";
    if (!cityFirst)
        return {cityLine(address), fromUtf8(address.region)};
    QStringList state{fromUtf8(address.region), fromUtf8(address.postalCode)};
    state.removeAll(QString());
    QStringList words{fromUtf8(address.city), state.join(QLatin1Char(' '))};
    words.removeAll(QString());
    return {words.join(QStringLiteral(", "))};
}

QString countryName(const std::string& code)
{
    const QLocale::Territory territory = QLocale::codeToTerritory(fromUtf8(code));
    return territory == QLocale::AnyTerritory ? fromUtf8(code) : QLocale::territoryToString(territory);
}

} // namespace

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString stepText(const RatedLine& line, const QLocale& locale)
{
    const Texts& texts = textsFor(locale);
    if (!line.stepUpTo)
        return line.stepFrom.isZero() ? QString()
                                      : texts.above.arg(format::formatQuantity(line.stepFrom, locale));
    const QString upTo = format::formatQuantity(*line.stepUpTo, locale);
    QString text = line.stepFrom.isZero()
                       ? texts.firstIncluded.arg(upTo)
                       : texts.between.arg(format::formatQuantity(line.stepFrom, locale), upTo);
    if (line.unitPrice.isZero())
        text += QLatin1Char(' ') + texts.included;
    return text;
}

QString quantityText(const RatedLine& line, const QLocale& locale)
{
    const QString number = format::formatQuantity(line.quantity, locale);
    return line.unit.empty() ? number : numberBefore(number, fromUtf8(line.unit));
}

QString unitPriceText(const RatedLine& line, const QLocale& locale)
{
    const Texts& texts = textsFor(locale);
    if (line.unitPrice.isZero() && line.kind == LineKind::Usage)
        return texts.included;
    const QString price = format::formatUnitPrice(line.unitPrice, line.amount.currency(), locale);
    if (line.unitDivisor == Decimal::fromInteger(1))
        return price;
    return texts.perUnits.arg(price, format::formatQuantity(line.unitDivisor, locale));
}

QStringList partyLines(const Party& party, const Texts& texts)
{
    QStringList lines{fromUtf8(party.name), fromUtf8(party.address.line1), fromUtf8(party.address.line2)};
    lines += placeLines(party);
    lines << countryName(party.country);
    for (const std::string& taxId : party.taxIds)
        lines << texts.taxId.arg(isolated(fromUtf8(taxId)));
    lines << fromUtf8(party.registration) << fromUtf8(party.email);
    lines.removeAll(QString());
    return lines;
}

QString groupedIban(const QString& iban)
{
    QString grouped;
    for (qsizetype at = 0; at < iban.size(); ++at) {
        if (at > 0 && at % 4 == 0)
            grouped += QChar(format::noBreakSpace);
        grouped += iban.at(at);
    }
    return grouped;
}

Result<Money> sumOfLines(const Invoice& invoice, std::size_t count)
{
    Result<Money> sum = Money::zero(invoice.currency);
    for (std::size_t index = 0; sum && index < count; ++index)
        sum = sum->plus(invoice.lines[index].rated.amount);
    return sum;
}

} // namespace billing::document

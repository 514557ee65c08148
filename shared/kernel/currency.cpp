#include "shared/kernel/currency.h"

#include <algorithm>

namespace billing {

namespace {

// Four-character steps: three letters and a space. Every code not in another list has two digits.
constexpr std::string_view noDigits = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
constexpr std::string_view threeDigits = "BHD IQD JOD KWD LYD OMR TND";
constexpr std::string_view fourDigits = "CLF UYW";
constexpr std::string_view twoDigits =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
    "MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD "
    "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG "
    "YER "
    "ZAR ZMW ZWG";

bool contains(std::string_view list, std::string_view code)
{
    for (std::size_t at = 0; at < list.size(); at += 4)
        if (list.substr(at, 3) == code)
            return true;
    return false;
}

bool isThreeCapitals(std::string_view code)
{
    return code.size() == 3 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

} // namespace

Result<Currency> Currency::parse(std::string_view code)
{
    if (isThreeCapitals(code)) {
        if (contains(twoDigits, code))
            return Currency(code, 2);
        if (contains(noDigits, code))
            return Currency(code, 0);
        if (contains(threeDigits, code))
            return Currency(code, 3);
        if (contains(fourDigits, code))
            return Currency(code, 4);
    }
    return Error{ErrorCode::UnknownCurrency, "currency", "not an ISO 4217 code in use"};
}

} // namespace billing

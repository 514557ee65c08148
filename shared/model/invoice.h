// An invoice as it is shown, frozen and drawn: everything on the paper is in here, so that screen, PDF, API
// and ledger read one stored computation and never compute again. A draft has no number and no issue date; a
// finalised invoice never changes. The JSON form is shared/wire/invoice_json.h.
#pragma once

#include "shared/kernel/local_date.h"
#include "shared/kernel/money.h"
#include "shared/model/billing_period.h"
#include "shared/model/rated_line.h"
#include "shared/model/tenant.h"
#include "shared/model/tier.h"

#include <optional>
#include <string>
#include <vector>

namespace billing {

enum class InvoiceStatus
{
    Draft,
    Finalised,
    Void
};

std::string_view wireName(InvoiceStatus status);                     ///< "draft", "finalised", "void"
Result<InvoiceStatus> parseInvoiceStatus(std::string_view wireName); ///< refuses InvalidValue

/// Seller or buyer as printed.
struct Party
{
    std::string name;
    Address address = {};
    std::string country = {}; ///< ISO 3166-1 alpha-2
    std::vector<std::string> taxIds = {};
    std::string email = {};
    std::string registration = {}; ///< "HRB 12345 B, Amtsgericht Charlottenburg"

    friend bool operator==(const Party&, const Party&) = default;
};

/// Where to pay. Empty fields are not printed.
struct BankDetails
{
    std::string accountHolder = {};
    std::string bankName = {};
    std::string iban = {};
    std::string bic = {};
    std::string otherAccount = {}; ///< as text, for countries without IBAN

    friend bool operator==(const BankDetails&, const BankDetails&) = default;
};

/// The usage a line billed, as a range (DESIGN decision 4): settle numbers in (after, upTo].
struct UsageRange
{
    InstantRange range;
    SettleNumber after = SettleNumber(0);
    SettleNumber upTo = SettleNumber(0);

    friend bool operator==(const UsageRange&, const UsageRange&) = default;
};

struct InvoiceLine
{
    int number = 1; ///< from 1, as printed
    RatedLine rated;
    LocalDate serviceFrom;
    LocalDate serviceEnd; ///< first day after
    TaxCategory taxCategory = TaxCategory::Standard;
    std::optional<UsageRange> usage = {}; ///< for usage lines

    friend bool operator==(const InvoiceLine&, const InvoiceLine&) = default;
};

struct TaxLine
{
    TaxCategory category = TaxCategory::Standard;
    std::string name = {}; ///< "VAT", "Sales tax"
    Decimal rate = {};     ///< 0.19 is 19 %
    Money base;
    Money tax;
    std::string note = {}; ///< the legal text an exemption needs: "Reverse charge"

    friend bool operator==(const TaxLine&, const TaxLine&) = default;
};

/// How sums were rounded; stored, so that they can be checked years later.
enum class TaxRounding
{
    PerDocument,
    PerLine
};

struct Invoice
{
    InvoiceId id;
    TenantId tenant;
    SubscriptionId subscription;
    InvoiceStatus status = InvoiceStatus::Draft;
    std::optional<std::string> number = {}; ///< "EB-2023-000017"; drafts have none
    std::optional<LocalDate> issueDate = {};
    std::optional<LocalDate> dueDate = {};
    BillingPeriod period;
    std::string timeZone;
    Currency currency;
    PlanCode plan;
    int planVersion = 1;
    std::string planName;
    Tier tier = Tier::Zero;
    Party seller = {};
    Party buyer = {};
    BankDetails bank = {};
    std::string locale = "en-US";
    int netDays = 14;
    std::vector<InvoiceLine> lines = {};
    std::vector<UnbilledUsage> unbilled = {}; ///< listed to finance, not printed
    std::vector<TaxLine> taxes = {};
    TaxRounding taxRounding = TaxRounding::PerDocument;
    Money net;
    Money tax;
    Money total;
    std::vector<std::string> notes = {}; ///< legal and free texts, printed below the totals
    int templateVersion = 1;
    std::string usageDigest = {}; ///< SHA-256, hex, of the rollup rows the lines were made of

    friend bool operator==(const Invoice&, const Invoice&) = default;
};

} // namespace billing

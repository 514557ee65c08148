#include "shared/document/invoice_blocks.h"

#include "shared/document/figures.h"
#include "shared/document/letterhead.h"
#include "shared/document/page_style.h"
#include "shared/format/date.h"
#include "shared/format/money.h"
#include "shared/format/number.h"

namespace billing::document {

namespace {

constexpr qreal gap = 150;
constexpr qreal rowPadding = 50;
constexpr qreal descriptionLeast = 700;
constexpr int linesOfRow = 30; ///< of one description; the rest is a block of its own
constexpr int linesOfNote = 6; ///< of one block, so that a long note flows over pages

/// How wide a column of figures may be: a figure stays on one line if it can, its unit may wrap below it.
struct WidthRule
{
    qreal least, comfortable, most;
};
constexpr WidthRule quantityRule{700, 1550, 1700};
constexpr WidthRule priceRule{700, 1000, 1500};
constexpr WidthRule amountRule{700, 1500, 1500};

/// The widest of a column's texts. Measuring each of thousands is not worth it: figures are tabular, so the
/// longest is the widest.
class Widest
{
public:
    void see(const QString& text)
    {
        keepLonger(m_whole, text);
        keepLonger(m_figure, text.section(QLatin1Char(' '), 0, 0));
    }
    qreal width(const WidthRule& rule) const
    {
        const qreal whole = textWidth(m_whole, style::body) + slack;
        const qreal figure = textWidth(m_figure, style::body) + slack;
        return std::clamp(std::max(figure, std::min(whole, rule.comfortable)), rule.least, rule.most);
    }

private:
    static constexpr qreal slack = 12;

    static void keepLonger(QString& kept, const QString& text)
    {
        if (text.size() > kept.size())
            kept = text;
    }

    QString m_whole;
    QString m_figure;
};

QLocale localeOf(const Invoice& invoice)
{
    return format::documentLocale(invoice.locale);
}

QString money(const Invoice& invoice, const Money& amount)
{
    return format::formatMoney(amount, localeOf(invoice));
}

constexpr qreal totalsLabelWidth = 750;

/// The totals stand at the right, wide enough for the total on one line.
qreal totalsLeft(const Invoice& invoice, const Columns& columns)
{
    constexpr qreal least = 2000;
    return columns.width -
           std::max(least, totalsLabelWidth + textWidth(money(invoice, invoice.total), style::total) + 12);
}

void addCell(Block& block, const QString& text, const TextStyle& style, const QRectF& column, qreal y)
{
    block.add(text, style, {column.left(), y}, column.width());
}

/// "above 100,000 · Nov 1 – Nov 30, 2023"
QString detailOf(const Invoice& invoice, const InvoiceLine& line)
{
    const QLocale locale = localeOf(invoice);
    const QString step = stepText(line.rated, locale);
    const QString period = format::formatPeriod(line.serviceFrom, line.serviceEnd, locale);
    return step.isEmpty() ? period : step + QStringLiteral(" · ") + period;
}

/// Below the description; a detail too wide for its column goes below the figures and under them.
void addDetail(Block& row, const QString& detail, const Columns& columns)
{
    const Text& description = std::get<Text>(row.items.front());
    const bool narrow = textWidth(detail, style::quiet) <= columns.description.width();
    const qreal y = (narrow ? description.box.bottom() : row.height) + 6;
    row.add(detail, style::quiet, {0, y}, narrow ? columns.description.width() : columns.quantity.right());
    row.rule(row.height + rowPadding, columns.width, colour::hairline);
}

/// The tax table's own columns, each as wide as its widest figure: beside the totals when they fit there,
/// else below them over the whole width.
struct TaxColumns
{
    QRectF name = {}, rate = {}, base = {}, tax = {};
    qreal top = 0;
};

TaxColumns taxColumnsFor(const Invoice& invoice, const Columns& columns, qreal totalsHeight)
{
    constexpr qreal nameLeast = 600;
    constexpr qreal tight = 100;
    const QLocale locale = localeOf(invoice);
    Widest rate, base, tax;
    base.see(textsFor(locale).base);
    for (const TaxLine& line : invoice.taxes) {
        rate.see(format::formatPercent(line.rate, locale));
        base.see(money(invoice, line.base));
        tax.see(money(invoice, line.tax));
    }
    const qreal rateWidth = rate.width({300, 600, 600}), baseWidth = base.width({550, 2000, 2000});
    const qreal taxWidth = tax.width({450, 2000, 2000});
    const qreal figures = rateWidth + baseWidth + taxWidth + 3 * tight;
    const qreal besideTotals = totalsLeft(invoice, columns) - 2 * gap;
    const bool fits = besideTotals - figures >= nameLeast;
    const qreal nameWidth = (fits ? besideTotals : columns.width) - figures;
    TaxColumns table{.top = fits ? 120 : totalsHeight + 150};
    table.name = QRectF(0, 0, nameWidth, 0);
    table.rate = QRectF(nameWidth + tight, 0, rateWidth, 0);
    table.base = QRectF(table.rate.right() + tight, 0, baseWidth, 0);
    table.tax = QRectF(table.base.right() + tight, 0, taxWidth, 0);
    return table;
}

void addTaxes(Block& block, const Invoice& invoice, const TaxColumns& columns)
{
    const QLocale locale = localeOf(invoice);
    const Texts& texts = textsFor(locale);
    const qreal right = columns.tax.right();
    qreal y = columns.top;
    addCell(block, texts.tax, style::caption, columns.name, y);
    addCell(block, texts.rate, style::captionRight, columns.rate, y);
    addCell(block, texts.base, style::captionRight, columns.base, y);
    y = block.add(texts.amount, style::captionRight, {columns.tax.left(), y}, columns.tax.width()) + 30;
    block.items.emplace_back(Fill{QRectF(0, y, right, 6), colour::hairline});
    for (const TaxLine& tax : invoice.taxes) {
        y += 40;
        addCell(block, format::formatPercent(tax.rate, locale), style::bodyRight, columns.rate, y);
        addCell(block, money(invoice, tax.base), style::bodyRight, columns.base, y);
        addCell(block, money(invoice, tax.tax), style::bodyRight, columns.tax, y);
        y = block.add(fromUtf8(tax.name), style::body, {columns.name.left(), y}, columns.name.width());
        if (!tax.note.empty()) // below the figures, as wide as the table: it is a sentence
            y = block.add(fromUtf8(tax.note), style::quiet, {0, y + 6}, right);
    }
}

struct PaymentField
{
    QString caption;
    QString value;
};

std::vector<PaymentField> paymentFields(const Invoice& invoice)
{
    const Texts& texts = textsFor(localeOf(invoice));
    const BankDetails& bank = invoice.bank;
    std::vector<PaymentField> fields{
        {texts.accountHolder, fromUtf8(bank.accountHolder)},
        {texts.iban, groupedIban(fromUtf8(bank.iban))},
        {texts.account, fromUtf8(bank.otherAccount)},
        {texts.reference, invoice.number ? fromUtf8(*invoice.number) : QString()},
        {texts.bank, fromUtf8(bank.bankName)},
        {texts.bic, fromUtf8(bank.bic)}};
    std::erase_if(fields, [](const PaymentField& field) { return field.value.isEmpty(); });
    return fields;
}

QString paymentTerms(const Invoice& invoice)
{
    const QLocale locale = localeOf(invoice);
    const Texts& texts = textsFor(locale);
    QString terms = invoice.netDays > 0 ? texts.terms.arg(invoice.netDays) : texts.termsAtOnce;
    if (invoice.dueDate)
        terms += QLatin1Char(' ') +
                 texts.payBy.arg(money(invoice, invoice.total), format::formatDate(*invoice.dueDate, locale));
    return terms;
}

} // namespace

Columns columnsFor(const Invoice& invoice, qreal width)
{
    const QLocale locale = localeOf(invoice);
    Widest quantity, price, amount;
    amount.see(money(invoice, invoice.total));
    for (const InvoiceLine& line : invoice.lines) {
        quantity.see(quantityText(line.rated, locale));
        price.see(unitPriceText(line.rated, locale));
        amount.see(money(invoice, line.rated.amount));
    }
    const qreal amountWidth = amount.width(amountRule);
    qreal priceWidth = price.width(priceRule);
    qreal quantityWidth = quantity.width(quantityRule);
    // Figures break inside rather than leave the description no room: the quantity's first.
    qreal lacking = descriptionLeast - (width - amountWidth - priceWidth - quantityWidth - 3 * gap);
    for (qreal* column : {&quantityWidth, &priceWidth}) {
        const qreal given = std::clamp(lacking, 0.0, std::max(0.0, *column - quantityRule.least));
        *column -= given;
        lacking -= given;
    }
    Columns columns{.width = width};
    columns.amount = QRectF(width - amountWidth, 0, amountWidth, 0);
    columns.price = QRectF(columns.amount.left() - gap - priceWidth, 0, priceWidth, 0);
    columns.quantity = QRectF(columns.price.left() - gap - quantityWidth, 0, quantityWidth, 0);
    columns.description = QRectF(0, 0, columns.quantity.left() - gap, 0);
    return columns;
}

Block tableHead(const Invoice& invoice, const Columns& columns)
{
    const Texts& texts = textsFor(localeOf(invoice));
    Block block{BlockKind::TableHead};
    addCell(block, texts.description, style::caption, columns.description, 0);
    addCell(block, texts.quantity, style::captionRight, columns.quantity, 0);
    addCell(block, texts.unitPrice, style::captionRight, columns.price, 0);
    addCell(block, texts.amount, style::captionRight, columns.amount, 0);
    block.rule(block.height + 45, columns.width, colour::rule);
    return block;
}

std::vector<Block> rowBlocks(const Invoice& invoice, const InvoiceLine& line, const Columns& columns)
{
    const QLocale locale = localeOf(invoice);
    std::vector<Block> blocks;
    const MeasuredText whole(fromUtf8(line.rated.description), style::body, columns.description.width());
    for (const MeasuredText& part : whole.split(linesOfRow)) {
        Block& block = blocks.emplace_back(Block{blocks.empty() ? BlockKind::Row : BlockKind::RowContinued});
        block.add(part, {columns.description.left(), blocks.size() == 1 ? rowPadding : 0},
                  columns.description.width());
    }
    Block& first = blocks.front();
    addCell(first, quantityText(line.rated, locale), style::bodyRight, columns.quantity, rowPadding);
    addCell(first, unitPriceText(line.rated, locale), style::bodyRight, columns.price, rowPadding);
    addCell(first, money(invoice, line.rated.amount), style::bodyRight, columns.amount, rowPadding);
    addDetail(blocks.back(), detailOf(invoice, line), columns);
    return blocks;
}

Block emptyRow(const Invoice& invoice, const Columns& columns)
{
    Block block{BlockKind::Row};
    block.add(textsFor(localeOf(invoice)).noLines, style::quiet, {0, rowPadding}, columns.width);
    block.rule(block.height + rowPadding, columns.width, colour::hairline);
    return block;
}

Block carriedSum(BlockKind kind, const Invoice& invoice, const Money& sum, const Columns& columns)
{
    const Texts& texts = textsFor(localeOf(invoice));
    Block block{kind};
    const QString label = kind == BlockKind::CarriedForward ? texts.carriedForward : texts.broughtForward;
    addCell(block, label, style::quiet, columns.description, rowPadding);
    const QRectF rest(columns.quantity.left(), 0, columns.width - columns.quantity.left(), 0);
    addCell(block, money(invoice, sum), style::quietRight, rest, rowPadding);
    block.height += rowPadding;
    if (kind == BlockKind::BroughtForward)
        block.rule(block.height, columns.width, colour::hairline);
    return block;
}

Block totals(const Invoice& invoice, const Columns& columns)
{
    const Texts& texts = textsFor(localeOf(invoice));
    Block block{BlockKind::Totals};
    const qreal left = totalsLeft(invoice, columns);
    const auto line = [&](const QString& label, const Money& amount, const TextStyle& look, qreal y) {
        TextStyle right = look;
        right.align = Align::Right;
        block.add(label, look, {left, y}, totalsLabelWidth);
        block.add(money(invoice, amount), right, {left + totalsLabelWidth, y},
                  columns.width - left - totalsLabelWidth);
    };
    line(texts.net, invoice.net, style::body, 110);
    line(texts.tax, invoice.tax, style::body, block.height + 40);
    const qreal y = block.height + 60;
    block.items.emplace_back(Fill{QRectF(left, y, columns.width - left, 6), colour::rule});
    line(texts.total, invoice.total, style::total, y + 60);
    if (!invoice.taxes.empty())
        addTaxes(block, invoice, taxColumnsFor(invoice, columns, block.height));
    block.spaceBelow = 210;
    return block;
}

std::optional<Block> payment(const Invoice& invoice, qreal width)
{
    if (invoice.status == InvoiceStatus::Void || invoice.total.isZero() || invoice.total.isNegative())
        return std::nullopt;
    constexpr qreal padding = 140;
    constexpr std::size_t columnCount = 3;
    const qreal inner = width - 2 * padding;
    const qreal columnWidth = (inner - (columnCount - 1) * gap) / columnCount;
    Block block{BlockKind::Payment};
    block.items.emplace_back(Fill{QRectF(), colour::panel, 60});
    block.add(textsFor(localeOf(invoice)).payment, style::strong, {padding, padding}, inner);
    block.add(paymentTerms(invoice), style::body, {padding, block.height + 10}, inner);
    const std::vector<PaymentField> fields = paymentFields(invoice);
    qreal top = 0;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        if (index % columnCount == 0)
            top = block.height + 80;
        const qreal left = padding + static_cast<qreal>(index % columnCount) * (columnWidth + gap);
        const qreal y = block.add(fields[index].caption, style::caption, {left, top}, columnWidth);
        block.add(fields[index].value, style::body, {left, y + 8}, columnWidth);
    }
    block.height += padding;
    std::get<Fill>(block.items.front()).box = QRectF(0, 0, width, block.height);
    block.spaceBelow = 110;
    return block;
}

std::vector<Block> notes(const Invoice& invoice, qreal width)
{
    std::vector<Block> blocks;
    for (const std::string& note : invoice.notes) {
        for (const MeasuredText& part : MeasuredText(fromUtf8(note), style::quiet, width).split(linesOfNote))
            blocks.emplace_back(Block{BlockKind::Note}).add(part, {0, 0}, width);
        if (!blocks.empty())
            blocks.back().spaceBelow = 70;
    }
    return blocks;
}

Block footer(const Invoice& invoice, qreal width, int page, int pages)
{
    const Texts& texts = textsFor(localeOf(invoice));
    Block block{BlockKind::Footer};
    block.rule(0, width, colour::hairline);
    const QString number = isolated(shortened(numberOrMark(invoice), style::caption, width * 0.7));
    const QString right = texts.pageOfNumber.arg(number, QString::number(page), QString::number(pages));
    const qreal rightWidth = std::min(textWidth(right, style::caption) + 12, width);
    block.add(right, style::captionRight, {width - rightWidth, 70}, rightWidth);
    const QString seller = fromUtf8(invoice.seller.name);
    if (textWidth(seller, style::caption) + gap < width - rightWidth) // the letterhead has it in full
        block.add(seller, style::caption, {0, 70}, width - rightWidth - gap);
    return block;
}

} // namespace billing::document

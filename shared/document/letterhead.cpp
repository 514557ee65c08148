#include "shared/document/letterhead.h"

#include "shared/document/figures.h"
#include "shared/document/page_style.h"
#include "shared/format/date.h"
#include "shared/format/money.h"

namespace billing::document {

namespace {

constexpr qreal gap = 180;
constexpr qreal badgeSize = 190;

QString dateOr(const std::optional<LocalDate>& date, const QLocale& locale, const QString& otherwise)
{
    return date ? format::formatDate(*date, locale) : otherwise;
}

/// A small caption with its value below, in a column; returns the y below both.
qreal addField(Block& block, const QString& caption, const QString& value, const QRectF& column)
{
    const qreal below = block.add(caption, style::caption, column.topLeft(), column.width());
    return block.add(value, style::body, {column.left(), below + 12}, column.width());
}

/// The title at the left, the plan with its tier's badge at the right.
qreal addTitle(Block& block, const Invoice& invoice, qreal width)
{
    const Texts& texts = textsFor(format::documentLocale(invoice.locale));
    const qreal half = (width - gap) / 2;
    const qreal titleWidth = textWidth(texts.invoice, style::title) + 12;
    const qreal titleBottom = block.add(texts.invoice, style::title, {0, 0}, titleWidth);
    if (invoice.status != InvoiceStatus::Finalised) {
        const bool draft = invoice.status == InvoiceStatus::Draft;
        const TextStyle mark{Face::Bold, 110, draft ? colour::grey : QColor(0xC4, 0x31, 0x31)};
        block.add(draft ? texts.draft : texts.voided, mark, {titleWidth + 100, 140}, 600);
    }
    const QString plan = fromUtf8(invoice.planName);
    const qreal planWidth = std::min(textWidth(plan, style::strong) + 10, half - badgeSize - 70);
    const qreal planLeft = width - planWidth;
    MeasuredText measured(plan, style::strong, planWidth);
    const qreal planTop = std::max(0.0, 180 - measured.lineHeight() / 2);
    block.items.emplace_back(
        Badge{QRectF(planLeft - 70 - badgeSize, 180 - badgeSize / 2, badgeSize, badgeSize), invoice.tier});
    return std::max(titleBottom, block.add(plan, style::strong, {planLeft, planTop}, planWidth));
}

qreal addFields(Block& block, const Invoice& invoice, qreal top, qreal width)
{
    const QLocale locale = format::documentLocale(invoice.locale);
    const Texts& texts = textsFor(locale);
    const qreal half = (width - gap) / 2; // the due date stands above the buyer
    const qreal date = (half - gap) * 0.4;
    const qreal wide = half - gap - date;
    const QRectF number(0, top, wide, 0), issued(wide + gap, top, date, 0);
    const QRectF due(half + gap, top, date, 0), period(half + gap + date + gap, top, wide, 0);
    qreal bottom = addField(block, texts.number, numberOrMark(invoice), number);
    bottom = std::max(
        bottom, addField(block, texts.issueDate, dateOr(invoice.issueDate, locale, texts.notYet), issued));
    bottom =
        std::max(bottom, addField(block, texts.dueDate, dateOr(invoice.dueDate, locale, texts.notYet), due));
    const QString days = format::formatPeriod(invoice.period.firstDay, invoice.period.endDay, locale);
    return std::max(bottom, addField(block, texts.period, days, period));
}

qreal addParty(Block& block, const QString& caption, const QStringList& lines, const QRectF& column)
{
    qreal y = block.add(caption, style::caption, column.topLeft(), column.width()) + 14;
    y = block.add(lines.first(), style::strong, {column.left(), y}, column.width());
    if (lines.size() > 1)
        y = block.add(lines.mid(1).join(QLatin1Char('\n')), style::body, {column.left(), y}, column.width());
    return y;
}

QString headline(const Invoice& invoice)
{
    const QLocale locale = format::documentLocale(invoice.locale);
    const Texts& texts = textsFor(locale);
    const QString total = format::formatMoney(invoice.total, locale);
    if (invoice.status == InvoiceStatus::Void)
        return texts.voidAmount.arg(total);
    if (invoice.status == InvoiceStatus::Draft)
        return texts.draftAmount.arg(total);
    if (invoice.total.isZero() || invoice.total.isNegative())
        return texts.nothingDue;
    return invoice.dueDate ? texts.amountDueBy.arg(total, format::formatDate(*invoice.dueDate, locale))
                           : texts.amountDue.arg(total);
}

} // namespace

QString numberOrMark(const Invoice& invoice)
{
    return invoice.number ? fromUtf8(*invoice.number)
                          : textsFor(format::documentLocale(invoice.locale)).draft;
}

Block letterhead(const Invoice& invoice, qreal width)
{
    const Texts& texts = textsFor(format::documentLocale(invoice.locale));
    Block block{BlockKind::Letterhead};
    qreal y = addTitle(block, invoice, width) + 120;
    block.rule(y, width, colour::hairline);
    y = addFields(block, invoice, y + 100, width) + 100;
    block.rule(y, width, colour::hairline);
    y += 150;

    const qreal half = (width - gap) / 2;
    const QStringList sellerLines = partyLines(invoice.seller, texts);
    QStringList buyerLines = partyLines(invoice.buyer, texts);
    buyerLines << texts.customer + QLatin1Char(' ') + isolated(fromUtf8(invoice.tenant.text()));
    const qreal sellerBottom = addParty(block, texts.from, sellerLines, QRectF(0, y, half, 0));
    const qreal buyerBottom = addParty(block, texts.billTo, buyerLines, QRectF(half + gap, y, half, 0));
    y = std::max(sellerBottom, buyerBottom) + 230;

    block.add(headline(invoice), style::headline, {0, y}, width);
    block.spaceBelow = 170;
    return block;
}

Block runningHead(const Invoice& invoice, qreal width)
{
    const QLocale locale = format::documentLocale(invoice.locale);
    Block block{BlockKind::RunningHead};
    const qreal half = (width - gap) / 2;
    const QString number = isolated(shortened(numberOrMark(invoice), style::quiet, 2 * half));
    block.add(textsFor(locale).invoice + QLatin1Char(' ') + number, style::quiet, {0, 0}, half);
    block.add(format::formatPeriod(invoice.period.firstDay, invoice.period.endDay, locale), style::quietRight,
              {half + gap, 0}, half);
    block.spaceBelow = 160;
    return block;
}

} // namespace billing::document

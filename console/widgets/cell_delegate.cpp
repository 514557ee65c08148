#include "console/widgets/cell_delegate.h"

#include "console/widgets/labels.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace billing::console {

namespace {

TypeRole typeOf(CellKind kind)
{
    return kind == CellKind::Strong || kind == CellKind::TierStrong ? TypeRole::Strong : TypeRole::Body;
}

bool hasTier(CellKind kind)
{
    return kind == CellKind::TierMark || kind == CellKind::TierStrong;
}

void drawGround(QPainter& painter, const QStyleOptionViewItem& option)
{
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    const Token ground = chosen ? Token::Selection : hovered ? Token::Hover : Token::Surface;
    painter.fillRect(option.rect, colour(ground, option.palette));
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     colour(Token::Hairline, option.palette));
}

} // namespace

CellDelegate::CellDelegate(Column column, RecordTable* table)
    : QStyledItemDelegate(table)
    , m_column(column)
{
}

QString CellDelegate::textOf(const QModelIndex& index) const
{
    QString line = index.data(Qt::DisplayRole).toString();
    for (QChar& character : line) // one line per record, whatever a name holds
        if (character == QLatin1Char('\n') || character == QLatin1Char('\r') ||
            character == QLatin1Char('\t') || character.category() == QChar::Separator_Line ||
            character.category() == QChar::Separator_Paragraph)
            character = QLatin1Char(' ');
    return line;
}

std::optional<int> CellDelegate::markOf(const QModelIndex& index) const
{
    if (!hasTier(m_column.kind) && m_column.kind != CellKind::StatusMark)
        return std::nullopt;
    const QVariant mark = index.data(m_column.markRole);
    return mark.isValid() ? std::optional(mark.toInt()) : std::nullopt;
}

QRect CellDelegate::textRect(const QStyleOptionViewItem& option) const
{
    QRect rect = option.rect.adjusted(space::medium, 0, -space::medium, 0);
    if (hasTier(m_column.kind))
        rect.setLeft(rect.left() + measure::badge + space::small);
    return rect;
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    painter->save();
    drawGround(*painter, option);
    const Appearance appearance = appearanceOf(option.palette);
    const std::optional<int> mark = markOf(index);
    const int middle = option.rect.center().y();
    if (mark && m_column.kind == CellKind::StatusMark) {
        const auto status = static_cast<InvoiceStatus>(*mark);
        const QSize size = statusSize(status);
        drawStatus(*painter, status,
                   QRect(QPoint(option.rect.left() + space::medium, middle - size.height() / 2), size),
                   appearance);
        painter->restore();
        return;
    }
    if (mark)
        drawTier(*painter, static_cast<Tier>(*mark),
                 QRect(option.rect.left() + space::medium, middle - measure::badge / 2, measure::badge,
                       measure::badge),
                 appearance);
    const QRect rect = textRect(option);
    painter->setFont(typeface(typeOf(m_column.kind)));
    painter->setPen(colour(m_column.kind == CellKind::Quiet ? Token::InkQuiet : Token::Ink, appearance));
    const QString text = painter->fontMetrics().elidedText(textOf(index), Qt::ElideRight, rect.width());
    const Qt::Alignment side = m_column.kind == CellKind::Amount ? Qt::AlignRight : Qt::AlignLeft;
    painter->drawText(rect, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine, text);
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const std::optional<int> mark = markOf(index);
    if (mark && m_column.kind == CellKind::StatusMark)
        return {statusSize(static_cast<InvoiceStatus>(*mark)).width() + 2 * space::medium, measure::row};
    const QFontMetrics metrics(typeface(typeOf(m_column.kind)));
    const int around = option.rect.width() - textRect(option).width();
    return {metrics.horizontalAdvance(textOf(index)) + around + space::hair, measure::row};
}

bool CellDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                             const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStyleOptionViewItem whole = option;
    whole.rect = view->visualRect(index);
    const bool cut = sizeHint(whole, index).width() > whole.rect.width();
    QString text = cut ? index.data(Qt::DisplayRole).toString() : QString();
    if (const std::optional<int> mark = markOf(index); mark && hasTier(m_column.kind))
        text =
            tr("%1\nTier %2").arg(index.data(Qt::DisplayRole).toString(), tierName(static_cast<Tier>(*mark)));
    QToolTip::showText(event->globalPos(), plainTip(text), view, whole.rect);
    return true;
}

} // namespace billing::console

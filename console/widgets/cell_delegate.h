// Paints the cells of a RecordTable. GUI thread.
#pragma once

#include "console/widgets/record_table.h"

#include <QStyledItemDelegate>

namespace billing::console {

class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    CellDelegate(Column column, RecordTable* table);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// The whole text, letter for letter, when the cell does not show all of it; and what a tier's letter
    /// means.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

private:
    QString textOf(const QModelIndex& index) const;
    std::optional<int> markOf(const QModelIndex& index) const;
    QRect textRect(const QStyleOptionViewItem& option) const;

    Column m_column;
};

} // namespace billing::console

// The console's table: one row is one record, chosen as a whole; amounts stand right-aligned in tabular
// figures, long names end in an ellipsis and tell the rest in a plain-text tip; tiers and statuses are drawn
// as marks. Tab goes through it to the next field, arrows, Page, Home and End move in it, Return opens,
// Ctrl+C copies the rows as tab-separated text, in which no cell can be taken for a formula. GUI thread.
#pragma once

#include "console/widgets/marks.h"

#include <QTableView>

#include <map>
#include <optional>
#include <vector>

namespace billing::console {

enum class CellKind
{
    Text,
    Strong, ///< what the record is called
    Quiet,
    Amount,     ///< right-aligned
    TierMark,   ///< markRole holds a Tier as int; without one its place stays empty
    TierStrong, ///< the same before what the record is called
    StatusMark
};

struct Column
{
    int section; ///< of the model
    CellKind kind = CellKind::Text;
    int width = 120;
    int markRole = -1; ///< where TierMark and StatusMark find their number
    int rank = 0;      ///< what is narrow drops the highest first; 0 always stays
};

class RecordTable : public QTableView
{
    Q_OBJECT

public:
    explicit RecordTable(QWidget* parent = nullptr);

    /// Which of the model's columns are shown, and how. The last of them takes what width is left over, or
    /// the one named here. Call it after setModel; columns not named are hidden.
    void setColumns(const std::vector<Column>& columns, int stretched);
    const Column* column(int section) const;

    /// Widens each column to what rows that came need; the first rows of a list say it anew, from the widths
    /// the columns were given. Looks at a few of them, so that a long list costs no more than a short one.
    void fitColumns(int first, int last);
    /// Whether there is room for it now.
    bool shows(int section) const { return !isColumnHidden(section); }
    std::vector<int> chosenRows() const;
    QString copiedText() const;

Q_SIGNALS:
    /// Return or a double click.
    void opened(int row);
    void chosenRowsChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void spread();

    std::vector<Column> m_columns;
    std::map<int, int> m_fitted; ///< width by section
    int m_stretched = -1;
};

} // namespace billing::console

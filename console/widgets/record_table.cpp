#include "console/widgets/record_table.h"

#include "console/widgets/cell_delegate.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

namespace billing::console {

namespace {

constexpr int widest = 420; ///< what a column is widened to by its contents at most
constexpr int fittedRows = 32;

/// A spreadsheet takes a cell that begins so for a formula.
QString harmless(QString cell)
{
    for (QChar& character : cell)
        if (character == QLatin1Char('\t') || character == QLatin1Char('\n') ||
            character == QLatin1Char('\r'))
            character = QLatin1Char(' ');
    const bool formula = !cell.isEmpty() && QStringView(u"=+-@").contains(cell.front());
    // Minus sign and digits are an amount.
    const bool amount = cell.size() > 1 && cell.front() == QLatin1Char('-') && cell.at(1).isDigit();
    return formula && !amount ? QLatin1Char('\'') + cell : cell;
}

} // namespace

RecordTable::RecordTable(QWidget* parent)
    : QTableView(parent)
{
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setCornerButtonEnabled(false);
    setMouseTracking(true);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(measure::row);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setMinimumSectionSize(48);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(this, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex& index) { Q_EMIT opened(index.row()); });
}

void RecordTable::setColumns(const std::vector<Column>& columns, int stretched)
{
    m_columns = columns;
    m_stretched = stretched;
    for (int section = 0; section < model()->columnCount(); ++section)
        setColumnHidden(section, column(section) == nullptr);
    int place = 0;
    for (const Column& shown : m_columns) {
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(shown.section), place++);
        setItemDelegateForColumn(shown.section, new CellDelegate(shown, this));
        m_fitted[shown.section] = shown.width;
    }
    spread();
}

const Column* RecordTable::column(int section) const
{
    for (const Column& shown : m_columns)
        if (shown.section == section)
            return &shown;
    return nullptr;
}

void RecordTable::fitColumns(int first, int last)
{
    const bool anew = first == 0 && last + 1 == model()->rowCount();
    const int end = std::min(last + 1, first + fittedRows);
    for (const Column& shown : m_columns) {
        int needed = anew ? shown.width : m_fitted[shown.section];
        for (int row = first; row < end && needed < widest; ++row)
            needed = std::max(needed, sizeHintForIndex(model()->index(row, shown.section)).width());
        m_fitted[shown.section] = std::max(shown.width, std::min(needed, widest));
    }
    spread();
}

void RecordTable::spread()
{
    if (m_columns.empty() || model() == nullptr)
        return;
    const auto width = [this](const Column& shown) {
        return shown.section == m_stretched ? shown.width : m_fitted[shown.section];
    };
    std::vector<Column> shown = m_columns;
    int needed = 0;
    for (const Column& column : shown)
        needed += width(column);
    while (needed > viewport()->width()) {
        const auto least = std::max_element(shown.begin(), shown.end(),
                                            [](const Column& a, const Column& b) { return a.rank < b.rank; });
        if (least->rank == 0)
            break;
        needed -= width(*least);
        shown.erase(least);
    }
    for (const Column& column : m_columns) {
        const bool stays = std::any_of(shown.begin(), shown.end(), [&column](const Column& one) {
            return one.section == column.section;
        });
        setColumnHidden(column.section, !stays);
        const int spare = column.section == m_stretched ? std::max(0, viewport()->width() - needed) : 0;
        if (stays)
            setColumnWidth(column.section, width(column) + spare);
    }
}

std::vector<int> RecordTable::chosenRows() const
{
    std::vector<int> rows;
    if (selectionModel() != nullptr)
        for (const QModelIndex& index :
             selectionModel()->selectedRows(m_columns.empty() ? 0 : m_columns.front().section))
            rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

QString RecordTable::copiedText() const
{
    QStringList lines;
    for (const int row : chosenRows()) {
        QStringList cells;
        for (const Column& shown : m_columns)
            cells << harmless(model()->index(row, shown.section).data(Qt::DisplayRole).toString());
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

void RecordTable::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(copiedText());
        return;
    }
    const bool open = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (open && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex().row());
        return;
    }
    // One record per row: to the table's ends, not to the row's.
    const bool toFirst = event->key() == Qt::Key_Home && event->modifiers() == Qt::NoModifier;
    const bool toLast = event->key() == Qt::Key_End && event->modifiers() == Qt::NoModifier;
    if ((toFirst || toLast) && model() != nullptr && model()->rowCount() > 0 && !m_columns.empty()) {
        setCurrentIndex(model()->index(toFirst ? 0 : model()->rowCount() - 1, m_columns.front().section));
        return;
    }
    QTableView::keyPressEvent(event);
}

void RecordTable::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    Q_EMIT chosenRowsChanged();
}

void RecordTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    spread();
}

void RecordTable::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    const bool byKeyboard = hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange);
    if (!byKeyboard || !currentIndex().isValid())
        return;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour(Token::Focus, palette()), measure::focusRing));
    const QRect row(0, rowViewportPosition(currentIndex().row()), viewport()->width(), measure::row);
    painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -2), radius::small, radius::small);
}

} // namespace billing::console

// What a hostile name can do in the table: nothing. It is shown, told and copied letter for letter, on one
// line; no image is asked for, no tag is obeyed, no cell becomes a spreadsheet's formula. And the keyboard
// reaches everything. Tests: record_table.cpp cell_delegate.cpp labels.cpp
#include "console/widgets/house_style.h"
#include "console/widgets/labels.h"
#include "console/widgets/record_table.h"

#include <QClipboard>
#include <QHelpEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QTextDocument>
#include <QToolTip>

using namespace billing::console;

namespace {

/// Counts what is asked of it.
class AskedModel : public QStandardItemModel
{
public:
    using QStandardItemModel::QStandardItemModel;

    mutable int asked = 0;

    QVariant data(const QModelIndex& index, int role) const override
    {
        asked += role == Qt::DisplayRole ? 1 : 0;
        return QStandardItemModel::data(index, role);
    }
};

const QString hostile = QStringLiteral("<img src=\"file:///etc/hostname\"><b>Bold & Sons</b>");
constexpr int markRole = Qt::UserRole + 1;

} // namespace

class TestRecordTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void aHostileNameIsPaintedAsText();
    void aHostileNamesTipIsText();
    void labelsShowTags();
    void whatIsNotCutHasNoTip();
    void copiesCellsThatNoSpreadsheetObeys_data();
    void copiesCellsThatNoSpreadsheetObeys();
    void amountsStandAtTheRight();
    void columnsFitWhatCame();
    void aLongListIsFittedByAFewRows();
    void keysMoveAndOpen();
    void tabLeavesTheTable();
    void narrowTablesDropTheHighestRank();

private:
    QStandardItemModel* m_model = nullptr;
    RecordTable* m_table = nullptr;
};

void TestRecordTable::initTestCase()
{
    dress(Appearance::Light);
}

void TestRecordTable::init()
{
    m_model = new QStandardItemModel(3, 4);
    m_table = new RecordTable;
    for (int row = 0; row < 3; ++row) {
        m_model->setItem(row, 0, new QStandardItem(QStringLiteral("EB-%1").arg(row)));
        m_model->setItem(row, 1, new QStandardItem(QString(hostile).repeated(6)));
        m_model->setItem(row, 2, new QStandardItem(QStringLiteral("$999,999,999,999.99")));
        auto* status = new QStandardItem;
        status->setData(row, markRole);
        m_model->setItem(row, 3, status);
    }
    m_table->setModel(m_model);
    m_table->setColumns({{0, CellKind::Strong, 80},
                         {1, CellKind::Text, 120},
                         {2, CellKind::Amount, 90, -1, 2},
                         {3, CellKind::StatusMark, 110, markRole, 1}},
                        1);
    m_table->resize(640, 300);
    m_table->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_table));
    m_table->fitColumns(0, 2);
}

void TestRecordTable::cleanup()
{
    delete m_table;
    delete m_model;
}

void TestRecordTable::aHostileNameIsPaintedAsText()
{
    // Two names that would look alike if their tags were obeyed.
    m_model->item(0, 1)->setText(QStringLiteral("<b>x</b>"));
    const QImage tagged = m_table->grab().toImage();
    m_model->item(0, 1)->setText(QStringLiteral("<i>x</i>"));
    QVERIFY(m_table->grab().toImage() != tagged);
    m_model->item(0, 1)->setText(QStringLiteral("two\nlines"));
    const QImage broken = m_table->grab().toImage();
    m_model->item(0, 1)->setText(QStringLiteral("two lines"));
    QVERIFY(m_table->grab().toImage() == broken);
}

void TestRecordTable::aHostileNamesTipIsText()
{
    const QModelIndex cell = m_model->index(0, 1);
    const QPoint at = m_table->visualRect(cell).center();
    QHelpEvent help(QEvent::ToolTip, at, m_table->viewport()->mapToGlobal(at));
    QApplication::sendEvent(m_table->viewport(), &help);
    QVERIFY(!QToolTip::text().isEmpty());
    QTextDocument shown;
    shown.setHtml(QToolTip::text());
    QCOMPARE(shown.toPlainText().trimmed(), QString(hostile).repeated(6));
    QVERIFY(!QToolTip::text().contains(QLatin1String("<img")));
    QToolTip::hideText();
}

void TestRecordTable::labelsShowTags()
{
    ElidedLabel label(TypeRole::Body);
    label.show();
    label.resize(60, 20);
    label.setFullText(hostile);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QVERIFY(label.text() != hostile);
    QTextDocument tip;
    tip.setHtml(label.toolTip());
    QCOMPARE(tip.toPlainText().trimmed(), hostile);
    QCOMPARE(label.accessibleName(), hostile);
    label.resize(2000, 20);
    QCOMPARE(label.text(), hostile);
    QCOMPARE(label.toolTip(), QString());
}

void TestRecordTable::whatIsNotCutHasNoTip()
{
    const QPoint at = m_table->visualRect(m_model->index(0, 0)).center();
    QHelpEvent help(QEvent::ToolTip, at, m_table->viewport()->mapToGlobal(at));
    QApplication::sendEvent(m_table->viewport(), &help);
    QCOMPARE(QToolTip::text(), QString());
}

void TestRecordTable::copiesCellsThatNoSpreadsheetObeys_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("copied");
    QTest::newRow("formula") << QStringLiteral("=1+1") << QStringLiteral("'=1+1");
    QTest::newRow("plus") << QStringLiteral("+cmd|' /C calc'!A0") << QStringLiteral("'+cmd|' /C calc'!A0");
    QTest::newRow("at") << QStringLiteral("@SUM(A1)") << QStringLiteral("'@SUM(A1)");
    QTest::newRow("minus and a word") << QStringLiteral("-x") << QStringLiteral("'-x");
    QTest::newRow("negative amount") << QStringLiteral("-12.00") << QStringLiteral("-12.00");
    QTest::newRow("tab and line feed") << QStringLiteral("a\tb\nc") << QStringLiteral("a b c");
    QTest::newRow("plain") << QStringLiteral("Harbor & Co.") << QStringLiteral("Harbor & Co.");
}

void TestRecordTable::copiesCellsThatNoSpreadsheetObeys()
{
    QFETCH(QString, name);
    QFETCH(QString, copied);
    m_model->item(1, 1)->setText(name);
    m_table->selectRow(1);
    QTest::keyClick(m_table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text().split(QLatin1Char('\t')).value(1), copied);
}

void TestRecordTable::amountsStandAtTheRight()
{
    m_table->resize(1200, 300);
    m_table->fitColumns(0, 2);
    const QRect cell = m_table->visualRect(m_model->index(0, 2));
    const QImage picture = m_table->viewport()->grab(cell).toImage();
    const QColor ground = picture.pixelColor(1, 1);
    int rightmost = 0;
    for (int x = 0; x < picture.width(); ++x)
        for (int y = 2; y < picture.height() - 2; ++y)
            if (contrast(picture.pixelColor(x, y), ground) > 2)
                rightmost = x;
    QVERIFY2(picture.width() - rightmost <= space::medium + 2,
             qPrintable(QString::number(picture.width() - rightmost)));
    QVERIFY(cell.width() >
            QFontMetrics(typeface(TypeRole::Body)).horizontalAdvance(QStringLiteral("$999,999,999,999.99")));
}

void TestRecordTable::columnsFitWhatCame()
{
    m_table->resize(1600, 300);
    m_table->fitColumns(0, 2);
    const int usual = m_table->columnWidth(0);
    QCOMPARE(usual, 80);
    m_model->insertRow(3, new QStandardItem(QStringLiteral("EB-2026-000000000000000017")));
    m_table->fitColumns(3, 3);
    const int wide = m_table->columnWidth(0);
    QVERIFY(wide > usual);
    m_model->insertRow(4, new QStandardItem(QStringLiteral("EB-1")));
    m_table->fitColumns(4, 4);
    QCOMPARE(m_table->columnWidth(0), wide); // columns do not jump while somebody scrolls
    m_model->insertRow(5, new QStandardItem(QString(500, QLatin1Char('W'))));
    m_table->fitColumns(5, 5);
    QCOMPARE(m_table->columnWidth(0), 420);
    m_model->removeRows(1, 5);
    m_table->fitColumns(0, 0);
    QCOMPARE(m_table->columnWidth(0), usual);
}

void TestRecordTable::aLongListIsFittedByAFewRows()
{
    AskedModel model(5000, 4);
    m_table->setModel(&model);
    m_table->setColumns({{0, CellKind::Strong, 80}, {1, CellKind::Text, 120}}, 1);
    model.asked = 0;
    m_table->fitColumns(4900, 4999);
    QVERIFY2(model.asked > 0 && model.asked <= 2 * 2 * 32, qPrintable(QString::number(model.asked)));
    m_table->setModel(m_model);
}

void TestRecordTable::keysMoveAndOpen()
{
    QSignalSpy opened(m_table, &RecordTable::opened);
    m_table->setFocus();
    QTest::keyClick(m_table, Qt::Key_End);
    QCOMPARE(m_table->chosenRows(), std::vector<int>{2});
    QTest::keyClick(m_table, Qt::Key_Up);
    QCOMPARE(m_table->chosenRows(), std::vector<int>{1});
    QTest::keyClick(m_table, Qt::Key_Home);
    QCOMPARE(m_table->chosenRows(), std::vector<int>{0});
    QTest::keyClick(m_table, Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.front().front().toInt(), 0);
    QTest::keyClick(m_table, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(m_table->chosenRows().size(), std::size_t(3));
}

void TestRecordTable::tabLeavesTheTable()
{
    QVERIFY(!m_table->tabKeyNavigation());
}

void TestRecordTable::narrowTablesDropTheHighestRank()
{
    m_table->resize(1200, 300);
    QVERIFY(m_table->shows(2) && m_table->shows(3));
    m_table->resize(420, 300);
    QVERIFY(!m_table->shows(2));
    QVERIFY(m_table->shows(3));
    m_table->resize(230, 300);
    QVERIFY(!m_table->shows(3));
    QVERIFY(m_table->shows(0) && m_table->shows(1));
}

QTEST_MAIN(TestRecordTable)

#include "tst_record_table.moc"

// Goal: the cell with most matching dimensions prices a key. Method: one matrix, a table of keys.
#include "server/rating/matrix.h"

#include "tests/support/printing.h"

#include <QTest>

using namespace billing;

class MatrixTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void orderOfCellsDoesNotMatter();
};

namespace {

std::vector<MatrixPrice> matrix()
{
    const auto cell = [](Dimensions match, std::int64_t price) {
        return MatrixPrice{std::move(match), {{*Currency::parse("USD"), Decimal::fromInteger(price)}}};
    };
    return {cell({{"direction", "input"}}, 1), cell({{"direction", "input"}, {"model", "gpt4"}}, 2),
            cell({{"direction", "output"}, {"model", "gpt4"}}, 3),
            cell({{"direction", "input"}, {"model", "gpt4"}, {"region", "eu"}}, 4)};
}

std::string priceOf(const std::vector<MatrixPrice>& cells, const char* key)
{
    const MatrixPrice* cell = findCell(cells, *parseDimensionKey(key));
    return cell ? cell->price.begin()->second.toText() : "none";
}

} // namespace

void MatrixTest::finds_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("price");
    const auto row = [](const char* key, const char* price) {
        QTest::newRow(*key ? key : "no dimensions") << QByteArray(key) << QByteArray(price);
    };
    row("", "none");
    row("model=gpt4", "none");
    row("direction=output", "none");
    row("direction=output,model=claude", "none");
    row("direction=Input,model=gpt4", "none");
    row("direction=input", "1");
    row("direction=input,model=claude", "1");
    row("direction=input,model=", "1");
    row("direction=input,model=gpt4", "2");
    row("direction=input,model=gpt4,region=us", "2");
    row("direction=output,model=gpt4", "3");
    row("direction=input,model=gpt4,region=eu", "4");
}

void MatrixTest::finds()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, price);
    QCOMPARE(priceOf(matrix(), key.constData()), price.toStdString());
}

void MatrixTest::orderOfCellsDoesNotMatter()
{
    auto cells = matrix();
    std::reverse(cells.begin(), cells.end());
    QCOMPARE(priceOf(cells, "direction=input,model=gpt4"), std::string("2"));
    cells.push_back({{}, {{*Currency::parse("USD"), Decimal::fromInteger(9)}}});
    QCOMPARE(priceOf(cells, "model=gpt4"), std::string("9"));
    QCOMPARE(priceOf(cells, "direction=input"), std::string("1"));
}

QTEST_APPLESS_MAIN(MatrixTest)
#include "tst_matrix.moc"

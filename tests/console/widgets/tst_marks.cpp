// Tiers and statuses are told apart without colours: their pictures in grey levels, brought to the same mean
// brightness, still differ pairwise by far; and their outlines stand out from every ground.
// Tests: marks.cpp icons.cpp
#include "console/widgets/icons.h"
#include "console/widgets/marks.h"

#include <QPainter>
#include <QTest>

#include <cmath>

using namespace billing;
using namespace billing::console;

namespace {

constexpr int side = 40;
constexpr std::array tiers{Tier::Zero, Tier::Shared, Tier::Lite, Tier::Enterprise, Tier::AirGapped};

/// Black where the mark is, white around it: the shape with its letter cut out, without its colour.
QImage shapeOf(Tier tier)
{
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    drawTier(painter, tier, {0, 0, side, side}, Appearance::Light);
    painter.end();
    // The fill's own grey becomes black, what is far from it white.
    const int fill = qGray(image.pixel(side / 2, 3 * side / 4));
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const bool filled = std::abs(qGray(image.pixel(x, y)) - fill) < 24;
            image.setPixel(x, y, filled ? qRgb(0, 0, 0) : qRgb(255, 255, 255));
        }
    return image;
}

int differingPixels(const QImage& one, const QImage& other)
{
    int differing = 0;
    for (int y = 0; y < one.height(); ++y)
        for (int x = 0; x < one.width(); ++x)
            differing += one.pixel(x, y) != other.pixel(x, y) ? 1 : 0;
    return differing;
}

} // namespace

class TestMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiersDifferWithoutColour();
    void lettersDiffer();
    void outlinesStandOut();
    void statusesDifferByWordAndSign();
    void widgetsSayWhatTheyShow();
    void everyGlyphDrawsSomethingOfItsOwn();
};

void TestMarks::tiersDifferWithoutColour()
{
    for (std::size_t a = 0; a < tiers.size(); ++a)
        for (std::size_t b = a + 1; b < tiers.size(); ++b) {
            const int differing = differingPixels(shapeOf(tiers[a]), shapeOf(tiers[b]));
            QVERIFY2(differing > side * side / 20, qPrintable(QStringLiteral("%1 and %2: %3 pixels")
                                                                  .arg(tierName(tiers[a]), tierName(tiers[b]))
                                                                  .arg(differing)));
        }
}

void TestMarks::lettersDiffer()
{
    QSet<QChar> letters;
    for (const Tier tier : tiers)
        letters.insert(tierName(tier).front());
    QCOMPARE(letters.size(), qsizetype(tiers.size()));
}

void TestMarks::outlinesStandOut()
{
    for (const Tier tier : tiers)
        for (const Appearance appearance : {Appearance::Light, Appearance::Dark})
            for (const Token ground : {Token::Surface, Token::Window, Token::Selection, Token::Hover}) {
                const qreal ratio = contrast(tierOutline(tier, appearance), colour(ground, appearance));
                QVERIFY2(ratio >= 3, qPrintable(QStringLiteral("%1, ground %2: %3")
                                                    .arg(tierName(tier))
                                                    .arg(static_cast<int>(ground))
                                                    .arg(ratio)));
            }
}

void TestMarks::statusesDifferByWordAndSign()
{
    QSet<QString> words;
    for (const InvoiceStatus status : {InvoiceStatus::Draft, InvoiceStatus::Finalised, InvoiceStatus::Void}) {
        words.insert(statusName(status));
        QVERIFY(statusSize(status).width() > 40);
    }
    QCOMPARE(words.size(), 3);
}

void TestMarks::widgetsSayWhatTheyShow()
{
    TierBadge badge;
    badge.setTier(Tier::AirGapped);
    QCOMPARE(badge.accessibleName(), QStringLiteral("Tier Air-gapped"));
    StatusPill pill;
    pill.setStatus(InvoiceStatus::Void);
    QCOMPARE(pill.accessibleName(), QStringLiteral("Status Void"));
}

void TestMarks::everyGlyphDrawsSomethingOfItsOwn()
{
    QList<QImage> seen;
    for (int glyph = 0; glyph < glyphCount; ++glyph) {
        QImage image(32, 32, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        drawGlyph(painter, static_cast<Glyph>(glyph), {0, 0, 32, 32}, Qt::black);
        painter.end();
        QVERIFY2(!seen.contains(image), qPrintable(QString::number(glyph)));
        seen.append(image);
    }
}

QTEST_MAIN(TestMarks)

#include "tst_marks.moc"

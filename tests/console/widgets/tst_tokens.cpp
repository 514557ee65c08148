// Every pair of colours that the console puts on each other, in light and dark, against WCAG 2.1 AA: 4.5 to 1
// for text, 3 to 1 for what tells a control or a sign from its ground. Decoration (hairlines, hovers) carries
// no meaning and has no row.
#include "console/widgets/tokens.h"

#include <QTest>

#include <cmath>

using namespace billing::console;

Q_DECLARE_METATYPE(billing::console::Token)

class TestTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRatioItself();
    void contrastSuffices_data();
    void contrastSuffices();
    void disabledStaysVisible();
    void appearanceIsReadFromAPalette();
    void figuresAreTabular_data();
    void figuresAreTabular();
    void typeScaleGrows();
};

void TestTokens::theRatioItself()
{
    QCOMPARE(qRound(contrast(Qt::black, Qt::white) * 100), 2100);
    QCOMPARE(qRound(contrast(Qt::white, Qt::white) * 100), 100);
    QCOMPARE(qRound(contrast(QColor(0x76, 0x76, 0x76), Qt::white) * 100), 454); // the grey that just passes
}

void TestTokens::contrastSuffices_data()
{
    QTest::addColumn<Token>("ink");
    QTest::addColumn<Token>("ground");
    QTest::addColumn<qreal>("least");
    struct Pair
    {
        const char* name;
        Token ink;
        Token ground;
        qreal least;
    };
    constexpr qreal text = 4.5;
    constexpr qreal sign = 3;
    using enum Token;
    for (const Pair& pair : {Pair{"text on the window", Ink, Window, text},
                             Pair{"text on a surface", Ink, Surface, text},
                             Pair{"text on a button", Ink, Raised, text},
                             Pair{"text on a hovered row", Ink, Hover, text},
                             Pair{"text on a pressed button", Ink, Pressed, text},
                             Pair{"text on a chosen row", Ink, Selection, text},
                             Pair{"caption on the window", InkQuiet, Window, text},
                             Pair{"caption on a surface", InkQuiet, Surface, text},
                             Pair{"placeholder in a field", InkQuiet, Surface, text},
                             Pair{"caption on a tip", InkQuiet, Raised, text},
                             Pair{"quiet cell, hovered", InkQuiet, Hover, text},
                             Pair{"quiet cell, chosen", InkQuiet, Selection, text},
                             Pair{"primary button", AccentInk, Accent, text},
                             Pair{"primary button, hovered", AccentInk, AccentHover, text},
                             Pair{"primary button, pressed", AccentInk, AccentPressed, text},
                             Pair{"link", Accent, Surface, text},
                             Pair{"positive", PositiveInk, PositiveSurface, text},
                             Pair{"positive, bare", PositiveInk, Window, text},
                             Pair{"warning", WarningInk, WarningSurface, text},
                             Pair{"warning, bare", WarningInk, Window, text},
                             Pair{"warning on a surface", WarningInk, Surface, text},
                             Pair{"danger", DangerInk, DangerSurface, text},
                             Pair{"danger on a surface", DangerInk, Surface, text},
                             Pair{"text on danger", Ink, DangerSurface, text},
                             Pair{"caption on danger", InkQuiet, DangerSurface, text},
                             Pair{"neutral", NeutralInk, NeutralSurface, text},
                             Pair{"edge of a field", Edge, Surface, sign},
                             Pair{"edge of a field on the window", Edge, Window, sign},
                             Pair{"edge of a button", Edge, Raised, sign},
                             Pair{"scroll bar", Edge, Window, sign},
                             Pair{"focus on the window", Focus, Window, sign},
                             Pair{"focus on a surface", Focus, Surface, sign},
                             Pair{"focus on a chosen row", Focus, Selection, sign},
                             Pair{"focus on the desk", Focus, Sunken, sign},
                             Pair{"primary button on a surface", Accent, Surface, sign},
                             Pair{"progress on its groove", Accent, NeutralSurface, sign}})
        QTest::newRow(pair.name) << pair.ink << pair.ground << pair.least;
}

void TestTokens::contrastSuffices()
{
    QFETCH(Token, ink);
    QFETCH(Token, ground);
    QFETCH(qreal, least);
    for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
        const qreal ratio = contrast(colour(ink, appearance), colour(ground, appearance));
        QVERIFY2(ratio >= least, qPrintable(QStringLiteral("%1: %2 to 1")
                                                .arg(appearance == Appearance::Light ? QStringLiteral("light")
                                                                                     : QStringLiteral("dark"))
                                                .arg(ratio, 0, 'f', 2)));
    }
}

void TestTokens::disabledStaysVisible()
{
    for (const Appearance appearance : {Appearance::Light, Appearance::Dark})
        QVERIFY(contrast(colour(Token::InkDisabled, appearance), colour(Token::Surface, appearance)) > 2);
}

void TestTokens::appearanceIsReadFromAPalette()
{
    for (const Appearance appearance : {Appearance::Light, Appearance::Dark}) {
        const QPalette palette = paletteFor(appearance);
        QCOMPARE(appearanceOf(palette), appearance);
        QCOMPARE(colour(Token::Ink, palette), palette.color(QPalette::WindowText));
        QCOMPARE(palette.color(QPalette::Disabled, QPalette::Text), colour(Token::InkDisabled, appearance));
    }
}

void TestTokens::figuresAreTabular_data()
{
    QTest::addColumn<int>("role");
    for (const TypeRole role :
         {TypeRole::Caption, TypeRole::Body, TypeRole::Strong, TypeRole::Title, TypeRole::Headline})
        QTest::addRow("role %d", static_cast<int>(role)) << static_cast<int>(role);
}

void TestTokens::figuresAreTabular()
{
    QFETCH(int, role);
    const QFontMetricsF metrics(typeface(static_cast<TypeRole>(role)));
    const qreal zero = metrics.horizontalAdvance(QLatin1Char('0'));
    for (char digit = '1'; digit <= '9'; ++digit) // but for the rounding to 1/64 pixel
        QVERIFY(std::abs(metrics.horizontalAdvance(QLatin1Char(digit)) - zero) < 0.05);
    QVERIFY(metrics.horizontalAdvance(QLatin1Char('i')) <
            metrics.horizontalAdvance(QLatin1Char('m'))); // not monospaced
}

void TestTokens::typeScaleGrows()
{
    QVERIFY(typeface(TypeRole::Caption).pixelSize() < typeface(TypeRole::Body).pixelSize());
    QCOMPARE(typeface(TypeRole::Strong).pixelSize(), typeface(TypeRole::Body).pixelSize());
    QVERIFY(typeface(TypeRole::Strong).weight() > typeface(TypeRole::Body).weight());
    QVERIFY(typeface(TypeRole::Title).pixelSize() < typeface(TypeRole::Headline).pixelSize());
}

QTEST_MAIN(TestTokens)

#include "tst_tokens.moc"

// Labels that show text as it is: never as rich text, whoever wrote it. GUI thread.
#pragma once

#include "console/widgets/tokens.h"

#include <QLabel>

class QTextLayout;

namespace billing::console {

/// A label in one of the type roles, in a token's colour; wraps when asked to by QLabel::setWordWrap.
class Label : public QLabel
{
    Q_OBJECT

public:
    explicit Label(TypeRole role, QWidget* parent = nullptr, Token ink = Token::Ink);

    void setInk(Token ink);

protected:
    void changeEvent(QEvent* event) override;

private:
    void tint();

    Token m_ink;
    bool m_tinting = false;
};

/// One line that gives way: what does not fit ends in an ellipsis, and the tip has it whole.
class ElidedLabel : public Label
{
    Q_OBJECT

public:
    using Label::Label;

    void setFullText(const QString& text);
    QString fullText() const { return m_fullText; }

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_fullText;
};

/// As many lines as its width makes of the text; a word wider than the line breaks inside, so that nothing is
/// cut whatever it holds. Its menu copies the text.
class WrappedLabel : public QWidget
{
    Q_OBJECT

public:
    explicit WrappedLabel(TypeRole role, QWidget* parent = nullptr, Token ink = Token::Ink,
                          Qt::Alignment side = Qt::AlignLeft);

    void setText(const QString& text);
    QString text() const { return m_text; }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    qreal layOut(QTextLayout& layout, int width) const;

    QString m_text;
    Token m_ink;
    Qt::Alignment m_side;
};

/// Text as a tip that shows it letter for letter, wrapped; empty for empty text.
QString plainTip(const QString& text);

} // namespace billing::console

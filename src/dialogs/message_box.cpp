// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/message_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>

#include <optional>

#include "widgets/theme.h"

namespace lathe::dialogs {
namespace {

std::optional<Answer>& nextAnswer() {
    static std::optional<Answer> answer;  // tests only
    return answer;
}

QString& lastQuestion() {
    static QString text;  // tests only
    return text;
}

}  // namespace

void MessageBox::ask(QWidget* parent, const Question& question, std::function<void(Answer)> answered) {
    lastQuestion() = question.text;
    if (nextAnswer()) {
        const Answer answer = *nextAnswer();
        nextAnswer().reset();
        QMetaObject::invokeMethod(
            parent, [answer, answered = std::move(answered)] { answered(answer); }, Qt::QueuedConnection);
        return;
    }
    auto* box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(question.title);
    box->setText(question.text);
    box->setInformativeText(question.explanation);
    box->setIconPixmap(widgets::icon(QStringLiteral("warning"), widgets::theme().warn)
                           .pixmap(QSize(32, 32), box->devicePixelRatioF()));
    QPushButton* accept = box->addButton(question.accept, QMessageBox::AcceptRole);
    accept->setProperty("kind", question.destructive ? QStringLiteral("danger") : QStringLiteral("primary"));
    QPushButton* alternative =
        question.alternative.isEmpty() ? nullptr : box->addButton(question.alternative, QMessageBox::ActionRole);
    QPushButton* cancel = question.cancel.isEmpty() ? box->addButton(QMessageBox::Cancel)
                                                    : box->addButton(question.cancel, QMessageBox::RejectRole);
    box->setEscapeButton(cancel);
    box->setDefaultButton(question.destructive ? cancel : accept);
    QObject::connect(box, &QMessageBox::finished, parent, [=, answered = std::move(answered)] {
        const auto* clicked = box->clickedButton();
        answered(clicked == accept                       ? Answer::Accept
                 : alternative && clicked == alternative ? Answer::Alternative
                                                         : Answer::Cancel);
    });
    box->open();
}

void MessageBox::setNextAnswer(Answer answer) {
    nextAnswer() = answer;
}

QString MessageBox::lastText() {
    return lastQuestion();
}

}  // namespace lathe::dialogs

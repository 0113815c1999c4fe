// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Card: a surface panel with a title; what the pages put their panes on. Thread: GUI.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace lathe::widgets {

class Card : public QWidget {
    Q_OBJECT

public:
    /// An empty title leaves the title row out.
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);

    /// Where the content goes; margins and spacing are on the grid already.
    QVBoxLayout* body() const { return m_body; }
    void setTitle(const QString& title);
    /// A small widget at the right end of the title row (a menu button, a number). The card takes it over.
    void setTrailing(QWidget* widget);
    /// Content up to the border: tables and plots.
    void setFlush(bool flush);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_title = nullptr;
    QHBoxLayout* m_head = nullptr;
    QVBoxLayout* m_body = nullptr;
};

}  // namespace lathe::widgets

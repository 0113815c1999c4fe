// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The left rail: one entry per page, in the order of the cycle, and the settings at its foot. Thread: GUI.
#pragma once

#include <QAbstractButton>
#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace lathe::app {

/// An icon over a caption.
class RailButton : public QAbstractButton {
    Q_OBJECT

public:
    RailButton(const QString& iconName, const QString& caption, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

class NavRail : public QWidget {
    Q_OBJECT

public:
    explicit NavRail(QWidget* parent = nullptr);

    void addPage(const QString& id, const QString& iconName, const QString& caption, const QString& tip);
    /// A button at the foot that is not a page.
    RailButton* addTool(const QString& iconName, const QString& caption, const QString& tip);
    void setCurrent(const QString& id);  ///< empty: none
    void setPagesEnabled(bool enabled);
    void clear();

Q_SIGNALS:
    void pageChosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QVBoxLayout* m_pages = nullptr;
    QVBoxLayout* m_tools = nullptr;
    QButtonGroup* m_group = nullptr;
};

}  // namespace lathe::app

// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/label_set_dialog.h"

#include "core/files.h"
#include "corpus/label_set_file.h"
#include "dialogs/file_dialog.h"
#include "dialogs/label_details_pane.h"
#include "itemmodels/label_set_model.h"
#include "session/error_text.h"
#include "session/session.h"
#include "widgets/buttons.h"
#include "widgets/labels.h"
#include "widgets/theme.h"

#include <QColorDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace lathe::dialogs {

using itemmodels::LabelSetModel;
using namespace widgets;

namespace {

constexpr QSize kSize{1060, 620};
constexpr int kDetailsWidth = 300;
constexpr std::uintmax_t kMaxFile = 64 << 20;

QRect centered(const QRect& in, int width, int height) {
    return {in.center().x() - width / 2, in.center().y() - height / 2, width, height};
}

class ColorDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(labelColor(index.data(Qt::EditRole).toString(), index.row()));
        painter->drawEllipse(centered(option.rect, space::groups, space::groups));
        painter->restore();
    }
    // A click opens the menu of colours instead.
    QWidget* createEditor(QWidget*, const QStyleOptionViewItem&, const QModelIndex&) const override { return nullptr; }
};

class KeyDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyleOptionViewItem plain = option;
        initStyleOption(&plain, index);
        plain.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, option.widget);
        const QString key = index.data().toString().toUpper();
        if (!key.isEmpty())
            KeyCap::paint(painter, centered(option.rect, KeyCap::widthFor(key), space::groups + space::inner), key);
    }
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const override {
        auto* editor = new QLineEdit(parent);
        editor->setMaxLength(1);
        editor->setAlignment(Qt::AlignCenter);
        return editor;
    }
};

}  // namespace

LabelSetDialog::LabelSetDialog(session::Session& session, QWidget* parent) : QDialog(parent), m_session(session) {
    setObjectName(QStringLiteral("labelSetDialog"));
    setWindowTitle(tr("Labels"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(kSize);
    m_model = new LabelSetModel(session.labels(), this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::page, space::page, space::page, space::groups);
    column->setSpacing(space::groups);
    column->addWidget(titleLabel(tr("Labels"), this));
    column->addWidget(mutedLabel(tr("A label's key gives it on the Label page. Names may change at any time; what was "
                                    "labelled stays labelled."),
                                 this));
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("labelTable"));
    m_table->setAccessibleName(tr("Labels"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(static_cast<int>(LabelSetModel::Column::Color), new ColorDelegate(m_table));
    m_table->setItemDelegateForColumn(static_cast<int>(LabelSetModel::Column::Key), new KeyDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(space::control + space::inner);
    QHeaderView* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->resizeSection(static_cast<int>(LabelSetModel::Column::Color), space::control * 2);
    header->resizeSection(static_cast<int>(LabelSetModel::Column::Key), space::control * 2);
    header->resizeSection(static_cast<int>(LabelSetModel::Column::Name), space::control * 6);
    header->resizeSection(static_cast<int>(LabelSetModel::Column::Samples), space::control * 2);
    header->setSectionResizeMode(static_cast<int>(LabelSetModel::Column::Guideline), QHeaderView::Stretch);
    auto* middle = new QHBoxLayout;
    middle->setSpacing(space::groups);
    m_details = new LabelDetailsPane(*m_model, this);
    m_details->setFixedWidth(kDetailsWidth);
    middle->addWidget(m_table, 1);
    middle->addWidget(m_details);
    column->addLayout(middle, 1);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::between);
    auto* add = plainButton(tr("Add a label"), QStringLiteral("add"), this);
    add->setObjectName(QStringLiteral("addLabel"));
    m_remove = quietButton(tr("Remove"), QStringLiteral("remove"), this);
    m_remove->setObjectName(QStringLiteral("removeLabel"));
    m_problem = bodyLabel({}, this);
    m_problem->setObjectName(QStringLiteral("labelProblem"));
    m_problem->setWordWrap(true);
    setTone(m_problem, Tone::Bad);
    auto* open = quietButton(tr("Take from a file…"), QStringLiteral("open"), this);
    open->setObjectName(QStringLiteral("openLabelSet"));
    auto* keep = quietButton(tr("Save as a file…"), QStringLiteral("export"), this);
    keep->setObjectName(QStringLiteral("saveLabelSet"));
    row->addWidget(add);
    row->addWidget(m_remove);
    row->addWidget(open);
    row->addWidget(keep);
    row->addWidget(m_problem, 1);
    auto* cancel = plainButton(tr("Cancel"), {}, this);
    m_save = primaryButton(tr("Save"), {}, this);
    m_save->setObjectName(QStringLiteral("saveLabels"));
    row->addWidget(cancel);
    row->addWidget(m_save);
    column->addLayout(row);

    connect(add, &QPushButton::clicked, this, &LabelSetDialog::addLabel);
    connect(m_remove, &QPushButton::clicked, this, &LabelSetDialog::removeLabel);
    connect(open, &QPushButton::clicked, this, &LabelSetDialog::openFile);
    connect(keep, &QPushButton::clicked, this, &LabelSetDialog::saveFile);
    connect(m_save, &QPushButton::clicked, this, &LabelSetDialog::save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_table, &QTableView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == static_cast<int>(LabelSetModel::Column::Color))
            chooseColor(index.row());
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, &LabelSetDialog::refresh);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &LabelSetDialog::refresh);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &LabelSetDialog::refresh);
    if (m_model->rowCount() == 0)
        addLabel();
    else
        m_table->selectRow(0);
    refresh();
}

void LabelSetDialog::addLabel() {
    const int row = m_model->addLabel();
    const QModelIndex name = m_model->index(row, static_cast<int>(LabelSetModel::Column::Name));
    m_table->setCurrentIndex(name);
    m_table->scrollTo(name);
    m_table->edit(name);
}

void LabelSetDialog::removeLabel() {
    m_model->removeLabel(m_table->currentIndex().row());
}

void LabelSetDialog::chooseColor(int row) {
    const QModelIndex index = m_model->index(row, static_cast<int>(LabelSetModel::Column::Color));
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const QColor& color) {
        QPixmap dot(space::groups, space::groups);
        dot.fill(Qt::transparent);
        QPainter painter(&dot);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(dot.rect());
        painter.end();
        const QString name = color.name().toUpper();
        connect(menu->addAction(QIcon(dot), name), &QAction::triggered, this,
                [this, index, name] { m_model->setData(index, name); });
    };
    for (const QColor& color : theme().series)
        add(color);
    menu->addSeparator();
    connect(menu->addAction(tr("Another colour…")), &QAction::triggered, this, [this, index] {
        auto* dialog = new QColorDialog(QColor(index.data(Qt::EditRole).toString()), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QColorDialog::colorSelected, this,
                [this, index](const QColor& color) { m_model->setData(index, color.name()); });
        dialog->open();
    });
    menu->popup(m_table->viewport()->mapToGlobal(m_table->visualRect(index).bottomLeft()));
}

void LabelSetDialog::refresh() {
    const QString problem = m_model->problem();
    m_problem->setText(problem);
    m_save->setEnabled(problem.isEmpty() && m_model->isChanged());
    const int row = m_table->currentIndex().row();
    m_details->showRow(row);
    const bool removable = m_model->canRemove(row);
    m_remove->setEnabled(removable);
    m_remove->setToolTip(row >= 0 && !removable
                             ? tr("Texts carry this label. Give them another one first (Label page, filter by label).")
                             : tr("Remove the label"));
}

void LabelSetDialog::openFile() {
    FileDialog::openFile(
        this, tr("Take labels from a file"), {}, tr("Label set (*.json);;All files (*)"), [this](const QString& path) {
            const auto json = readFile(path.toStdString(), kMaxFile);
            const auto taken =
                json ? corpus::labelSetFrom(*json) : Result<std::vector<corpus::LabelRecord>>(fail(json.error()));
            if (!taken) {
                m_problem->setText(session::errorText(taken.error()));
                return;
            }
            auto set = m_model->records();
            const corpus::LabelSetChange change = corpus::takeLabelSet(set, *taken);
            m_model->take(set);
            m_table->selectRow(0);
            refresh();
            QStringList told{tr("%1 new, %2 changed.").arg(change.added).arg(change.changed)};
            for (const std::string& note : change.notes)
                told << QString::fromStdString(note);
            if (m_model->problem().isEmpty())
                m_problem->setText(told.join(QLatin1Char('\n')));
        });
}

void LabelSetDialog::saveFile() {
    FileDialog::saveFile(
        this, tr("Save the labels as a file"), QStringLiteral("labels.json"), tr("Label set (*.json)"),
        [this](const QString& path) {
            const auto written = writeFileAtomically(path.toStdString(), corpus::toLabelSetFile(m_model->records()));
            m_problem->setText(written ? tr("Saved: %1").arg(path) : session::errorText(written.error()));
        });
}

void LabelSetDialog::save() {
    if (!m_session.hasProject() || !m_model->problem().isEmpty())
        return;
    const auto saved = m_model->save(m_session.store());
    m_session.notifyLabelsChanged();
    if (!saved) {
        m_problem->setText(session::errorText(saved.error()));
        return;
    }
    accept();
}

}  // namespace lathe::dialogs
